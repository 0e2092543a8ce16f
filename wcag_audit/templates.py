"""Jinja environments, alike for reports and printed documents, and their compiled templates kept from process to process."""

from __future__ import annotations

from functools import cache

from jinja2 import BytecodeCache, Environment, FileSystemBytecodeCache, PackageLoader, StrictUndefined, select_autoescape


@cache
def bytecode() -> BytecodeCache | None:
    """Where compiled templates are kept: a folder of this user's alone. None where there is no such folder."""
    try:
        return FileSystemBytecodeCache()
    except (OSError, RuntimeError):
        return None


def report_templates() -> Environment:
    """A new environment for the templates of reports. Everything is escaped, and a name that is not there is an error."""
    return Environment(
        loader=PackageLoader("wcag_audit.reports"),
        autoescape=select_autoescape(default=True, default_for_string=True, disabled_extensions=()),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=bytecode(),
    )
