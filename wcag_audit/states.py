"""What rules and axe say of a page's states behind its first sight: an open dialog, another tab, the next step of an e-form.

Pure: a state was gathered by the probe ``states`` as artifact ``state_1`` and so on (see gather/probes/states.py), and is a snapshot
of its own here. Of what was shown only; what the page shows at first sight was judged there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from wcag_audit.dom import Dom, Node
from wcag_audit.model import JSON, Artifact, Snapshot, Step
from wcag_audit.recorded import node_of
from wcag_audit.rule import Rule

#: What a state has of its own: rules that need more are for the page as it came.
KNOWN = frozenset(("dom", "axe"))
_STATE = re.compile(r"state_\d+")


def states_of(snapshot: Snapshot) -> Iterator[tuple[JSON, Snapshot]]:
    """The states of a page, each with its own snapshot, in the order in which they were shown."""
    names = sorted(name for name, artifact in snapshot.artifacts.items() if _STATE.fullmatch(name) and artifact.error is None)
    for name in names:
        state = snapshot.artifacts[name].data
        artifacts = {part: Artifact(data=state[part]) for part in sorted(KNOWN)}
        yield state, Snapshot(page=snapshot.page, environment=snapshot.environment, artifacts=artifacts)


def rules_for_states(rules: Sequence[Rule]) -> list[Rule]:
    """The rules that a state's artifacts suffice for."""
    return [rule for rule in rules if rule.scope == "page" and {*rule.needs, *rule.uses} <= KNOWN]


def shown_in(state: JSON, tree: Dom) -> list[Node]:
    """What the state showed, in its own tree."""
    return [node for element in state["shown"] if (node := node_of(tree, element)) is not None]


def step_of(state: JSON) -> Step:
    """How a person comes to the state."""
    control = state["control"]
    args = {"key": state["key"], "control": control["text"] or control["html"]}
    return Step(action=state["action"], reason="shows_more", args=args)
