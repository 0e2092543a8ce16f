"""What the recording ``states`` says of each control that was operated: its presses, the way through its dialog, the closings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple


class Operated(NamedTuple):
    """One control and the steps made with it. ``control`` and the steps are as gather/probes/states.py records them."""

    control: dict[str, Any]
    steps: list[dict[str, Any]]

    @property
    def place(self) -> dict[str, Any]:
        """What tells it from other controls, in a second try too."""
        return {key: self.control["el"][key] for key in ("frame", "path")}

    @property
    def words(self) -> str:
        """How a person finds it."""
        return str(self.control["el"]["text"] or self.control["el"]["html"])

    @property
    def press(self) -> dict[str, Any] | None:
        """The press that did something, and what changed; None where nothing did."""
        return next((step for step in self._presses if not step["changed"]["after"]["quiet"]), None)

    @property
    def back(self) -> dict[str, Any] | None:
        """What a second press changed; None where there was none."""
        return next((step["changed"] for step in self._presses if step["reason"] == "and_back"), None)

    @property
    def walk(self) -> dict[str, Any] | None:
        """The way through what it opened as a dialog; None where it opened none."""
        return next((step["changed"] for step in self.steps if step["action"] == "walk"), None)

    @property
    def closings(self) -> list[dict[str, Any]]:
        """How the dialog was closed, and where the focus was then."""
        return [{**step["changed"], "by": step["args"]["by"]} for step in self.steps if step["action"] == "close"]

    @property
    def _presses(self) -> list[dict[str, Any]]:
        return [step for step in self.steps if step["action"] == "press" and step["changed"] is not None]


def operated(recording: dict[str, Any]) -> Iterator[Operated]:
    """The controls of a recording that did something."""
    for index, control in enumerate(recording["start"]["controls"]):
        one = Operated(control, [step for step in recording["steps"] if step["args"]["index"] == index])
        if one.press is not None:
            yield one


def same_again(recording: dict[str, Any], one: Operated) -> Operated | None:
    """The same control in a second recording; None where it did nothing there."""
    return next((other for other in operated(recording) if other.place == one.place), None)


def cut_short(recording: dict[str, Any]) -> bool:
    """Whether controls were left because time ran out or the page was lost."""
    return bool(recording["done"] == "time" or recording["done"].startswith("lost"))
