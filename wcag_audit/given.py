"""The pages, files and folders that a user names, and the server that files need.

Imports next to nothing, so that what is wrong with them is told before the rest is loaded.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from wcag_audit.model import BadInput, Text

if TYPE_CHECKING:
    from wcag_audit.serve import Served

_PAGES = (".html", ".htm", ".xhtml")


def is_address(text: str, schemes: Sequence[str] = ("http", "https")) -> bool:
    """Whether a text is an address that one can go to: with one of the schemes, a host, and a port that is one if any."""
    try:
        parts = urlsplit(text)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


class InputError(BadInput):
    """A page, folder or manifest that cannot be used."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(Text(vi, en))


@dataclass(frozen=True)
class Given:
    """A page as the user named it: an address, or a file below a folder that has to be served."""

    name: str
    url: str = ""
    root: Path | None = None
    path: str = ""


def given_pages(arguments: Iterable[str]) -> list[Given]:
    """The pages that arguments name: URLs, HTML files, or folders (every HTML file in them). Raises InputError."""
    found: list[Given] = []
    for argument in arguments:
        if is_address(argument):
            found.append(Given(argument, url=argument))
            continue
        path = Path(argument)
        if path.is_dir():
            files = sorted(file for file in path.rglob("*") if file.suffix.lower() in _PAGES)
            if not files:
                raise InputError(f"{path}: thư mục không có tệp HTML nào.", f"{path}: there is no HTML file in this folder.")
            found.extend(Given(str(file), root=path, path=file.relative_to(path).as_posix()) for file in files)
        elif path.is_file():
            # A page in or below the working folder may refer to files beside and above it.
            root = Path.cwd() if path.resolve().is_relative_to(Path.cwd().resolve()) else path.resolve().parent
            found.append(Given(argument, root=root, path=path.resolve().relative_to(root.resolve()).as_posix()))
        else:
            raise InputError(
                f"{argument}: không có tệp, thư mục này, cũng không phải địa chỉ http(s).",
                f"{argument}: no such file or folder, and no http(s) URL.",
            )
    return found


def read_manifest(path: Path) -> list[Given]:
    """The distinct files of a manifest: a JSON list of objects with ``file``, relative to the manifest. Raises InputError."""
    try:
        rows: Any = json.loads(path.read_text("utf-8"))
        if not isinstance(rows, list) or not rows:
            raise TypeError("not a list, or an empty one")
        files = list(dict.fromkeys(row["file"] for row in rows))
    except OSError as error:
        raise InputError(f"{path}: không đọc được ({error.strerror}).", f"{path}: cannot be read ({error.strerror}).") from error
    except (ValueError, TypeError, KeyError) as error:
        raise InputError(
            f"{path}: tệp kê khai phải là danh sách JSON gồm các đối tượng có “file” ({error}).",
            f"{path}: a manifest must be a JSON list of objects with “file” ({error}).",
        ) from error
    if not all(isinstance(file, str) for file in files):
        raise InputError(f"{path}: “file” phải là chuỗi ký tự.", f"{path}: “file” must be a string.")
    return [Given(file, root=path.parent, path=file) for file in files]


@contextmanager
def addresses(pages: Sequence[Given]) -> Iterator[list[str]]:
    """Serve the folders that pages lie in, and give every page's address."""
    with ExitStack() as stack:
        roots = {page.root for page in pages if page.root is not None}
        bases = {root: stack.enter_context(_served(root)).url for root in sorted(roots)}
        yield [page.url if page.root is None else bases[page.root] + quote(page.path, safe="/?=&#%") for page in pages]


def _served(root: Path) -> AbstractContextManager[Served]:
    from wcag_audit.serve import FolderSite, serving

    return serving(FolderSite(root))
