"""GitHub Actions: annotations as workflow commands, and the step summary in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wcag_audit.ci import Checked, Seen
from wcag_audit.reports.pipeline import file_of, last_line, names, newness, pages_of, sentence
from wcag_audit.reports.texts import line, text

#: GitHub shows ten annotations of a step; defects in the summary's table.
_ANNOTATIONS, _ROWS = 10, 200


def commands(checked: Checked, lang: str, sources: Mapping[str, str] | None = None) -> Iterator[str]:
    """A workflow command for each new defect, as far as GitHub shows them."""
    given = names(checked)
    for one in checked.new[:_ANNOTATIONS]:
        page = next(iter(pages_of(one, checked)), "")
        file = file_of(page, given.get(page, ""), sources or {})
        where = f"file={_property(file)},line=1," if file else ""
        said = f"{sentence(one, lang)} {line(one.defect.mend[lang])} {line(page)}"
        yield f"::error {where}title={_property(f'wcag-audit {one.defect.rule}')}::{_data(said)}"


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")


def summary(checked: Checked, lang: str) -> str:
    """The step summary."""
    lines = [f"## wcag-audit: {_cell(last_line(checked, lang))}", ""]
    if checked.seen:
        lines += [f"| | {text('pipeline', 'defect')[lang]} | {text('pipeline', 'where')[lang]} | |", "|--|--|--|--|"]
        lines += [_row(one, checked, lang) for one in (*checked.new, *(one for one in checked.seen if one.newness is None))[:_ROWS]]
        lines.append("")
    lines += [f"- {'✅' if gate.held else '❌'} {_cell(gate.name[lang])}: {_cell(gate.detail[lang])}" for gate in checked.gates]
    lines += [f"- ❔ {_cell(reason[lang])}" for reason in checked.missing]
    return "\n".join(lines) + "\n"


def _row(one: Seen, checked: Checked, lang: str) -> str:
    pages = pages_of(one, checked)
    where = _cell(pages[0]) + (f" +{len(pages) - 1}" if len(pages) > 1 else "") if pages else ""
    sign = "❌" if one.newness is not None else "·"
    return f"| {sign} | {_cell(sentence(one, lang))} | {where} | {_cell(newness(one, lang))} |"


def _cell(value: str) -> str:
    """A text from a page in Markdown: no markup, no HTML, no new cell."""
    escaped = line(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"\\{c}" if c in "\\`*_[]|#!~" else c for c in escaped)
