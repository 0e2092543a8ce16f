"""What a page's title says, part by part."""

from __future__ import annotations

import re

from wcag_audit.phrases import phrases, plain

#: What editors put behind a placeholder of which there is one already: "Untitled-2", "New page (3)".
_COUNTED = re.compile(r"[\s_-]*\(?\d+\)?$")
_SEPARATOR = re.compile(r"\s+[-–—|·•:»/]+\s+|\s*[|»]\s*")


def title_parts(title: str) -> list[str]:
    """A title by its separators: topic, section, portal."""
    return [part for part in _SEPARATOR.split(title.strip()) if part.strip()]


def is_placeholder(title: str) -> bool:
    """Whether every part is a placeholder, a product or "Home", at least one a placeholder, or "Home" is said twice."""
    parts = title_parts(title)
    placeholder, platform, home = phrases("placeholder_titles"), phrases("platform_names"), phrases("home_titles")
    if any(placeholder.is_one(part) for part in parts):
        return all(placeholder.is_one(part) or platform.is_one(part) or home.is_one(part) for part in parts)
    return len(parts) > 1 and all(home.is_one(part) for part in parts) and len({plain(part) for part in parts}) == 1


def placeholder_topic(title: str) -> str:
    """The title's first part, where it is a placeholder with the portal's name behind it, or one with a number; empty where not."""
    topic = next(iter(title_parts(title)), "")
    placeholder = phrases("placeholder_titles")
    return topic if placeholder.is_one(topic) or placeholder.is_one(_COUNTED.sub("", topic)) else ""
