"""The roster: the 84 that ship, one's own files, and one clear line for each that cannot be read."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from wcag_audit.roster import RosterError, Unit, choose, read_roster


def write(tmp_path: Path, text: str, name: str = "roster.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def test_the_84_that_ship() -> None:
    units = read_roster()
    assert len(units) == 84 and Counter(unit.block for unit in units) == {"ministry": 21, "province": 63}
    assert all(unit.url_status for unit in units) and all(unit.name.en != unit.name.vi for unit in units)
    first = units[0]
    assert (first.id, first.published["2023"].rank, first.published["2024"].grade) == ("bqp", 1, "C")
    newcomer = next(unit for unit in units if unit.id == "ubdt")
    assert "2023" not in newcomer.published and newcomer.published["2024"].rank == 20


def test_toml_says_the_same_as_csv(tmp_path: Path) -> None:
    row = {"id": "mot", "name_vi": "Cổng một", "url": "http://127.0.0.1:1/", "block": "province", "rate": "30", "rank_2024": "2"}
    as_csv = write(tmp_path, f"{','.join(row)}\n{','.join(row.values())}\n")
    keys = "".join(f"{key} = {value if value.isdecimal() else repr(value)}\n" for key, value in row.items())
    as_toml = write(tmp_path, f"[[portal]]\n{keys}", "roster.toml")
    assert read_roster(as_csv) == read_roster(as_toml)
    assert read_roster(as_csv)[0].rate == 30


def test_a_spreadsheets_byte_order_mark_and_decomposed_letters(tmp_path: Path) -> None:
    path = tmp_path / "excel.csv"
    path.write_bytes("id,name_vi,url\r\nmot,To\u0302\u0309ng cu\u0323c,https://a.vn\r\n".encode("utf-8-sig"))
    assert read_roster(path)[0].name.vi == "Tổng cục"


def test_mergers(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "id,name_vi,url,valid_from,valid_to,successor\ncu,Cũ,https://cu.vn,,2025-06-30,moi\nmoi,Mới,https://moi.vn,2025-07-01,,\n",
    )
    old, new = read_roster(path)
    assert old.successor == new.id
    assert [unit.id for unit in (old, new) if unit.in_force(date(2025, 6, 30))] == ["cu"]
    assert [unit.id for unit in (old, new) if unit.in_force(date(2025, 7, 1))] == ["moi"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id,name_vi,url,colour\na,A,https://a.vn,red\n", "1, colour"),
        ("id,name_vi,url\na,A,ftp://a.vn\n", "2, url"),
        ("id,name_vi,url\nA b,A,https://a.vn\n", "2, id"),
        ("id,name_vi,url\n../x,A,https://a.vn\n", "2, id"),
        ("id,name_vi,url\na,,https://a.vn\n", "2, name_vi"),
        ("id,name_vi,url\na,A,https://a.vn\na,B,https://b.vn\n", "3, id"),
        ("id,name_vi,url\na,A\n", "2: expected 3 cells"),
        ("id,name_vi,url\na,A,https://a.vn,more\n", "2: expected 3 cells"),
        ("id,name_vi,url,block\na,A,https://a.vn,county\n", "2, block"),
        ("id,name_vi,url,valid_to\na,A,https://a.vn,30/06/2025\n", "2, valid_to"),
        ("id,name_vi,url,successor\na,A,https://a.vn,b\n", "a, successor"),
        ("id,name_vi,url,auth\na,A,https://a.vn,none.json\n", "2, auth"),
        ("id,name_vi,url,rate\na,A,https://a.vn,fast\n", "2, rate"),
        ("id,name_vi,url,rate\na,A,https://a.vn,nan\n", "2, rate"),
        ("id,name_vi,url,rank_2024\na,A,https://a.vn,0\n", "2, rank_2024"),
        ("id,name_vi,url,grade_2024\na,A,https://a.vn,F\n", "2, grade_2024"),
        ("id,name_vi,url\n", "at least one portal"),
        ("", "at least one portal"),
    ],
)
def test_a_broken_roster_is_told_in_one_line(tmp_path: Path, text: str, says: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(RosterError) as told:
        read_roster(path)
    assert says in told.value.text.en and str(path) in told.value.text.en and "\n" not in told.value.text.vi


@pytest.mark.parametrize(
    "text", ["portal = 3", "[[portal]]\nid = ['a']", "[[portal]]\nid = 'a'\nname_vi = 'A'\nurl = 'x'", "x", "[other]\na = 1"]
)
def test_a_broken_toml_is_told_too(tmp_path: Path, text: str) -> None:
    with pytest.raises(RosterError, match=r"roster\.toml"):
        read_roster(write(tmp_path, text, "roster.toml"))


def test_a_portals_own_files_and_rate(tmp_path: Path) -> None:
    (tmp_path / "auth.json").write_text("{}", "utf-8")
    (tmp_path / "pages.txt").write_text("# trang\nhttps://a.vn/1  # vì sao\n\nhttps://a.vn/2\n", "utf-8")
    path = write(tmp_path, "id,name_vi,url,auth,pages,rate\na,A,https://a.vn,auth.json,pages.txt,12.5\n")
    (unit,) = read_roster(path)
    assert (unit.auth, unit.pages, unit.rate) == (str(tmp_path / "auth.json"), ("https://a.vn/1", "https://a.vn/2"), 12.5)
    (tmp_path / "pages.txt").write_text("a.vn/1\n", "utf-8")
    with pytest.raises(RosterError, match="2, pages"):
        read_roster(path)


def test_no_such_file_and_no_text(tmp_path: Path) -> None:
    with pytest.raises(RosterError, match="cannot be read"):
        read_roster(tmp_path / "none.csv")
    (tmp_path / "bytes.csv").write_bytes(b"id\xff\xfe\x00")
    with pytest.raises(RosterError, match="UTF-8"):
        read_roster(tmp_path / "bytes.csv")


def test_choosing() -> None:
    units = read_roster()

    def ids(found: tuple[Unit, ...]) -> set[str]:
        return {unit.id for unit in found}

    assert len(choose(units, block="ministry")) == 21
    assert len(choose(units, vendor="vnpt")) == 36
    assert ids(choose(units, ("bca", "hanoi"))) == {"bca", "hanoi"}
    with pytest.raises(RosterError, match="atlantis"):
        choose(units, ("atlantis",))
    with pytest.raises(RosterError, match="no portal is left"):
        choose(units, ("hanoi",), block="ministry")


def test_every_column_is_documented(checkout: Path) -> None:
    from wcag_audit import roster

    told = (checkout / "docs" / "roster.md").read_text("utf-8")
    assert all(re.search(rf"`{column}`", told) for column in roster._COLUMNS)
