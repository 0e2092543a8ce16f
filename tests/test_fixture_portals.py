"""The fixture portals and their clean twins differ by the listed defects only, and every link inside them leads somewhere."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup

from wcag_audit.serve import PortalSite, Request, read_truth

PORTALS = Path(__file__).parent.parent / "fixtures" / "portals"
NAMES = sorted(path.parent.name for path in PORTALS.glob("*/portal.toml"))
EVIDENCE = {"axe", "snapshot", "recording"}


@cache
def rendered(name: str, active: frozenset[str] | None) -> dict[str, bytes]:
    site = PortalSite(PORTALS / name, active)
    return {path: site.respond(Request("GET", path)).body for path, page in site.pages.items() if "redirect" not in page}


@pytest.mark.parametrize("name", NAMES)
def test_truth_is_well_formed(name: str) -> None:
    site = PortalSite(PORTALS / name)
    ids = [defect.id for defect in site.defects]
    assert len(ids) == len(set(ids))
    for defect in site.defects:
        assert defect.evidence in EVIDENCE, defect.id
        assert (defect.evidence == "axe") == bool(defect.axe), defect.id
        assert defect.criteria and all(re.fullmatch(r"\d\.\d\.\d", c) for c in defect.criteria), defect.id
        assert defect.pages and set(defect.pages) <= set(site.pages), defect.id
        assert defect.what_vi and defect.what_en, defect.id


@pytest.mark.parametrize("name", NAMES)
def test_each_defect_changes_exactly_the_pages_it_lists(name: str) -> None:
    clean = rendered(name, frozenset())
    everything = rendered(name, None)
    defects = read_truth(PORTALS / name)
    for defect in defects:
        alone = rendered(name, frozenset({defect.id}))
        changed = {path for path in clean if alone[path] != clean[path]}
        assert changed == set(defect.pages), f"{name}: {defect.id}"
        without = rendered(name, frozenset(d.id for d in defects if d.id != defect.id))
        assert {path for path in clean if without[path] != everything[path]} == set(defect.pages), f"{name}: {defect.id} is masked"


@pytest.mark.parametrize("active", [None, frozenset()], ids=["defects", "clean"])
@pytest.mark.parametrize("name", NAMES)
def test_local_links_and_resources_exist(name: str, active: frozenset[str] | None) -> None:
    site = PortalSite(PORTALS / name, active)
    status = cache(lambda path: site.respond(Request("GET", path)).status)
    missing = []
    for path, body in rendered(name, active).items():
        if "type" in site.pages[path]:
            continue
        soup = BeautifulSoup(body, "lxml")
        for tag, attribute in (
            ("a", "href"),
            ("img", "src"),
            ("script", "src"),
            ("link", "href"),
            ("iframe", "src"),
            ("source", "src"),
            ("audio", "src"),
            ("video", "src"),
            ("track", "src"),
            ("form", "action"),
            ("area", "href"),
        ):
            for element in soup.find_all(tag):
                value = element.get(attribute)
                if not value or value.startswith(("#", "javascript:", "mailto:", "tel:", "data:", "http:", "https:", "//")):
                    continue
                target = urlsplit(urljoin("http://x" + path, value)).path
                if status(target) == 404:
                    missing.append(f"{path}: <{tag} {attribute}={value}>")
    assert not missing


@pytest.mark.parametrize("name", NAMES)
def test_size(name: str) -> None:
    pages = [page for page in PortalSite(PORTALS / name).pages.values() if "redirect" not in page and "type" not in page]
    assert 8 <= len(pages) <= 30
    heaviest = max(len(BeautifulSoup(body, "lxml").find_all(True)) for body in rendered(name, frozenset()).values())
    assert heaviest >= 1500, f"heaviest page has {heaviest} elements"


def test_together_they_break_all_25_criteria() -> None:
    from wcag_audit.wcag import CRITERIA

    broken = {criterion for name in NAMES for defect in read_truth(PORTALS / name) for criterion in defect.criteria}
    assert broken == set(CRITERIA)
