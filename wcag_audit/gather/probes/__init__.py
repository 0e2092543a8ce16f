"""The probes, in the order in which they run.

Those that only look go first, in the page that the snapshot was taken of; they end with the clock moved on. Those that press keys share
a second page; where all that they act on was recorded on an earlier page, it is opened for the keyboard walk only.
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
    Motion(),
    Timers(),
    TypingInFields(),
    FocusWalk(),
    Operations(),
    Inputs(),
    Submits(),
    States(),
    Routes(),
)
