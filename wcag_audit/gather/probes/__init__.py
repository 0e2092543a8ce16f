"""The probes, in the order in which they run: those that need time to pass by itself first, and the clock moved on last.

Those that nearly every page needs stand together: mostly one page serves them all.
"""

from __future__ import annotations

from wcag_audit.gather.probe import Probe
from wcag_audit.gather.probes.flashes import Flashes
from wcag_audit.gather.probes.focus_walk import FocusWalk
from wcag_audit.gather.probes.inputs import Inputs
from wcag_audit.gather.probes.motion import Motion
from wcag_audit.gather.probes.operations import Operations
from wcag_audit.gather.probes.routes import Routes
from wcag_audit.gather.probes.sound import Sound
from wcag_audit.gather.probes.states import States
from wcag_audit.gather.probes.submits import Submits
from wcag_audit.gather.probes.timers import Timers
from wcag_audit.gather.probes.typing_in_fields import TypingInFields

PROBES: tuple[Probe, ...] = (
    Sound(),
    Flashes(),
    TypingInFields(),
    FocusWalk(),
    Operations(),
    Motion(),
    Timers(),
    Inputs(),
    Submits(),
    States(),
    Routes(),
)
