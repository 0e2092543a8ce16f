"""Synthetic results for the tests of the reports: made as an audit makes them, from outcomes, but without a browser."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from wcag_audit import axe, conclude, score
from wcag_audit.model import (
    RESULT_VERSION,
    Box,
    Environment,
    Message,
    Outcome,
    Page,
    PageResult,
    PageState,
    Portal,
    Reason,
    Result,
    Review,
    RuleInfo,
    Step,
    Target,
    Text,
    Verdict,
)
from wcag_audit.wcag import CRITERIA

#: What a malicious page may put wherever its texts go.
HOSTILE = (
    "<script>window.injected = 1</script>",
    "\"><img src=x onerror='window.injected = 1'>",
    "javascript:window.injected=1",
    "</style></script></title></textarea><svg onload=window.injected=1>",
    "{{ 7 * 7 }}{% raw %}",
    "\u202egnp.exe\u202c \u2066x\u2069",
    "\x00\x1b[31mred\x07\x08",
    "[bold red]markup[/]",
    "'; rm -rf ~ #",
    "x" * 5000,
    "\ud800 lone",
)

OWN = RuleInfo(
    id="menu-by-mouse-only",
    name=Text("Trình đơn con mở được bằng bàn phím", "Submenus open with the keyboard"),
    criteria=("2.1.1",),
    why=Text("Người chỉ dùng bàn phím không mở được trình đơn con.", "People who use only a keyboard cannot open the submenu."),
    act=("0ssw9k",),
    techniques=("F54", "G202"),
    messages={
        "mouse-only": Message(
            what=Text(
                "Trình đơn con “{menu}” chỉ mở khi rê chuột, không mở được bằng bàn phím.", "The submenu “{menu}” opens on hover only."
            ),
            mend=Text(
                "Dùng <button aria-expanded> để mở trình đơn con bằng Enter hoặc phím cách.",
                "Open it with a <button aria-expanded> on Enter or Space.",
            ),
        ),
        "same-captcha": Message(
            what=Text("Có cách xác nhận nào khác ngoài ảnh “{alt}” không?", "Is there a second mode besides the picture “{alt}”?"),
            mend=Text("Nghe thử mã âm thanh hoặc câu hỏi thay thế nếu có.", "Try the audio code or the question, where there is one."),
        ),
    },
)
INFOS = {**axe.rule_infos(), OWN.id: OWN}

PORTAL = Portal(id="an-hai", name="Cổng dịch vụ công tỉnh An Hải", url="https://dichvucong.anhai.gov.vn/", block="province")
ENVIRONMENT = Environment(tool="0.1.0", driver="playwright", browser="Chromium 140.0", axe="4.12.1", seed=7)


def page(number: int, **more: Any) -> Page:
    given = {
        "id": f"p{number:03d}",
        "requested": f"https://dichvucong.anhai.gov.vn/thu-tuc/trang-{number}",
        "title": f"Thủ tục hành chính số {number} - Cổng dịch vụ công tỉnh An Hải",
        "reasons": (Reason(id="link", detail="https://dichvucong.anhai.gov.vn/"),),
        "order": number,
    }
    given["loaded"] = given["requested"]
    return Page(**{**given, **more})


def target(name: str, /, **more: Any) -> Target:
    given = {
        "selector": f"#main > ul.menu > li:nth-child(3) > a.{name}",
        "html": f'<a class="{name}" href="#" onclick="mo()"><img src="/images/{name}.png" class="img-fluid"></a>',
        "box": Box(90, 210, 240, 56),
        "name": name,
        "path": f"main ul li a.{name}",
    }
    return Target(**{**given, **more})


def failure(rule: str, criterion: str, fingerprint: str, page_id: str, **more: Any) -> Outcome:
    given: dict[str, Any] = {
        "rule": rule,
        "criteria": (criterion,),
        "verdict": Verdict.FAILED,
        "fingerprint": fingerprint,
        "page": page_id,
        "target": target("lien-ket"),
        "message": "failed",
        "values": {
            "detail.vi": "phần tử không có thuộc tính alt",
            "detail.en": "the element has no alt attribute",
            "impact": "critical",
            "alt": "∅",
        },
        "sources": ("axe",),
    }
    return Outcome(**{**given, **more})


def result(
    pages: Sequence[Page],
    outcomes: Sequence[Outcome],
    *,
    portal: Portal | None = None,
    reviews: Sequence[Review] = (),
    infos: dict[str, RuleInfo] | None = None,
    assessed: bool = True,
) -> Result:
    """A result from pages and outcomes, by the same functions as an audit's."""
    infos = INFOS if infos is None else infos
    audited = [one for one in pages if one.state is PageState.AUDITED]
    on_pages = {one.id: [outcome for outcome in outcomes if outcome.page == one.id] for one in audited}
    criteria = conclude.criteria(on_pages, [], reviews)
    defects = conclude.defects(outcomes, infos, reviews)
    reason = None if assessed else Text("không kiểm tra được trang nào", "no page could be audited")
    profiles = [score.load_profile(name) for name in ("mic-2024", "mic-2023")]
    scores = tuple(score.score(criteria, profile, len(audited), reason) for profile in profiles)
    return Result(
        schema="https://wcag-audit.example/result.schema.json",
        version=RESULT_VERSION,
        environment=ENVIRONMENT,
        portal=portal or PORTAL,
        profile="mic-2024",
        started="2026-02-03T08:15:00+0700",
        finished="2026-02-03T08:21:40+0700",
        pages=tuple(
            PageResult(
                page=one,
                criteria=conclude.page_criteria(on_pages.get(one.id, [])) if one in audited else {},
                failed=sum(outcome.verdict is Verdict.FAILED for outcome in on_pages.get(one.id, [])),
                open=sum(outcome.verdict is Verdict.CANT_TELL for outcome in on_pages.get(one.id, [])),
            )
            for one in pages
        ),
        criteria=criteria,
        principles=score.principles(criteria, profiles[0], len(audited)),
        scores=scores,
        statements=tuple(
            score.statement(one, len(audited), date(2026, 2, 3), profile) for one, profile in zip(scores, profiles, strict=True)
        ),
        defects=defects,
        rules={id: infos[id] for id in sorted({defect.rule for defect in defects} & infos.keys())},
        questions=conclude.needs_person(criteria, defects),
        seen=412,
        timings={"axe": 8123, "dom": 2210},
    )


def passing(pages: Sequence[Page], criteria: Sequence[str] = tuple(CRITERIA)) -> list[Outcome]:
    return [Outcome(rule="axe/bypass", criteria=(id,), verdict=Verdict.PASSED, page=one.id) for one in pages for id in criteria]


def typical() -> Result:
    """A portal with failures on some criteria, an open question, a recording, an untested criterion, a review and a blocked page."""
    pages = [page(number) for number in range(1, 13)]
    pages.append(page(13, state=PageState.BLOCKED, detail="403", title="", loaded=""))
    audited = pages[:12]
    outcomes = passing(audited, [id for id in CRITERIA if id not in ("1.2.1", "2.2.2")])
    outcomes += [Outcome(rule="axe/blink", criteria=("1.2.1",), verdict=Verdict.INAPPLICABLE, page=one.id) for one in audited]
    outcomes += [
        Outcome(
            rule="axe/blink", criteria=("2.2.2",), verdict=Verdict.UNTESTED, page=one.id,
            values={"reason.vi": "không ghi được chuyển động trên trang", "reason.en": "motion could not be recorded"},
        )
        for one in audited
    ]  # fmt: skip
    outcomes += [failure("axe/image-alt", "1.1.1", "00aa11bb22cc33d1", one.id, target=target("anh-bia")) for one in audited]
    outcomes += [
        failure(
            "axe/label", "1.3.1", "00aa11bb22cc33d2", one.id,
            target=target("o-tim-kiem", html='<input type="text" id="q">', frames=("iframe#eform",), hosts=("dvc-search",)),
        )
        for one in audited[:4]
    ]  # fmt: skip
    outcomes.append(
        failure(
            OWN.id, "2.1.1", "00aa11bb22cc33d3", "p002", message="mouse-only", values={"menu": "Thủ tục"}, sources=("wcag-audit",),
            target=target("thu-tuc", box=Box(420, 20, 160, 44)),
            steps=(
                Step(action="press Tab", reason="reach the menu", at=120),
                Step(action="press Enter", reason="open it", at=340, changed={"expanded": "false"}),
            ),
        )
    )  # fmt: skip
    outcomes.append(failure("axe/document-title", "2.4.2", "00aa11bb22cc33d4", "p003", target=None))
    outcomes.append(
        failure(
            OWN.id, "1.1.1", "00aa11bb22cc33d5", "p004", verdict=Verdict.CANT_TELL, message="same-captcha",
            values={"alt": "mã xác nhận"}, sources=("wcag-audit",), target=target("captcha", box=Box(600, 500, 120, 40)),
        )
    )  # fmt: skip
    outcomes.append(
        failure(
            "axe/aria-hidden-focus", "4.1.2", "00aa11bb22cc33d6", "p005", verdict=Verdict.CANT_TELL, message="open",
            values={"detail.vi": "có phần tử nhận tiêu điểm", "detail.en": "it holds a focusable element"},
        )
    )  # fmt: skip
    reviews = [Review(subject="criterion:1.3.3", verdict=Verdict.PASSED, who="Trần Thị Lan", why="đã đọc mọi hướng dẫn", when="2026-02-04")]
    return result(pages, outcomes, reviews=reviews)


def hostile() -> Result:
    """A portal whose every text attacks."""
    pages = [
        page(number, title=text, requested=text, loaded=text, name=text, detail=text, reasons=(Reason(id="link", detail=text),))
        for number, text in enumerate(HOSTILE, 1)
    ]
    outcomes = [
        failure(
            OWN.id, "2.1.1", f"print {text[:40]}", one.id, message="mouse-only", values={"menu": text, text[:60]: text},
            target=target("x", selector=text, html=text, name=text, frames=(text,), hosts=(text,)),
            steps=(Step(action=text, reason=text, changed={text[:20]: text}),),
        )
        for one, text in zip(pages, HOSTILE, strict=True)
    ]  # fmt: skip
    blocked = page(99, state=PageState.BLOCKED, detail=HOSTILE[0])
    return result([*pages, blocked], outcomes, portal=Portal(id="x", name=HOSTILE[1], url=HOSTILE[2]))


def patterned(others: Sequence[Page] = (), outcomes: Sequence[Outcome] = ()) -> Result:
    """A list of news whose pictures have no alternative, two on each of two pages, one such picture elsewhere, and a question at two
    links of a list."""
    pages = [page(901), page(902)]
    found = [
        failure(
            "axe/image-alt", "1.1.1", f"{number:016x}", f"p90{number % 2 + 1}",
            target=target(f"tin-{number}", path=f"html>body.trang-{number % 2 + 1}>main>ul.tin>li>img"),
        )
        for number in range(1, 5)
    ]  # fmt: skip
    found.append(failure("axe/image-alt", "1.1.1", f"{5:016x}", "p901", target=target("bia", path="html>body.trang-2>header>img")))
    found += [
        failure(
            "axe/aria-hidden-focus", "4.1.2", f"{number:016x}", "p901", verdict=Verdict.CANT_TELL, message="open",
            target=target(f"muc-{number}", path="html>body>nav>ul>li>a"),
        )
        for number in (6, 7)
    ]  # fmt: skip
    return result([*others, *pages], [*passing([*others, *pages]), *outcomes, *found])


def not_assessed() -> Result:
    pages = [page(1, state=PageState.BLOCKED, detail="403 Request blocked", title="", loaded="")]
    return result(pages, [], assessed=False)


def clean() -> Result:
    """A portal on which nothing failed and nothing is left out, with no person's answer yet."""
    pages = [page(number) for number in range(1, 4)]
    return result(pages, passing(pages))


def large(pages: int = 30, defects: int = 100) -> Result:
    sample = [page(number) for number in range(1, pages + 1)]
    ids = list(CRITERIA)
    outcomes = passing(sample)
    for number in range(defects):
        for one in sample[: 1 + number % pages]:
            place = target(f"anh-{number}", box=Box(10, 10, 90, 30))
            outcomes.append(failure("axe/image-alt", ids[number % 25], f"{number:016x}", one.id, target=place))
    return result(sample, outcomes)


def scaled(pages: int = 1000, shared: int = 15, own: int = 5) -> Result:
    """A portal of many pages, each with ``shared`` defects that stand on all of them and ``own`` that stand nowhere else."""
    sample = [page(number) for number in range(1, pages + 1)]
    ids = list(CRITERIA)
    outcomes: list[Outcome] = passing(sample)
    for place, one in enumerate(sample):
        for number in range(shared + own):
            mark = f"{number:016x}" if number < shared else f"{place:08x}{number:08x}"
            where = target(f"anh-{mark.lstrip('0')}", box=Box(10 + number * 8, 40 + number * 60, 90, 30))
            outcomes.append(failure("axe/image-alt", ids[number % 25], mark, one.id, target=where))
    return result(sample, outcomes)
