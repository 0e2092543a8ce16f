"""What every room does with the nouns: decode them, in whatever thread."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

#: Four threads meet a type for the first time at once, again and again. msgspec alone brings the interpreter down by that.
RACE = """
import sys, threading
from types import ModuleType
import msgspec
from wcag_audit.model import Struct, convert

sys.setswitchinterval(1e-7)
inner = {"number": 1, "table": {"k": [1]}}
data = {"one": inner, "more": [inner] * 3, "by_name": {"x": inner}}
SOURCE = '''
class Inner(Struct):
    number: int
    table: dict[str, list[int]]
    text: str = ""
class Outer(Struct):
    one: Inner
    more: list[Inner]
    by_name: dict[str, Inner]
'''
wrong = []

def meet(kind, together):
    together.wait()
    try:
        if convert(data, kind).more[2].number != 1:
            wrong.append("another number")
    except Exception as error:
        wrong.append(repr(error))

for round in range(600):
    module = sys.modules[f"made{round}"] = ModuleType(f"made{round}")
    module.Struct = Struct
    exec("from __future__ import annotations\\n" + SOURCE, module.__dict__)
    together = threading.Barrier(4)
    threads = [threading.Thread(target=meet, args=(module.Outer, together)) for _ in range(4)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
sys.exit("; ".join(wrong[:3]) or 0)
"""


def test_threads_that_meet_a_type_at_once_all_get_it(checkout: Path) -> None:
    done = subprocess.run([sys.executable, "-c", RACE], cwd=checkout, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")


def test_all_that_is_decoded_is_decoded_by_the_model(project_modules: dict[str, Path]) -> None:
    direct = re.compile(r"msgspec\.convert\(|msgspec\.\w+\.decode\([^)]*type=|msgspec\.\w+\.Decoder\(")
    found = [module for module, path in project_modules.items() if module != "wcag_audit.model" and direct.search(path.read_text("utf-8"))]
    assert found == []
