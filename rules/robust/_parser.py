"""html5lib's parser: slow to load and to run, so ``_source`` asks for it only where its quick scan saw something doubtful."""

from __future__ import annotations

from typing import Any

import html5lib


class Parser(html5lib.HTMLParser):
    """html5lib's parser, which also keeps what was open when it complained: place, error, its values, and the open elements."""

    def __init__(self) -> None:
        super().__init__()
        self.complaints: list[tuple[tuple[int, int], str, dict[str, Any], list[str]]] = []

    def parseError(self, errorcode: str = "XXX-undefined-error", datavars: Any = None) -> None:
        opened = [str(element.name) for element in self.tree.openElements]
        self.complaints.append((self.tokenizer.stream.position(), errorcode, datavars or {}, opened))
