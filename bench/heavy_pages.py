"""The heaviest page of each fixture portal: what the benches load."""

from __future__ import annotations

from pathlib import Path

PORTALS = Path(__file__).resolve().parent.parent / "fixtures" / "portals"

#: Portal → the path of its page with the most elements.
HEAVY = {
    "bo-nong-thon-so": "thu-tuc",
    "mot-cua-song-bach": "can-bo",
    "so-van-hoa": "tin-tuc",
    "thanh-pho-binh-cang": "thutuc/Pages/danh-sach.aspx",
    "tinh-an-hai": "web/guest/thu-tuc-hanh-chinh",
}
