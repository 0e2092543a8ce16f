"""A person's answers as a file: made from a run with its open questions, filled in by hand, applied by ``audit`` and ``replay``.

Shape (version 1)::

    {"format": "wcag-audit reviews", "version": 1, "reviews": [
        {"subject": fingerprint or "criterion:1.1.1", "verdict": "passed" | "failed" | "inapplicable" | "cantTell" (not answered),
         "who": …, "why": …, "when": ISO 8601 date or time, "question": {what and how, for the person only}}]}
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from wcag_audit.model import BadInput, Result, Review, Struct, Text, Verdict, decode

VERSION = 1
_FORMAT = "wcag-audit reviews"
#: Answers and their texts are short; a larger file is none of ours.
_MAX_BYTES = 20_000_000


class ReviewsError(BadInput):
    """A file of reviews that cannot be used."""


class _Row(Struct):
    """A review with the question that it answers, as the file shows it."""

    subject: str
    verdict: Verdict
    who: str = ""
    why: str = ""
    when: str = ""
    question: dict[str, Any] | None = None


class _File(Struct):
    reviews: tuple[_Row, ...]
    format: str = _FORMAT
    version: int = VERSION


def read(path: Path) -> tuple[Review, ...]:
    """The answers of a file; questions that nobody has answered are left out.

    Raises ReviewsError where the file is not one of reviews, or an answer lacks who gave it, why or when.
    """
    try:
        data = path.read_bytes() if path.stat().st_size <= _MAX_BYTES else b"-"
        file = decode(data, _File)
    except OSError as error:
        raise _refused(path, error.strerror or "?", error.strerror or "?") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _refused(path, str(error), str(error)) from error
    if (file.format, file.version) != (_FORMAT, VERSION):
        told = f"{file.format} {file.version}"
        raise _refused(path, f"định dạng {told}, cần {_FORMAT} {VERSION}", f"format {told}, {_FORMAT} {VERSION} is needed")
    return tuple(_review(path, row) for row in file.reviews if row.verdict not in (Verdict.CANT_TELL, Verdict.UNTESTED))


def _review(path: Path, row: _Row) -> Review:
    for name in ("subject", "who", "why", "when"):
        if not getattr(row, name).strip():
            about = row.subject or "?"
            raise _refused(path, f"câu trả lời cho {about} thiếu “{name}”", f"the answer to {about} lacks “{name}”")
    try:
        datetime.fromisoformat(row.when)
    except ValueError:
        vi, en = f"“when” của {row.subject} phải là ngày ISO 8601", f"“when” of {row.subject} must be an ISO 8601 date"
        raise _refused(path, vi, en) from None
    return Review(subject=row.subject, verdict=row.verdict, who=row.who, why=row.why, when=row.when)


def _refused(path: Path, vi: str, en: str) -> ReviewsError:
    return ReviewsError(
        Text(
            f"{path}: không dùng được tệp trả lời ({vi}); tạo tệp mẫu bằng “wcag-audit questions RUN”.",
            f"{path}: not usable as reviews ({en}); make one with “wcag-audit questions RUN”.",
        )
    )


def form(result: Result, known: Sequence[Review] = ()) -> bytes:
    """The file to fill in: every answer given so far, then every open question of a result."""
    names = {page.page.id: page.page.loaded or page.page.requested for page in result.pages}
    rows = [_row(review) for review in known]
    answered = {review.subject for review in known}
    for question in result.questions:
        if question.subject not in answered:
            told = {
                "criteria": list(question.criteria),
                "what": {"vi": question.what.vi, "en": question.what.en},
                "how": {"vi": question.how.vi, "en": question.how.en},
                "pages": [names.get(page, page) for page in question.pages],
            }
            rows.append(_Row(subject=question.subject, verdict=Verdict.CANT_TELL, question=told))
    return _encode(rows)


def encode(reviews: Sequence[Review]) -> bytes:
    """Reviews as a file that ``read`` takes."""
    return _encode([_row(review) for review in reviews])


def _row(review: Review) -> _Row:
    return _Row(subject=review.subject, verdict=review.verdict, who=review.who, why=review.why, when=review.when)


def _encode(rows: Sequence[_Row]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(_File(reviews=tuple(rows))), indent=1) + b"\n"
