"""The catalogue: every rule file below this folder, found by its name.

A file ``<principle>/<rule_id>.py`` declares one ``RULE``; the rule's id is the file's name with hyphens. Users' own rules
(``--rules DIR``) are files of the same kind in any folder.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Iterator
from functools import cache
from inspect import cleandoc
from pathlib import Path
from types import ModuleType

from wcag_audit.model import BadInput, Text
from wcag_audit.rule import Rule

PRINCIPLES = ("perceivable", "operable", "understandable", "robust")


class BadRule(BadInput):
    """A rule file that cannot be used."""


def _adopt(module: ModuleType, rule_id: str, principle: str, path: str) -> Rule:
    rule = getattr(module, "RULE", None)
    if not isinstance(rule, Rule):
        raise BadRule(Text(f"{path}: tệp quy tắc phải khai báo RULE = Rule(…).", f"{path}: a rule file must declare RULE = Rule(…)."))
    rule.id, rule.principle, rule.doc = rule_id, principle, cleandoc(module.__doc__ or "")
    return rule


def _own() -> Iterator[Rule]:
    for principle in PRINCIPLES:
        package = importlib.import_module(f"wcag_audit.rules.{principle}")
        for found in sorted(pkgutil.iter_modules(package.__path__), key=lambda module: module.name):
            if not found.name.startswith("_"):
                module = importlib.import_module(f"{package.__name__}.{found.name}")
                yield _adopt(module, found.name.replace("_", "-"), principle, found.name)


@cache
def catalogue() -> tuple[Rule, ...]:
    """Every rule that ships, by principle and name."""
    return tuple(_own())


def load_folder(folder: Path) -> tuple[Rule, ...]:
    """A user's own rules. Raises BadRule where the folder or a file in it is no good."""
    if not folder.is_dir():
        raise BadRule(Text(f"--rules {folder}: không có thư mục này.", f"--rules {folder}: no such folder."))
    taken = {rule.id for rule in catalogue()}
    rules: list[Rule] = []
    for path in sorted(folder.rglob("*.py")):
        if path.name.startswith("_"):
            continue
        rule_id = path.stem.replace("_", "-")
        if rule_id in taken:
            raise BadRule(Text(f"{path}: mã quy tắc {rule_id} đã có.", f"{path}: the rule id {rule_id} is taken."))
        taken.add(rule_id)
        name = f"wcag_audit_user_rules.{path.stem}"
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        except Exception as error:  # a user's file may raise anything; the line names it
            raise BadRule(Text(f"{path}: không nạp được: {error!r}", f"{path}: cannot be loaded: {error!r}")) from error
        rules.append(_adopt(module, rule_id, "own", str(path)))
    return tuple(rules)
