"""What can be measured in decoded sound: how loud, for how long, and whether it goes on as speech does. Plain numbers, no verdict.

Speech has pauses between its phrases, voiced runs whose pitch glides, and hisses between them; tones of instruments hold their pitch
and leave no pauses. The measures tell them apart only where all agree.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Samples a second that the measures are made for.
RATE = 16_000
#: Seconds that are listened to.
MOST = 60
_HOP, _WINDOW = 160, 512
#: Range of a voice's pitch, in hertz.
_LOW, _HIGH = 70, 400
#: Decibels of full scale below which nothing is heard, and how far below the loudest a pause or a lull lies.
_FLOOR, _PAUSE, _LULL = -50.0, 30.0, 12.0


def measure(samples: NDArray[np.float32]) -> dict[str, Any]:
    """Measures of mono samples (−1 to 1, ``RATE`` a second).

    ``seconds``; ``peak`` (dB of full scale); ``loud``: seconds that can be heard; and, where there is something to hear: ``lulls``
    (share of quiet moments), ``voiced`` (share of moments with a pitch), ``glide`` (share of voiced moments whose pitch moves),
    ``hiss`` (share of moments like s and f), ``spread`` (of zero crossings), ``runs`` (voiced runs a second).
    """
    seconds = round(len(samples) / RATE, 2)
    if len(samples) < _WINDOW * 2:
        return {"seconds": seconds, "peak": -100.0, "loud": 0.0}
    frames = np.lib.stride_tricks.sliding_window_view(samples[: MOST * RATE], _WINDOW)[::_HOP]
    level = 10 * np.log10((frames.astype(np.float64) ** 2).mean(axis=1) + 1e-10)
    peak = float(np.percentile(level, 95))
    told: dict[str, Any] = {"seconds": seconds, "peak": round(peak, 1), "loud": round(float((level > _FLOOR).sum()) * _HOP / RATE, 2)}
    active = (level > peak - _PAUSE) & (level > _FLOOR)
    if not active.any():
        return told
    voiced, pitch = _pitch(frames, active)
    crossings = (np.diff(np.signbit(frames), axis=1) != 0).mean(axis=1)
    steps = np.abs(np.diff(12 * np.log2(pitch)))
    both = voiced[1:] & voiced[:-1]
    count = float(active.sum())
    told.update(
        lulls=_share(level < np.median(level[active]) - _LULL),
        voiced=round(float(voiced.sum()) / count, 3),
        glide=round(float(((steps > 0.05) & (steps < 1.0) & both).sum()) / max(float(both.sum()), 1.0), 3),
        hiss=round(float(((crossings > 0.25) & active).sum()) / count, 3),
        spread=round(float(crossings[active].std()), 4),
        runs=round(float((np.diff(voiced.astype(np.int8)) == 1).sum()) / (len(voiced) * _HOP / RATE), 2),
    )
    return told


def _pitch(frames: NDArray[np.float32], active: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Which moments have a pitch, and which (in hertz), by autocorrelation."""
    spectrum = np.fft.rfft(frames - frames.mean(axis=1, keepdims=True), 2 * _WINDOW)
    likeness = np.fft.irfft(np.abs(spectrum) ** 2)[:, :_WINDOW]
    first, last = RATE // _HIGH, RATE // _LOW
    lags = np.arange(first, last)
    ratio = likeness[:, first:last] / (likeness[:, :1] + 1e-9) * (_WINDOW / (_WINDOW - lags))
    return active & (ratio.max(axis=1) > 0.6), RATE / (ratio.argmax(axis=1) + first)


def _share(mask: NDArray[np.bool_]) -> float:
    return round(float(mask.mean()), 3)
