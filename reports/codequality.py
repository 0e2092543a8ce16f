"""GitLab's Code Quality report: a JSON list, one entry per new defect and file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urlsplit

from wcag_audit.ci import Checked
from wcag_audit.reports.pipeline import file_of, known_by, names, pages_of, sentence
from wcag_audit.reports.texts import line


def render(checked: Checked, lang: str, sources: Mapping[str, str] | None = None) -> bytes:
    """The file. GitLab compares fingerprints of two branches itself, so known defects are told too, as minor."""
    given = names(checked)
    entries = []
    for one in checked.seen:
        page = next(iter(pages_of(one, checked)), "")
        path = file_of(page, given.get(page, ""), sources or {}) or _path(page)
        entries.append(
            {
                "description": f"{sentence(one, lang)} {line(one.defect.mend[lang])}".strip(),
                "check_name": one.defect.rule,
                "fingerprint": known_by(one),
                "severity": "minor" if one.newness is None else "major",
                "location": {"path": path, "lines": {"begin": 1}},
            }
        )
    return json.dumps(entries, ensure_ascii=False, indent=1).encode() + b"\n"


def _path(address: str) -> str:
    """An address as the relative path that GitLab asks for."""
    parts = urlsplit(address)
    return line(f"{parts.path.strip('/')}{'?' + parts.query if parts.query else ''}", 300) or "index"
