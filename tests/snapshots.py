"""Hand-made snapshots for tests that need no browser: a few lines of nodes become a dom artifact."""

from __future__ import annotations

from typing import Any

from wcag_audit.model import Artifact, Environment, Page, Snapshot

ENVIRONMENT = Environment(tool="test", driver="none", browser="none", axe="4.12.1", depth="static")


def dom_data(nodes: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A dom artifact of one frame; nodes get ordinals and a visible box where they have none."""
    ordinal = 0
    for node in nodes:
        if node["t"] != "#text":
            node.setdefault("o", ordinal)
            ordinal += 1
        node.setdefault("b", [0, 0, 100, 20])
        if not node.setdefault("v", 1):
            del node["v"]
    frame = {"index": 0, "first": 0, "owner": None, "url": "http://x/", "error": None, "truncated": "", "document": {"title": "T"}}
    return {"nodes": nodes, "styles": [{"d": "block"}], "frames": [frame], "listeners": {}, "listeners_error": None, **more}


def snapshot(nodes: list[dict[str, Any]] | None = None, **artifacts: Artifact) -> Snapshot:
    """A snapshot with a dom artifact of these nodes and the artifacts given."""
    tree = {} if nodes is None else {"dom": Artifact(data=dom_data(nodes))}
    return Snapshot(page=Page(id="p", requested="http://x/"), environment=ENVIRONMENT, artifacts={**tree, **artifacts})
