"""The picture of a page: all of it down to a limit, and nothing of what stands in its fields."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from tests.browsing import Browsing
from wcag_audit.browser.port import BrowserError
from wcag_audit.dom import Dom
from wcag_audit.gather import picture

PAGE = """<!doctype html><html lang="vi"><title>Hồ sơ</title>
<style>
body { margin: 0; height: 6500px; background: #fff } input, textarea { font: 40px monospace; width: 500px; border: 0; color: #f00 }
</style>
<p style="height: 40px; margin: 0"><input value="001203004567"></p>
<p style="height: 60px; margin: 0"><input placeholder="Số hồ sơ"></p>
<textarea style="height: 90px; display: block">Nguyễn Thị Bí Mật</textarea>
<iframe style="border: 0; width: 600px; height: 90px" srcdoc="<input style='font: 40px monospace; color: red' value='0912345678'>"></iframe>
<div style="position: absolute; top: 3000px; left: 100px; width: 300px; height: 80px; background: #00f"></div>
"""


@pytest.fixture(scope="module")
def taken(browsing: Browsing, tmp_path_factory: pytest.TempPathFactory) -> tuple[Image.Image, dict[str, object]]:
    file = tmp_path_factory.mktemp("page") / "page.html"
    file.write_text(PAGE, "utf-8")
    found = browsing.visit(file.as_uri(), static=("dom", "screenshot"))
    assert found.screenshot is not None
    data = found.snapshot.artifacts["screenshot"].data
    return Image.open(io.BytesIO(found.screenshot)).convert("RGB"), data


def reds(image: Image.Image, top: int, bottom: int) -> int:
    return sum(1 for r, g, b in image.crop((0, top, image.width, bottom)).get_flattened_data() if r > 150 and g < 110 and b < 110)


def test_the_picture_reaches_below_the_window_down_to_a_limit(taken: tuple[Image.Image, dict[str, object]]) -> None:
    image, data = taken
    assert image.size == (1280, picture.MAX_HEIGHT) and data["size"] == [1280, picture.MAX_HEIGHT]
    red, green, blue = image.getpixel((250, 3040))  # type: ignore[misc]
    assert blue > 200 and red < 60 and green < 60, "an element far below the window is where its box says"


def test_nothing_that_stands_in_a_field_shows(taken: tuple[Image.Image, dict[str, object]]) -> None:
    image, data = taken
    assert data["covered"] == 3, "two fields and one in a frame; the empty one is shown as it is"
    assert reds(image, 0, 300) == 0


def test_an_element_in_a_frame_is_found_in_the_picture(tmp_path: Path, browsing: Browsing) -> None:
    image = "<img alt='' style='width: 80px; height: 50px; background: #00f'>"
    aside = "<p style='position: absolute; top: 0; left: -900px; width: 200px'>trái"
    inner = f"<body style='margin: 0'><p style='height: 30px; margin: 0'>một</p>{image}<p style='margin-top: 1500px'>xa{aside}"
    page = f"""<!doctype html><html lang="vi"><title>Hồ sơ</title><body style="margin: 0"><h1 style="height: 100px; margin: 0">Hồ sơ</h1>
      <iframe style="border: 7px solid #000; margin-left: 40px; width: 600px; height: 300px" srcdoc="{inner}"></iframe>"""
    (tmp_path / "page.html").write_text(page, "utf-8")
    found = browsing.visit((tmp_path / "page.html").as_uri(), static=("dom", "screenshot"))
    assert found.screenshot is not None
    tree = Dom(found.snapshot.artifacts["dom"].data)
    shown = tree.target(tree.all("img")[0]).shown
    assert shown is not None
    picture_of_it = Image.open(io.BytesIO(found.screenshot)).convert("RGB")
    for x, y, inside in ((5, 5, True), (75, 45, True), (-5, 5, False), (85, 45, False), (5, -5, False)):
        red, _, blue = picture_of_it.getpixel((round(shown.x) + x, round(shown.y) + y))  # type: ignore[misc]
        assert (blue > 200 and red < 60) is inside
    assert tree.target(tree.all("p")[1]).shown is None, "scrolled out of sight"
    assert tree.target(tree.all("p")[2]).shown is None, "beyond the frame's left edge"
    assert tree.target(tree.all("h1")[0]).shown is None, "box tells it"


def test_uncovered_the_words_would_show() -> None:
    """What the test above looks for is there: red letters on white."""
    image = Image.new("RGB", (200, 60), "white")
    ImageDraw.Draw(image).text((10, 10), "001203004567", fill="#ff0000")
    written = io.BytesIO()
    image.save(written, "JPEG", quality=90)
    assert reds(Image.open(io.BytesIO(written.getvalue())).convert("RGB"), 0, 60) > 10
    covered = picture.covered(written.getvalue(), [(8, 8, 150, 20)])
    assert reds(Image.open(io.BytesIO(covered)).convert("RGB"), 0, 60) == 0


def test_fields_in_frames_are_covered_where_they_stand_on_the_page() -> None:
    field = {"t": "input", "b": [5, 6, 70, 8], "st": {"filled": 1}}
    tree = {
        "frames": [{"first": 0, "owner": None}, {"first": 2, "owner": 1}, {"first": 4, "owner": 3}],
        "nodes": [{"b": [0, 0, 9, 9]}, {"b": [100, 200, 9, 9]}, {"b": [0, 0, 9, 9]}, {"b": [10, 20, 9, 9]}, {"b": [0, 0, 9, 9]}, field],
    }
    assert picture.filled_fields(tree) == [(115, 226, 70, 8)]


def test_a_page_that_was_not_read_to_its_end_has_no_picture() -> None:
    frame = {"first": 0, "owner": None, "truncated": "nodes: more than 25000", "document": {"size": [1280, 90_000]}}
    tree = {"frames": [frame], "nodes": [{"b": [0, 0, 9, 9]}]}
    with pytest.raises(BrowserError, match="cannot be covered"):
        asyncio.run(picture.record(object(), tree))  # type: ignore[arg-type]  # it is not asked for anything
