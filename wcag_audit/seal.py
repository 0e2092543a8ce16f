"""The seal of a batch: checksums of everything in it, in the format of ``sha256sum``, so that anyone can verify it without this program."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from wcag_audit.model import Text
from wcag_audit.store import RunError, write_whole

NAME = "SHA256SUMS"
#: What says nothing of a round: who was at which portal.
_LEFT_OUT = ("locks",)
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


def seal(folder: Path) -> str:
    """Write the seal of a folder; the checksum of the seal itself, by which it can be published."""
    lines = [f"{digest(path)}  {path.relative_to(folder).as_posix()}" for path in _files(folder)]
    content = "".join(f"{line}\n" for line in lines).encode("utf-8")
    write_whole(folder / NAME, content)
    return hashlib.sha256(content).hexdigest()


def verify(folder: Path) -> list[Text]:
    """What differs from the seal: files changed, missing or added. Raises RunError where the seal cannot be read."""
    sealed = _sealed(folder / NAME)
    found = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
    told = [Text(f"{name}: thiếu", f"{name}: missing") for name in sealed if name not in found]
    told += [Text(f"{name}: thêm vào sau khi niêm phong", f"{name}: added after sealing") for name in found if name not in sealed]
    told += [Text(f"{name}: đã thay đổi", f"{name}: changed") for name in sealed if name in found and digest(found[name]) != sealed[name]]
    return told


def _files(folder: Path) -> Iterator[Path]:
    """Every file of the round, in a fixed order."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and inside.parts[0] not in _LEFT_OUT and inside.as_posix() != NAME:
            yield path


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sealed(path: Path) -> dict[str, str]:
    """File → checksum."""
    try:
        lines = [_LINE.fullmatch(line) for line in path.read_text("utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise RunError(Text(f"{path}: không đọc được ({error}).", f"{path}: cannot be read ({error}).")) from error
    if not lines or not all(lines):
        raise RunError(Text(f"{path}: không phải tệp niêm phong.", f"{path}: not a seal."))
    return {line[2]: line[1] for line in lines if line}
