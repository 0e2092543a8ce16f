"""The roster: which portals a batch audits, as a CSV or TOML file that anyone can edit. docs/roster.md tells the columns.

The roster of the 84 portals of 2024 ships as ``roster.csv``. It is data: no address in it was checked by us.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import msgspec

from wcag_audit.model import BadInput, Portal, Struct, Text, nfc

BLOCKS = ("ministry", "province", "other")
URL_STATUSES = ("", "checked", "seen", "weak", "unverified")
#: The vendor of a portal that its own unit built.
SELF_BUILT = "Tự xây dựng"

_COLUMNS = (
    "id", "name_vi", "name_en", "block", "vendor", "url", "url_status", "valid_from", "valid_to", "successor", "auth", "rate", "pages",
    "note",
)  # fmt: skip
_REQUIRED = ("id", "name_vi", "url")
_PUBLISHED = re.compile(r"(rank|grade)_(\d{4})")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
#: No roster is larger: every commune of the country has fewer than a third of it.
_MAX_BYTES = 20_000_000


class RosterError(BadInput):
    """A roster that cannot be read; the line names file and row."""


class Standing(Struct):
    """What a published round says of a unit: its rank within its block, and the grade of the whole evaluation (A to E)."""

    rank: int | None = None
    grade: str = ""


class Unit(Struct):
    """A unit (bộ, ngành, địa phương) with its portal.

    ``url_status`` is ``checked`` (it answered when the roster was edited), ``seen`` (in public material), ``weak``, ``unverified``
    (made from the usual pattern) or empty. ``valid_from`` and ``valid_to`` are the first and last day of the unit (ISO 8601), empty
    where open; ``successor`` is the id of the unit that took its place. ``auth`` is a file beside the roster (by its path from then on),
    ``pages`` are the addresses of such a file, ``rate`` is pages a minute at the most. ``published`` are earlier rounds, by year.
    """

    id: str
    name: Text
    url: str
    block: str = "other"
    vendor: str = ""
    url_status: str = ""
    valid_from: str = ""
    valid_to: str = ""
    successor: str = ""
    auth: str = ""
    rate: float | None = None
    pages: tuple[str, ...] = ()
    note: str = ""
    published: dict[str, Standing] = msgspec.field(default_factory=dict)

    @property
    def portal(self) -> Portal:
        return Portal(id=self.id, name=self.name.vi, url=self.url, block=self.block, vendor=self.vendor)

    def in_force(self, day: date) -> bool:
        """Whether the unit exists on a day."""
        return (self.valid_from or "0") <= day.isoformat() <= (self.valid_to or "9")


class _WrongError(Exception):
    """A value that is not what is expected there."""

    def __init__(self, where: str, expected: Text) -> None:
        super().__init__(where)
        self.where = where
        self.expected = expected


def read_roster(path: Path | None = None) -> tuple[Unit, ...]:
    """The units of a roster file (CSV, or TOML with ``[[portal]]`` tables), in its order; the shipped roster without a path.

    Raises RosterError.
    """
    name = str(path) if path else "roster.csv"
    try:
        content = path.read_bytes() if path else resources.files(__package__).joinpath("roster.csv").read_bytes()
    except OSError as error:
        raise _error(f"{name}: không đọc được ({error.strerror}).", f"{name}: cannot be read ({error.strerror}).") from error
    try:
        if len(content) > _MAX_BYTES:
            _refuse("", "một tệp nhỏ hơn 20 MB", "a file smaller than 20 MB")
        text = content.decode("utf-8-sig")
        rows = _toml_rows(text) if path is not None and path.suffix.lower() == ".toml" else _csv_rows(text)
        return _units(rows, path.parent if path else Path())
    except _WrongError as error:
        where = f"{name}{error.where}"
        raise _error(f"{where}: cần {error.expected.vi}.", f"{where}: expected {error.expected.en}.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, csv.Error) as error:
        raise _error(
            f"{name}: không phải tệp CSV hoặc TOML bằng UTF-8 ({error}).", f"{name}: neither CSV nor TOML in UTF-8 ({error})."
        ) from error


def _error(vi: str, en: str) -> RosterError:
    return RosterError(Text(" ".join(vi.split()), " ".join(en.split())))


def _refuse(where: str, vi: str, en: str) -> NoReturn:
    raise _WrongError(where, Text(vi, en))


def _csv_rows(text: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every row with where it stands."""
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    _known_columns(reader.fieldnames or (), ", 1")
    for row in reader:
        where = f", {reader.line_num}"
        if None in row or None in row.values():
            _refuse(where, f"{len(reader.fieldnames or ())} ô", f"{len(reader.fieldnames or ())} cells")
        yield where, {key: nfc(value) for key, value in row.items()}


def _toml_rows(text: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    data = tomllib.loads(text)
    tables = data.pop("portal", None)
    if data or not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        _refuse("", "chỉ các bảng [[portal]]", "nothing but [[portal]] tables")
    for number, table in enumerate(tables, 1):
        where = f", [[portal]] {number}"
        _known_columns(table, where)
        for key, value in table.items():
            if isinstance(value, bool | dict | list):
                _refuse(f"{where}, {key}", "một chuỗi hoặc một số", "a text or a number")
        yield where, {key: nfc(str(value)) for key, value in table.items()}


def _known_columns(columns: Iterable[str], where: str) -> None:
    for column in columns:
        if column not in _COLUMNS and not _PUBLISHED.fullmatch(column):
            _refuse(f"{where}, {column}", f"một trong các cột {', '.join(_COLUMNS)}", f"one of the columns {', '.join(_COLUMNS)}")


def _units(rows: Iterable[tuple[str, Mapping[str, str]]], folder: Path) -> tuple[Unit, ...]:
    units: dict[str, Unit] = {}
    for where, row in rows:
        unit = _unit(row, where, folder)
        if unit.id in units:
            _refuse(f"{where}, id", f"một id chưa có, không phải {unit.id}", f"an id of its own, not {unit.id} again")
        units[unit.id] = unit
    if not units:
        _refuse("", "ít nhất một cổng", "at least one portal")
    for unit in units.values():
        if unit.successor and unit.successor not in units:
            after = unit.successor
            _refuse(f", {unit.id}, successor", f"id của một đơn vị trong tệp, không phải {after}", f"a unit of this file, not {after}")
    return tuple(units.values())


def _unit(row: Mapping[str, str], where: str, folder: Path) -> Unit:
    for key in _REQUIRED:
        if not row.get(key):
            _refuse(f"{where}, {key}", "giá trị bắt buộc này", "this value, which is required")
    if not _ID.fullmatch(row["id"]):
        _refuse(f"{where}, id", "chữ thường không dấu, chữ số và gạch nối", "lower-case letters, digits and hyphens")
    parts = urlsplit(row["url"])
    if parts.scheme not in ("http", "https") or not parts.hostname:
        _refuse(f"{where}, url", "địa chỉ http:// hoặc https://", "an address that starts with http:// or https://")
    return Unit(
        id=row["id"],
        name=Text(row["name_vi"], row.get("name_en") or row["name_vi"]),
        url=row["url"],
        block=_one_of(row.get("block") or "other", BLOCKS, f"{where}, block"),
        vendor=row.get("vendor", ""),
        url_status=_one_of(row.get("url_status", ""), URL_STATUSES, f"{where}, url_status"),
        valid_from=_day(row.get("valid_from", ""), f"{where}, valid_from"),
        valid_to=_day(row.get("valid_to", ""), f"{where}, valid_to"),
        successor=row.get("successor", ""),
        auth=_file(row.get("auth", ""), folder, f"{where}, auth"),
        rate=_rate(row.get("rate", ""), f"{where}, rate"),
        pages=_addresses(_file(row.get("pages", ""), folder, f"{where}, pages"), f"{where}, pages"),
        note=row.get("note", ""),
        published=_published(row, where),
    )


def _one_of(value: str, known: Sequence[str], where: str) -> str:
    if value not in known:
        named = ", ".join(filter(None, known))
        _refuse(where, f"một trong {named}", f"one of {named}")
    return value


def _day(value: str, where: str) -> str:
    try:
        return date.fromisoformat(value).isoformat() if value else ""
    except ValueError:
        _refuse(where, "ngày dạng 2025-07-01", "a day such as 2025-07-01")


def _file(value: str, folder: Path, where: str) -> str:
    if not value:
        return ""
    path = folder / value
    if not path.is_file():
        _refuse(where, f"một tệp có thật, không phải {value}", f"a file that exists, not {value}")
    return str(path.resolve())


def _addresses(path: str, where: str) -> tuple[str, ...]:
    """The addresses of a file as ``--pages`` takes it: one a line; what follows `` #`` is a remark."""
    if not path:
        return ()
    lines = [line.partition(" #")[0].strip() for line in Path(path).read_text("utf-8").splitlines()]
    pages = tuple(dict.fromkeys(line for line in lines if line and not line.startswith("#")))
    if not pages or any(urlsplit(page).scheme not in ("http", "https") for page in pages):
        _refuse(where, f"{path} với mỗi dòng một địa chỉ http(s)", f"{path} with an http(s) address a line")
    return pages


def _rate(value: str, where: str) -> float | None:
    try:
        rate = float(value) if value else None
    except ValueError:
        rate = 0.0
    if rate is not None and not 0 < rate <= 600:
        _refuse(where, "số trang mỗi phút, từ trên 0 đến 600", "pages a minute, above 0 and up to 600")
    return rate


def _published(row: Mapping[str, str], where: str) -> dict[str, Standing]:
    found: dict[str, dict[str, Any]] = {}
    for column, value in row.items():
        if value and (match := _PUBLISHED.fullmatch(column)):
            found.setdefault(match[2], {})[match[1]] = _standing(match[1], value, f"{where}, {column}")
    return {year: Standing(**found[year]) for year in sorted(found)}


def _standing(what: str, value: str, where: str) -> int | str:
    if what == "grade":
        return _one_of(value, ("A", "B", "C", "D", "E"), where)
    if not value.isdecimal() or int(value) < 1:
        _refuse(where, "thứ hạng từ 1 trở lên", "a rank from 1 upwards")
    return int(value)


def choose(units: Sequence[Unit], only: Sequence[str] = (), block: str = "", vendor: str = "") -> tuple[Unit, ...]:
    """The units asked for: by id, block and vendor (case and diacritics as they are). Raises RosterError where nothing is left."""
    known = {unit.id for unit in units}
    if unknown := [id for id in only if id not in known]:
        named = ", ".join(unknown)
        raise _error(f"--only {named}: danh sách cổng không có id này.", f"--only {named}: no such id in the roster.")
    chosen = tuple(
        unit
        for unit in units
        if (not only or unit.id in only)
        and (not block or unit.block == block)
        and (not vendor or nfc(vendor).casefold() == nfc(unit.vendor).casefold())
    )
    if not chosen:
        raise _error(
            "không còn cổng nào sau khi lọc: hãy xem lại --only, --block, --vendor.",
            "no portal is left: look at --only, --block, --vendor again.",
        )
    return chosen
