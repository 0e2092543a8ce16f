"""``wcag-audit.toml``: the options of ``wcag-audit ci`` as a project keeps them, and the file that ``init`` writes."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Any

from wcag_audit.model import BadInput, Text

FILE = "wcag-audit.toml"


class ConfigError(BadInput):
    """A configuration that cannot be used."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(Text(vi, en))


def read_config(path: Path, options: Collection[str]) -> dict[str, Any]:
    """Option → value, every option written as on the command line without its dashes (``pages`` for the pages).

    Raises ConfigError where the file is not there, is no TOML, or names an option that is not one of ``options``.
    """
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(
            f"{path}: không đọc được ({error.strerror}); hãy tạo bằng “wcag-audit init”.",
            f"{path}: cannot be read ({error.strerror}); make one with “wcag-audit init”.",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: không phải TOML hợp lệ ({error}).", f"{path}: not valid TOML ({error}).") from error
    for name, value in found.items():
        if name not in options:
            known = ", ".join(sorted(options))
            raise ConfigError(f"{path}: không có tùy chọn “{name}”; có: {known}.", f"{path}: there is no option “{name}”; use {known}.")
        if isinstance(value, dict):
            raise ConfigError(f"{path}: “{name}” không nhận bảng.", f"{path}: “{name}” takes no table.")
    return found


TEMPLATE = {
    "vi": """\
# Cấu hình của “wcag-audit ci”. Mỗi dòng là một tùy chọn của dòng lệnh, không có hai gạch ở đầu; dòng lệnh có quyền ưu tiên.
# Xem mọi tùy chọn: wcag-audit ci --help

# Các trang cần kiểm tra: địa chỉ, tệp HTML hoặc thư mục đã build.
pages = ["http://127.0.0.1:4173/"]

# Máy chủ của dự án: được bật trước khi kiểm tra và tắt sau đó.
# start = "npm run preview"
# wait-on = "http://127.0.0.1:4173/"

# Đi theo liên kết từ trang đầu tiên thay vì chỉ kiểm tra các trang trên.
# crawl = true
# max-pages = 30

# static: nhanh, những gì thấy được khi trang vừa mở; full: thao tác bằng bàn phím, chuyển động, thời gian.
depth = "static"

# Kích thước màn hình.
# viewport = ["1280x800", "390x844"]

# Lỗi đã biết. Tạo hoặc cập nhật bằng: wcag-audit ci --update-baseline
baseline = "wcag-baseline.json"

# Ngưỡng: new (chỉ lỗi mới làm hỏng pipeline) hoặc any (mọi lỗi).
fail-on = "new"
# min-points = ["mic-2024=5"]
# max-defects = 0
# only = ["perceivable", "2.1.1"]

# Trang không mở được làm lệnh kết thúc với mã 3, trừ khi:
# allow-not-assessed = true

# Tệp kết quả: text, junit, sarif, gitlab, github.
format = ["text", "junit", "sarif"]
out = "wcag-audit-report"
# Giữ ảnh chụp từng trang cho “wcag-audit report”.
# pictures = true

# Mẫu (template) đứng sau địa chỉ, để kết quả chỉ đúng tệp trong kho mã.
# source = ["*/tin-tuc/*=templates/news.html"]

lang = "vi"
""",
    "en": """\
# Configuration of “wcag-audit ci”. A line is an option of the command line without its dashes; the command line goes first.
# All options: wcag-audit ci --help

# The pages to check: addresses, HTML files or a folder that was built.
pages = ["http://127.0.0.1:4173/"]

# The project's own server: started before the check, stopped afterwards.
# start = "npm run preview"
# wait-on = "http://127.0.0.1:4173/"

# Follow links from the first page instead of checking only the pages above.
# crawl = true
# max-pages = 30

# static: fast, what shows once a page has opened; full: with keyboard, motion and time.
depth = "static"

# Viewport sizes.
# viewport = ["1280x800", "390x844"]

# Known defects. Made and brought up to date with: wcag-audit ci --update-baseline
baseline = "wcag-baseline.json"

# Gates: new (only new defects break the pipeline) or any (every defect).
fail-on = "new"
# min-points = ["mic-2024=5"]
# max-defects = 0
# only = ["perceivable", "2.1.1"]

# A page that does not open ends the command with 3, unless:
# allow-not-assessed = true

# Files of results: text, junit, sarif, gitlab, github.
format = ["text", "junit", "sarif"]
out = "wcag-audit-report"
# Keep a picture of each page for “wcag-audit report”.
# pictures = true

# The template behind an address, so that results name the file in the repository.
# source = ["*/tin-tuc/*=templates/news.html"]

lang = "en"
""",
}
