"""What several runs over one page agree on (``--runs``): a finding that is not seen in every run is a question, never a failure. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from wcag_audit.model import Outcome, Verdict

_SPOKEN = (Verdict.FAILED, Verdict.CANT_TELL)


def agreed(runs: Sequence[Sequence[Outcome]]) -> list[Outcome]:
    """The outcomes of the first run, and findings that only later ones saw, each with in how many of the runs it was seen.

    A failure that some run did not see becomes ``cantTell``. Twins are as many as the first run that saw them tells.
    """
    seen = [{one.fingerprint for one in run if one.verdict in _SPOKEN} for run in runs]

    def marked(outcome: Outcome) -> Outcome:
        count = sum(outcome.fingerprint in names for names in seen)
        verdict = outcome.verdict if count == len(runs) else Verdict.CANT_TELL
        return msgspec.structs.replace(outcome, verdict=verdict, agreement=(count, len(runs)))

    told: list[Outcome] = [one for one in runs[0] if one.verdict not in _SPOKEN]
    known: set[str] = set()
    for run, names in zip(runs, seen, strict=True):
        told.extend(marked(one) for one in run if one.verdict in _SPOKEN and one.fingerprint not in known)
        known |= names
    return told
