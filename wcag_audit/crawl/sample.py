"""Which of the pages looked at are audited, after WCAG-EM: a structured part (page types, templates, processes) and a random part.

Pure: the same pages and the same seed give the same sample. Templates are clusters of pages whose main content is built alike; they
are told apart as finely as the structured part has room to hold one page of each.
"""

from __future__ import annotations

import itertools
import math
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from wcag_audit.crawl.kinds import kind_names
from wcag_audit.model import Reason

#: Share of the sample drawn by chance, and how many pages that is at least.
RANDOM_SHARE, RANDOM_LEAST = 0.1, 2
#: How alike two pages of one template are at least.
ALIKE = 0.5
#: Templates compared with each page at the most.
_MOST_TEMPLATES = 200
#: What each unit of a ranking has audited where a quota is asked for without numbers.
STANDARD_QUOTA: Mapping[str, int] = {
    "home": 1, "login": 1, "search": 1, "procedure-list": 2, "procedure-detail": 4, "e-form": 2, "look-up": 2, "help": 1, "contact": 1,
    "legal": 1, "feedback": 1, "accessibility": 1, "sitemap": 1,
}  # fmt: skip


#: Weight from which on a page is of a type beyond doubt.
CERTAIN = 6
#: Reasons of pages that need no choosing.
START, GIVEN = Reason(id="start"), Reason(id="given")


class Candidate(NamedTuple):
    """A page that could be audited. ``kinds`` are weights by page type; ``frame``: it stands in other pages; ``turn``: how many pages
    with an address like it were known before. ``referrer`` and ``words``: the page and the link that lead there."""

    key: str
    place: int
    depth: int
    kinds: Mapping[str, int]
    paths: tuple[int, ...]
    frame: bool = False
    turn: int = 0
    referrer: str = ""
    words: str = ""


class Chosen(NamedTuple):
    """A page of the sample: whether chance drew it, and why it was chosen."""

    key: str
    random: bool
    reasons: tuple[Reason, ...]


class Sample(NamedTuple):
    """The pages chosen, in order; how many templates were found; the pages found of each type; what a quota could not fill."""

    chosen: list[Chosen]
    templates: int
    kinds: dict[str, int]
    missing: dict[str, int]


def random_number(most: int) -> int:
    """How many pages of a sample of ``most`` chance draws."""
    return 0 if most <= RANDOM_LEAST else max(RANDOM_LEAST, math.ceil(most * RANDOM_SHARE))


def choose(
    candidates: Sequence[Candidate],
    most: int,
    seed: int,
    quota: Mapping[str, int] | None = None,
    already: Mapping[str, tuple[Reason, ...]] = MappingProxyType({}),
) -> Sample:
    """A sample of at most ``most`` pages; with a ``quota`` (pages by type), as many of each type as it says, and the random part.
    ``already`` are pages that are in, with their reasons."""
    drawn = random_number(sum(quota.values()) if quota is not None else most)
    pages = sorted((one for one in candidates if not one.frame), key=lambda one: one.place)
    frames = sorted((one for one in candidates if one.frame), key=lambda one: one.place)
    found = Counter(kind for one in pages for kind in one.kinds)
    order = {one.key: number for number, one in enumerate((*pages, *frames))}
    picked: dict[str, list[Reason]] = {key: list(reasons) for key, reasons in already.items()}
    missing: dict[str, int] = {}
    if quota is not None:
        groups = templates(pages, len(pages))
        for kind, wanted in quota.items():
            got = _of_kind(pages, kind, wanted, picked)
            if got < wanted:
                missing[kind] = wanted - got
    else:
        room = max(1, most - drawn)
        _one_of_each_kind(pages, room, picked)
        groups = templates(pages, room, set(picked))
        _one_of_each_template(groups, room, picked)
        _processes(pages, room, picked)
        _fill(groups, frames, room, picked)
    rest = [one.key for one in (*pages, *frames) if one.key not in picked]
    chance = random.Random(seed).sample(rest, min(drawn, len(rest)))
    chosen = [Chosen(key, False, tuple(reasons)) for key, reasons in picked.items()]
    chosen += [Chosen(key, True, (Reason(id="random", detail=str(seed)),)) for key in sorted(chance, key=order.__getitem__)]
    return Sample(chosen, len(groups), {kind: found[kind] for kind in kind_names() if found[kind]}, missing)


def certain(candidates: Iterable[Candidate], covered: set[str]) -> list[Chosen]:
    """Pages that are of a type beyond doubt where the type is not ``covered`` yet: they need not wait for the rest to be looked at."""
    found: list[Chosen] = []
    candidates = list(candidates)
    for kind in kind_names():
        best = _best(candidates, kind)
        if kind not in covered and best and best[0].kinds[kind] >= CERTAIN and best[0].key not in [one.key for one in found]:
            found.append(Chosen(best[0].key, False, (_kind_reason(kind),)))
    return found


def replacements(left: Sequence[Candidate], structured: int, drawn: int, seed: int) -> list[Chosen]:
    """Further pages where so many of either part could not be audited: in the order of discovery, and drawn by chance."""
    rest = sorted(left, key=lambda one: (one.frame, one.place))
    chosen = [Chosen(one.key, False, (Reason(id="replacement"),)) for one in rest[:structured]]
    pool = [one.key for one in rest[structured:]]
    chance = random.Random(f"{seed}/{len(left)}").sample(pool, min(drawn, len(pool)))
    return chosen + [Chosen(key, True, (Reason(id="random", detail=str(seed)),)) for key in chance]


def _kind_reason(kind: str) -> Reason:
    return Reason(id=f"kind_{kind.replace('-', '_')}")


def best(pages: Iterable[Candidate], kind: str) -> Candidate:
    """The page that is a page of a type most surely, and nearest to the start."""
    return _best(pages, kind)[0]


def _best(pages: Iterable[Candidate], kind: str) -> list[Candidate]:
    return sorted((one for one in pages if one.kinds.get(kind)), key=lambda one: (-one.kinds[kind], one.depth, one.place))


def _one_of_each_kind(pages: Sequence[Candidate], room: int, picked: dict[str, list[Reason]]) -> None:
    """The best page of each type; a page that is already in for another type, where it is as good."""
    for kind in kind_names():
        best = _best(pages, kind)
        if not best:
            continue
        page = next((one for one in best if one.key in picked and one.kinds[kind] >= min(CERTAIN, best[0].kinds[kind])), best[0])
        if page.key in picked or len(picked) < room:
            _because(picked, page.key, _kind_reason(kind))


def _because(picked: dict[str, list[Reason]], key: str, reason: Reason) -> None:
    reasons = picked.setdefault(key, [])
    if reason not in reasons:
        reasons.append(reason)


def _of_kind(pages: Sequence[Candidate], kind: str, wanted: int, picked: dict[str, list[Reason]]) -> int:
    """Pick so many pages of a type, each page for one type only; how many there were."""
    reason = _kind_reason(kind)
    there = sum(1 for reasons in picked.values() if reason in reasons)
    free = [one for one in _best(pages, kind) if one.key not in picked][: max(0, wanted - there)]
    for page in free:
        picked[page.key] = [reason]
    return there + len(free)


def _one_of_each_template(groups: Sequence[Sequence[Candidate]], room: int, picked: dict[str, list[Reason]]) -> None:
    for number, group in enumerate(groups, 1):
        there = next((one for one in group if one.key in picked), None)
        if there is None and len(picked) < room:
            there = group[0]
        if there is not None:
            _because(picked, there.key, Reason(id="template", detail=str(number)))


def _processes(pages: Sequence[Candidate], room: int, picked: dict[str, list[Reason]]) -> None:
    """Complete processes: from each e-form in the sample, the steps that its own links lead to."""
    by_key = {one.key: one for one in pages}
    steps = [by_key[key] for key in picked if "e-form" in by_key[key].kinds]
    for step in steps:
        for one in pages:
            if one.referrer == step.key and is_step(one.words) and one.key not in picked and len(picked) < room:
                picked[one.key] = [Reason(id="process", detail=step.key)]
                steps.append(one)


def is_step(words: str) -> bool:
    """Whether the words of a link lead on within a process."""
    from wcag_audit.phrases import phrases

    return bool(phrases("next_steps").found_in(words))


def _fill(groups: Sequence[Sequence[Candidate]], frames: Sequence[Candidate], room: int, picked: dict[str, list[Reason]]) -> None:
    """Further pages in turn from each template; then documents that stand in frames."""
    waiting = [sorted((one for one in group if one.key not in picked), key=lambda one: (one.turn, one.place)) for group in groups]
    while any(waiting) and len(picked) < room:
        for number, group in enumerate(waiting, 1):
            if group and len(picked) < room:
                picked[group.pop(0).key] = [Reason(id="more", detail=str(number))]
    for one in frames[: max(0, room - len(picked))]:
        picked[one.key] = [Reason(id="frame", detail=one.referrer)]


# -- templates ---------------------------------------------------------------------------------------------------------


def templates(pages: Sequence[Candidate], room: int, picked: set[str] | frozenset[str] = frozenset()) -> list[list[Candidate]]:
    """Clusters of pages that are built alike, in the order of their first pages. Where ``room`` cannot hold a page of each beside the
    pages that are ``picked`` anyway, the clusters most alike count as one."""
    weights = _weights(pages)
    groups = list(_clusters(pages, weights, ALIKE))
    leaders = [frozenset(group[0].paths) for group in groups]
    pairs = ((likeness(leaders[a], leaders[b], weights), a, b) for a, b in itertools.combinations(range(len(groups)), 2))
    merged = {number: [number] for number in range(len(groups))}
    held = {number for number, group in enumerate(groups) if any(one.key in picked for one in group)}
    free = max(0, room - len(picked))
    open_ones = len(groups) - len(held)
    for _, a, b in sorted(pairs, key=lambda pair: (-pair[0], pair[1:])) if open_ones > free else ():
        if open_ones <= free:
            break
        one, other = (next(root for root, members in merged.items() if number in members) for number in (a, b))
        if one == other or (one in held and other in held):
            continue
        merged[min(one, other)] += merged.pop(max(one, other))
        if one in held or other in held:
            held.add(min(one, other))
        open_ones -= 1
    together = [[page for number in members for page in groups[number]] for members in merged.values()]
    return [sorted(group, key=lambda one: one.place) for group in sorted(together, key=lambda group: min(one.place for one in group))]


def _weights(pages: Sequence[Candidate]) -> dict[int, float]:
    """How much each place of elements tells: what stands on every page tells nothing."""
    number = Counter(path for one in pages for path in one.paths)
    return {path: math.log((1 + len(pages)) / count) for path, count in number.items()}


def _clusters(pages: Sequence[Candidate], weights: Mapping[int, float], alike: float) -> Iterator[list[Candidate]]:
    leaders: list[frozenset[int]] = []
    groups: list[list[Candidate]] = []
    for one in pages:
        paths = frozenset(one.paths)
        near = [(likeness(paths, leader, weights), -number) for number, leader in enumerate(leaders)]
        best, number = max(near, default=(0.0, 0))
        if near and (best >= alike or len(leaders) >= _MOST_TEMPLATES):
            groups[-number].append(one)
        else:
            leaders.append(paths)
            groups.append([one])
    yield from groups


def likeness(one: frozenset[int], other: frozenset[int], weights: Mapping[int, float] | None = None) -> float:
    """How alike two pages are built, from 0 to 1: what they share of what either has, weighted."""
    both, either = one & other, one | other
    if weights is None:
        return len(both) / len(either) if either else 1.0
    whole = sum(weights[path] for path in either)
    return sum(weights[path] for path in both) / whole if whole else 1.0
