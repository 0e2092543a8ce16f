"""What a sample says of its portal: how large a part it is, what chance found that choosing missed, and how sure that is. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

import msgspec

from wcag_audit.locale import word
from wcag_audit.model import Crawled, PageResult, PageState, Sampling, Text, Verdict, fill

#: Chance that the true share lies outside the bounds.
ALPHA = 0.05
RANDOM = "random"


def interval(failing: int, sampled: int, population: int) -> tuple[float, float]:
    """Bounds (95 %) of the share of failing pages in a population from which ``sampled`` pages were drawn by chance.

    0 in n means at most about 3/n. Otherwise the interval of Clopper and Pearson with the population taken as finite: the tails are
    those of the hypergeometric instead of the binomial distribution. Raises ValueError where the numbers cannot be.
    """
    if not 0 <= failing <= sampled <= population or not sampled:
        raise ValueError(f"{failing} of {sampled} of {population}")
    if sampled == population:
        return failing / population, failing / population
    if failing == 0:
        return 0.0, min(1.0, 3 / sampled, (population - sampled) / population)
    clean = population - sampled + failing
    # The smallest and the largest number of failing pages with which such a draw is not too unlikely.
    least = _first(failing, clean, lambda total: 1 - _tail(failing - 1, sampled, total, population) > ALPHA / 2)
    if failing == sampled:
        return least / population, 1.0
    most = _first(failing, clean, lambda total: _tail(failing, sampled, total, population) <= ALPHA / 2) - 1
    return least / population, max(failing, most) / population


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The first number from ``low`` on for which a test holds that holds for all greater ones; ``high + 1`` where none does."""
    high += 1
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _tail(most: int, sampled: int, failing: int, population: int) -> float:
    """How likely a draw of ``sampled`` pages holds at most ``most`` of the ``failing`` ones."""
    whole = _choose(population, sampled)
    first = max(0, sampled - (population - failing))
    return sum(math.exp(_choose(failing, k) + _choose(population - failing, sampled - k) - whole) for k in range(first, most + 1))


def _choose(n: int, k: int) -> float:
    """The logarithm of n over k; minus infinity where there is no way."""
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) if 0 <= k <= n else -math.inf


def sampling(pages: Sequence[PageResult], crawled: Crawled, seed: int) -> Sampling:
    """What the audited pages say of the portal that the crawl saw."""
    audited = [one for one in pages if one.page.state is PageState.AUDITED]
    drawn = [one for one in audited if _is_random(one)]
    structured = [one for one in audited if not _is_random(one)]
    failing = [one for one in drawn if _failed(one)]
    known = set().union(*(_failed(one) for one in structured)) if structured else set()
    rest = max(crawled.looked - sum(one.pages for one in crawled.unseen) - len(structured), len(drawn))
    bounds = interval(len(failing), len(drawn), rest) if drawn else None
    found = Sampling(
        crawled=crawled,
        structured=len(structured),
        random=len(drawn),
        random_failing=len(failing),
        random_only=tuple(sorted({criterion for one in failing for criterion in _failed(one)} - known)),
        share=round(min(1.0, len(audited) / crawled.seen), 4) if crawled.seen else None,
        least=round(bounds[0], 4) if bounds else None,
        most=round(bounds[1], 4) if bounds else None,
    )
    return msgspec.structs.replace(found, statements=tuple(_statements(found, seed, rest)))


def _is_random(one: PageResult) -> bool:
    return any(reason.id == RANDOM for reason in one.page.reasons)


def _failed(one: PageResult) -> set[str]:
    return {criterion for criterion, verdict in one.criteria.items() if verdict is Verdict.FAILED}


def _statements(found: Sampling, seed: int, rest: int) -> Iterable[Text]:
    crawled = found.crawled
    if not crawled.seen:
        return

    def say(name: str, **values: object) -> Text:
        return fill(word("sampling", name), {key: str(value) for key, value in values.items()})

    audited = found.structured + found.random
    yield say("size", seen=crawled.seen, looked=crawled.looked, audited=audited, templates=crawled.templates)
    if found.random and found.least is not None and found.most is not None:
        bounds = {**_percent("least", found.least), **_percent("most", found.most)}
        name = "random_failing" if found.random_failing else "random_clean"
        yield fill(
            word("sampling", name),
            {"n": str(found.random), "k": str(found.random_failing), "rest": str(rest), "seed": str(seed), **bounds},
        )
    if found.random_only:
        yield say("random_only", criteria=", ".join(found.random_only))
    if crawled.excluded:
        yield say("excluded", n=crawled.excluded)
    for one in crawled.unseen:
        state = word("page_states", one.state)
        text = fill(word("sampling", "unseen"), {"n": str(one.pages), "state.vi": state.vi, "state.en": state.en})
        yield fill(text, {"example": one.example})
    if crawled.ended:
        yield say(f"ended_{crawled.ended}")
    if crawled.refused:
        yield say("slowed", n=crawled.refused, seconds=crawled.waited)
    if crawled.document_count:
        yield say("documents", n=crawled.document_count)
    if crawled.post_count:
        yield say("posts", n=crawled.post_count)
    if crawled.missing:
        yield say("missing", kinds=", ".join(f"{kind}: {number}" for kind, number in crawled.missing.items()))


def _percent(name: str, share: float) -> dict[str, str]:
    text = f"{share * 100:.1f}".removesuffix(".0")
    return {f"{name}.vi": text.replace(".", ",") + "%", f"{name}.en": text + "%"}
