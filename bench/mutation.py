"""Do fingerprints survive what changes from build to build, and tell apart what is different? (``make mutation``)

Every page of the fixture portals is frozen as a browser shows it, served, and gathered. Then what is served is changed in one of
the ways of ``SURVIVAL``, gathered again, and each finding that is still found on its element must have its fingerprint. Last,
defects are planted (``plant``): no two that are different may share a fingerprint, and a twin may only raise the count.

Each element carries a mark that no rule reads, so that it is known again whatever changed.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path

from bs4 import BeautifulSoup, NavigableString, Tag

from wcag_audit.audit import Pool, Settings, visit_and_judge
from wcag_audit.model import Outcome, Page, Verdict
from wcag_audit.rule import Rule
from wcag_audit.rules import catalogue
from wcag_audit.score import load_profile
from wcag_audit.serve import NOT_FOUND, PortalSite, Request, Response, serving

PORTALS = Path(__file__).resolve().parent.parent / "fixtures" / "portals"
MARK = "data-mark"
_IN_MARKUP = re.compile(rf'{MARK}="([\w-]+)"')
_REFERENCES = (
    *("for", "headers", "list", "form"),
    *("aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-activedescendant"),
)
_LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
#: Parents into which anything may be put.
_FLOW = ("div", "section", "article", "main", "body", "form", "aside", "header", "footer", "td", "fieldset")
#: Roles of elements that are what stands in them.
_CONTROLS = ("button", "link", "tab", "menuitem", "option", "checkbox", "radio", "switch", "img", "heading")

Soup = BeautifulSoup
Mutation = Callable[[Soup, random.Random], int]


def word(chance: random.Random, length: int) -> str:
    """A made-up name such as a build makes: never without a digit and a capital."""
    letters = [chance.choice(_LETTERS) for _ in range(length - 2)] + [chance.choice("ABCDEFGH"), chance.choice("23456789")]
    chance.shuffle(letters)
    return "".join(letters)


def elements(soup: Soup, *tags: str) -> list[Tag]:
    body = soup.body
    return [] if body is None else [one for one in body.find_all(tags or True) if isinstance(one, Tag)]


# -- what a build, a framework and a day write into a page; run with another seed, they write it anew ------------------------


def set_ids(soup: Soup, chance: random.Random) -> int:
    """Every id gets a new ending, and so does every reference to it."""
    ids = {str(one["id"]): f"{re.sub(r'__id.*', '', str(one['id']))}__id{word(chance, 6)}" for one in soup.find_all(id=True)}
    for one in soup.find_all(True):
        if "id" in one.attrs:
            one["id"] = ids[str(one["id"])]
        for name in _REFERENCES:
            if name in one.attrs:
                given = one[name] if isinstance(one[name], list) else str(one[name]).split()
                one[name] = " ".join(ids.get(str(value), str(value)) for value in given)
        if str(one.get("href", "")).startswith("#"):
            one["href"] = "#" + ids.get(str(one["href"])[1:], str(one["href"])[1:])
    return len(ids)


def set_classes(soup: Soup, chance: random.Random) -> int:
    """A class as CSS modules, Vite, styled-components, Emotion, JSS, Svelte, Angular or styled-jsx make it, on every element."""
    families: Sequence[Callable[[str], list[str]]] = (
        lambda stem: [f"{stem}__{''.join(chance.choices(_LETTERS, k=5))}"],
        lambda stem: [f"_{stem}_{''.join(chance.choices(_LETTERS, k=5)).lower()}_{chance.randrange(1, 400)}"],
        lambda stem: [f"{stem}_{stem}__{word(chance, 5)}"],
        lambda stem: [f"sc-{word(chance, 6)}", word(chance, 6)],
        lambda stem: [f"css-{chance.randrange(36**6)}{word(chance, 3).lower()}"],
        lambda stem: [f"makeStyles-{stem}-{chance.randrange(1, 999)}"],
        lambda stem: [f"svelte-{chance.randrange(10)}{word(chance, 5).lower()}"],
        lambda stem: [f"ng-tns-c{chance.randrange(10, 999)}-{chance.randrange(99)}", "ng-star-inserted"],
        lambda stem: [f"jsx-{chance.randrange(10**8, 10**9)}"],
    )
    for number, one in enumerate(elements(soup)):
        kept = [name for name in _classes(one) if name not in str(one.get("data-made", "")).split()]
        made = families[number % len(families)](re.sub(r"\W", "", kept[0]) if kept else one.name)
        one["data-made"] = " ".join(made)
        one["class"] = " ".join([*kept, *made])
    return len(elements(soup))


def set_framework(soup: Soup, chance: random.Random) -> int:
    """Attributes and names of Angular, Vue, Liferay, ASP.NET and JSF."""
    angular, vue = f"_ngcontent-{word(chance, 3).lower()}-c{chance.randrange(10, 999)}", f"data-v-{chance.randrange(16**8):08x}"
    count = 0
    for one in elements(soup):
        for name in [name for name in one.attrs if name.startswith(("_ngcontent", "data-v-"))]:
            del one[name]
        one[angular] = one[vue] = ""
        count += 1
        if one.get("name") and one.name in ("input", "select", "textarea", "button"):
            own = re.split(r"[$:]|_INSTANCE_\w{4}_", str(one["name"]))[-1]
            made = (f"ctl00$ctl{chance.randrange(10, 99)}$", f"j_idt{chance.randrange(10, 999)}:", f"_101_INSTANCE_{word(chance, 4)}_")
            # Fields of one group keep one name: the framework makes it from the group's own.
            one["name"] = made[sum(map(ord, own)) % 3] + own
    return count


def set_counters(soup: Soup, chance: random.Random) -> int:
    """A counter, a date or a time behind texts."""
    count = 0
    for text in [*(soup.body or soup).find_all(string=True)]:
        plain = re.sub(r" \u2063.*", "", str(text)).rstrip()
        parent = text.parent
        if not plain.strip() or parent is None or parent.name in ("script", "style", "option", "textarea") or len(plain) > 80:
            continue
        made = (
            f"({chance.randrange(1, 20000)})",
            f"{chance.randrange(1, 29)}/{chance.randrange(1, 13)}/20{chance.randrange(20, 40)}",
            f"{chance.randrange(1, 23)}:{chance.randrange(10, 59)}, {chance.randrange(1, 28)}-{chance.randrange(1, 12)}-2026",
            f"{chance.randrange(2, 50)} {chance.choice(['phút', 'giờ', 'ngày', 'tháng'])} trước",
            f"{chance.choice(['Thứ hai', 'Thứ tư', 'Chủ nhật'])}, ngày {chance.randrange(1, 28)}",
        )
        text.replace_with(NavigableString(f"{plain} \u2063{made[len(plain) % len(made)]}"))
        count += 1
    return count


def break_things(soup: Soup) -> None:
    """More defects than the portals have: pictures, frames and fields lose their names."""
    for one in elements(soup, "img", "iframe", "input", "select", "textarea"):
        for name in ("alt", "title", "aria-label", "aria-labelledby", "placeholder"):
            one.attrs.pop(name, None)
    for one in elements(soup, "label")[::2]:
        one.attrs.pop("for", None)


# -- what people change ------------------------------------------------------------------------------------------------------


def add_siblings(soup: Soup, chance: random.Random) -> int:
    """New neighbours before and after what stands there, and more items in lists and tables."""
    made = ("<div></div>", "<p>Nội dung mới được thêm vào.</p>", "<span></span>", '<div class="moi"><p>Một phần mới</p></div>', "<hr>")
    fixed = ("legend", "td", "tr")
    places = [one for one in elements(soup) if one.name not in fixed and _is_flow(one.parent)]
    chosen = chance.sample(places, min(len(places), 60))
    for number, one in enumerate(chosen):
        new = BeautifulSoup(made[number % len(made)], "html.parser").find(True)
        assert new is not None
        (one.insert_before if number % 2 else one.insert_after)(new)
    return len(chosen) + _add_items(soup, chance)


def _is_flow(one: Tag | None) -> bool:
    """Whether anything may be put into it; what is put into a control changes the control."""
    return one is not None and one.name in _FLOW and not any(_operable(around) for around in (one, *one.parents))


def _add_items(soup: Soup, chance: random.Random) -> int:
    """One more item in lists and tables, made as the others are; none with a field, whose label would then belong to two."""
    rows = [one.find_all(["li", "tr"], recursive=False) for one in elements(soup, "ul", "ol", "tbody")]
    items = [item for row in rows if len(row) > 1 and isinstance(item := chance.choice(row), Tag)]
    chosen = [item for item in items if not item.find(["input", "select", "textarea", "label"])][:10]
    for item in chosen:
        new = copy(item)
        _strip(new)
        item.insert_after(new)
    return len(chosen)


def move_components(soup: Soup, chance: random.Random) -> int:
    """Whole components to another place of the page: into another column, behind, or in a wrapper of their own."""
    body = soup.body
    if body is None:
        return 0
    large = [one for one in elements(soup, "div", "section", "form", "ul", "nav", "table", "aside") if _movable(one)]
    chance.shuffle(large)
    moved: list[Tag] = []
    for one in large:
        if len(moved) >= 14 or any(one in other.parents or other in one.parents for other in moved):
            continue
        wrapper = soup.new_tag("div", attrs={"class": chance.choice(["khu-vuc-moi", "cot-phai", "noi-khac"])})
        places = [place for place in elements(soup, "div", "main", "section", "footer") if _takes(place, one, moved)]
        place = chance.choice(places) if places else body
        one.extract()
        wrapper.append(one)
        place.append(wrapper)
        moved.append(one)
    return len(moved)


def _classes(one: Tag) -> list[str]:
    given = one.get("class") or []
    return given.split() if isinstance(given, str) else [str(name) for name in given]


def _movable(one: Tag) -> bool:
    """A component: a form, table or list, or what has a class or heading of its own; small enough not to be the page."""
    named = one.name in ("form", "table", "ul", "nav") or bool(_classes(one))
    return named and 2 <= len(one.find_all(True)) <= 60 and one.parent is not None and one.parent.name in _FLOW


def _takes(place: Tag, one: Tag, moved: list[Tag]) -> bool:
    """Whether a component may go there: not into itself, nor into a form, table or control, nor into what may be hidden."""
    way = [place, *place.parents]
    outside = all(other not in way for other in (one, *moved)) and place is not one.parent
    closed = ("form", "table", "ul", "p", "label", "a", "button")
    return outside and not any(_hides(parent) or parent.name in closed or _operable(parent) for parent in way)


def _operable(one: Tag) -> bool:
    return one.get("role") in _CONTROLS or any(name in one.attrs for name in ("onclick", "tabindex", "contenteditable"))


def _hides(one: Tag) -> bool:
    return one.get("hidden") is not None or bool(one.get("aria-hidden")) or "display" in str(one.get("style", ""))


def rebuild_wrappers(soup: Soup, chance: random.Random) -> int:
    """Other tags for the large parts (``header`` → ``div``), and new elements around what stands in them."""
    count = 0
    for one in elements(soup, "header", "footer", "section", "article"):
        if not one.get("role"):
            one.name = "div" if one.name in ("header", "footer") else chance.choice(["div", "section"])
            count += 1
    for one in chance.sample(wide := elements(soup, "ul", "form", "p", "table", "h2"), min(len(wide), 30)):
        if one.parent is not None and one.parent.name in ("div", "section", "main", "body"):
            one.wrap(soup.new_tag("div"))
            count += 1
    return count


#: What must not change a fingerprint.
SURVIVAL: dict[str, Mutation] = {
    "ids": set_ids,
    "generated classes": set_classes,
    "framework attributes and names": set_framework,
    "added siblings": add_siblings,
    "counters, dates, times": set_counters,
    "moved components": move_components,
    "rebuilt wrappers": rebuild_wrappers,
}

#: The kind of change that is no change of what stands there.
PLANTED = "planted defects"

# -- planted defects ---------------------------------------------------------------------------------------------------------

_SNIPPETS = (
    '<img src="/moi/{word}.png" width="40" height="40">',
    '<p><a href="/moi/{word}"><i class="bieu-tuong"></i></a></p>',
    '<p><input type="text" name="{word}"></p>',
    '<button type="button"><svg width="9" height="9"><path d="M{number} 3 2 12"></path></svg></button>',
    '<iframe src="/moi/{word}.html" width="9" height="9"></iframe>',
    '<p><select name="{word}"><option>Một</option></select></p>',
)


@dataclass
class Planted:
    """What was planted: marks of defects of their own, and for each twin its original."""

    own: set[str] = field(default_factory=set)
    twins: dict[str, str] = field(default_factory=dict)


def plant(soup: Soup, chance: random.Random, defective: Sequence[str]) -> Planted:
    """New defects: of the same kind with other content, exact copies of present ones in another component, and twins."""
    planted = Planted()
    places = [one for one in elements(soup, "div", "section", "main", "footer", "form") if _shown(one)]
    # What is put into an element with a defect of its own changes that defect.
    places = [one for one in places if not {str(part.get(MARK)) for part in (one, *one.parents)} & set(defective)]
    for number in range(12):
        if not places:
            break
        text = _SNIPPETS[number % len(_SNIPPETS)].format(word=re.sub(r"\d", "", word(chance, 9)).lower(), number=chance.randrange(10**6))
        _put(chance.choice(places), _copies(text), f"own-{number}", planted)
    marked = {str(one[MARK]): one for one in elements(soup) if one.get(MARK)}
    sources = [marked[mark] for mark in dict.fromkeys(defective) if mark in marked]
    sources = [one for one in sources if one.name in ("img", "a", "iframe", "button")]
    for number, source in enumerate(chance.sample(sources, min(len(sources), 6))):
        place = soup.new_tag("div", attrs={"class": f"noi-moi-{'abcdef'[number]}"})
        (soup.body or soup).append(place)
        _put(place, copy(source), f"copy-{number}", planted)
    for number, source in enumerate(chance.sample(sources, min(len(sources), 3))):
        twin = copy(source)
        _strip(twin)
        twin[MARK] = f"twin-{number}"
        source.insert_after(twin)
        planted.twins[f"twin-{number}"] = str(source[MARK])
    return planted


def _shown(one: Tag) -> bool:
    closed = ("label", "a", "button", "fieldset", "details", "dialog")
    return not any(_hides(parent) or parent.name in closed for parent in (one, *one.parents))


def _copies(markup: str) -> Tag:
    found = BeautifulSoup(markup, "html.parser").find(True)
    assert isinstance(found, Tag)
    return found


def _strip(one: Tag) -> None:
    for part in (one, *one.find_all(True)):
        part.attrs.pop("id", None)
        part.attrs.pop(MARK, None)


def _put(place: Tag, new: Tag, mark: str, planted: Planted) -> None:
    _strip(new)
    for number, part in enumerate((new, *new.find_all(True))):
        part.attrs = {MARK: f"{mark}-{number}", **part.attrs}
        planted.own.add(f"{mark}-{number}")
    place.append(new)


# -- serving and gathering ---------------------------------------------------------------------------------------------------


class Pages:
    """Serves what is put in ``pages``; everything else comes from the portal behind it, where there is one."""

    def __init__(self, site: PortalSite | None = None) -> None:
        self.site = site
        self.pages: dict[str, str] = {}

    def respond(self, request: Request) -> Response:
        page = self.pages.get(request.path)
        if page is not None:
            return Response(200, page.encode("utf-8"))
        return self.site.respond(request) if self.site is not None else NOT_FOUND


@dataclass
class Gatherer:
    """Gathers and judges what stands at an address, at static depth."""

    pool: Pool
    settings: Settings
    rules: Sequence[Rule]

    async def findings(self, url: str) -> list[Outcome]:
        found, judged = await visit_and_judge(
            self.pool, Page(id="page", requested=url), self.settings, self.rules, lambda _: True, isolated=True
        )
        if "axe" not in found.snapshot.artifacts or any(one.error for one in found.snapshot.artifacts.values()):
            raise RuntimeError(f"{url}: {found.snapshot.page.state} {found.snapshot.page.detail}")
        return [one for one in judged.outcomes if one.verdict in (Verdict.FAILED, Verdict.CANT_TELL)]

    async def freeze(self, url: str) -> str:
        """The page as the browser shows it, without scripts, every element with its mark."""
        browser = await self.pool.start()
        tab = await browser.new_page(isolated=True)
        try:
            await tab.open(url, 30)
            await tab.settle(10)
            soup = BeautifulSoup(str(await tab.evaluate("document.documentElement.outerHTML")), "html5lib")
        finally:
            await tab.close()
        for script in soup.find_all(["script", "noscript", "base"]):
            script.decompose()
        for number, one in enumerate(soup.find_all(True)):
            # First, so that it stands in the excerpt that reports keep.
            one.attrs = {MARK: str(number), **one.attrs}
        return "<!DOCTYPE html>" + str(soup.html)


@contextmanager
def gatherer() -> Iterator[tuple[asyncio.AbstractEventLoop, Gatherer]]:
    settings = Settings(profile=load_profile("mic-2024"), depth="static", probes=(), static=("source", "dom", "axe"))
    loop = asyncio.new_event_loop()
    pool = Pool(settings)
    try:
        yield loop, Gatherer(pool, settings, catalogue())
    finally:
        loop.run_until_complete(pool.close())
        loop.close()


@dataclass
class Tally:
    """What one kind of change did: pages gathered, changes made, findings compared, survived, no longer found."""

    pages: int = 0
    changes: int = 0
    compared: int = 0
    survived: int = 0
    gone: int = 0
    lost: list[str] = field(default_factory=list)


@dataclass
class Collisions:
    """Planted defects that were found, twins among them, and what went wrong."""

    planted: int = 0
    twins: int = 0
    wrong: list[str] = field(default_factory=list)


def mark_of(outcome: Outcome) -> str:
    found = _IN_MARKUP.search(outcome.target.html) if outcome.target is not None else None
    return found[1] if found else ""


def _keyed(outcomes: Sequence[Outcome]) -> dict[tuple[str, str, str, str], Outcome]:
    """Findings by rule, message and marked element; what stands at no element is left out."""
    return {(one.rule, one.message, one.verdict.value, mark_of(one)): one for one in outcomes if mark_of(one)}


def compare(tally: Tally, where: str, before: Sequence[Outcome], after: Sequence[Outcome]) -> None:
    """Count the findings of one page before and after a change."""
    known, again = _keyed(before), _keyed(after)
    for key, outcome in known.items():
        if key not in again:
            tally.gone += 1
            continue
        tally.compared += 1
        same = again[key].fingerprint == outcome.fingerprint
        tally.survived += same
        if not same:
            tally.lost.append(f"{where} {key}: {_changed(outcome, again[key])}")


def _changed(before: Outcome, after: Outcome) -> str:
    """What of two findings on one element made their fingerprints differ: what it is, or else where it stands."""
    one, other = before.target, after.target
    if one is None or other is None:
        return "the element"
    return f"{one.identity} → {other.identity}" if one.identity != other.identity else f"{one.identity}, at {one.path} → {other.path}"


def collide(count: Collisions, where: str, before: Sequence[Outcome], after: Sequence[Outcome], planted: Planted) -> None:
    """Count planted findings, and every fingerprint that two different defects share or that a twin does not."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in after:
        groups[outcome.fingerprint].append(outcome)
    by_key = _keyed(after)
    for outcome in after:
        mark = mark_of(outcome)
        if mark in planted.own:
            count.planted += 1
            others = [one for one in groups[outcome.fingerprint] if mark_of(one) != mark]
            count.wrong.extend(f"{where} {outcome.rule} {mark} shares with {mark_of(one)}: {one.target}" for one in others)
        elif mark in planted.twins:
            count.twins += 1
            original = by_key.get((outcome.rule, outcome.message, outcome.verdict.value, planted.twins[mark]))
            if original is None or original.fingerprint != outcome.fingerprint:
                count.wrong.append(f"{where} {outcome.rule} {mark} is not told as a twin: {outcome.target}")
    # Whatever is planted leaves every known defect known, as far as it is still found on its element.
    lost = {one.fingerprint: key for key, one in _keyed(before).items() if key in by_key and one.fingerprint not in groups}
    count.wrong.extend(f"{where} {key} is no longer known" for key in lost.values())


def prepared(frozen: str) -> str:
    """A frozen page as the first build serves it."""
    soup = BeautifulSoup(frozen, "html5lib")
    break_things(soup)
    for name in ("ids", "generated classes", "framework attributes and names", "counters, dates, times"):
        SURVIVAL[name](soup, random.Random(1))
    return str(soup)


def try_page(
    loop: asyncio.AbstractEventLoop,
    gather: Gatherer,
    site: Pages,
    base: str,
    path: str,
    tallies: dict[str, Tally],
    count: Collisions | None,
    seed: int,
) -> None:
    """One page: frozen, gathered, changed in every way of ``tallies``, and planted with defects where they are counted."""
    site.pages.pop(path, None)
    url = base.rstrip("/") + path
    first = prepared(loop.run_until_complete(gather.freeze(url)))
    site.pages[path] = first
    before = loop.run_until_complete(gather.findings(url))
    for number, (name, mutate) in enumerate(SURVIVAL.items()):
        if (tally := tallies.get(name)) is None:
            continue
        soup = BeautifulSoup(first, "html5lib")
        tally.changes += mutate(soup, random.Random(seed * 1000 + number))
        tally.pages += 1
        site.pages[path] = str(soup)
        compare(tally, path, before, loop.run_until_complete(gather.findings(url)))
    if count is None:
        return
    soup = BeautifulSoup(first, "html5lib")
    planted = plant(soup, random.Random(seed), [mark_of(one) for one in before])
    site.pages[path] = str(soup)
    collide(count, path, before, loop.run_until_complete(gather.findings(url)), planted)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--portal", action="append", help="a fixture portal (all five)")
    parser.add_argument("--path", action="append", help="a page by its path (all)")
    parser.add_argument("--pages", type=int, default=0, help="pages of each portal, spread over it (all)")
    parser.add_argument("--kind", action="append", choices=[*SURVIVAL, PLANTED], help="a kind of change (all)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--verbose", action="store_true", help="print what was lost")
    given = parser.parse_args()
    kinds = given.kind or [*SURVIVAL, PLANTED]
    tallies = {name: Tally() for name in SURVIVAL if name in kinds}
    count = Collisions() if PLANTED in kinds else None
    with gatherer() as (loop, gather):
        for name in given.portal or sorted(path.name for path in PORTALS.iterdir() if path.is_dir()):
            portal = PortalSite(PORTALS / name)
            site = Pages(portal)
            with serving(site) as served:
                rows = [row for row in portal.config["page"] if not {"redirect", "status", "type"} & set(row)]
                step = max(1, len(rows) // given.pages) if given.pages else 1
                for number, row in enumerate(rows[::step][: given.pages or None]):
                    if given.path and row["path"] not in given.path:
                        continue
                    try_page(loop, gather, site, served.url, row["path"], tallies, count, given.seed + number)
            print(f"{name}: done", file=sys.stderr, flush=True)
    raise SystemExit(report(tallies, count, given.verbose))


def report(tallies: dict[str, Tally], count: Collisions | None, verbose: bool) -> int:
    """Print the figures; 1 where a fingerprint broke its promise."""
    print(f"{'change':32} {'pages':>6} {'changes':>8} {'findings':>9} {'survived':>9}")
    bad = False
    for name, tally in tallies.items():
        share = tally.survived / tally.compared if tally.compared else 0.0
        bad = bad or share < 0.99
        print(f"{name:32} {tally.pages:6} {tally.changes:8} {tally.compared:9} {share:9.2%}  ({tally.gone} no longer found)")
        if verbose:
            print(*(f"    {line}" for line in tally.lost[:60]), sep="\n")
    if count is None:
        return int(bad)
    print(f"planted defects: {count.planted} findings, {count.twins} of twins; collisions: {len(count.wrong)}")
    if verbose or count.wrong:
        print(*(f"    {line}" for line in count.wrong[:40]), sep="\n")
    return int(bad or bool(count.wrong))


if __name__ == "__main__":
    main()
