"""Two kinds of import rule that import-linter lacks (pyproject.toml, [tool.importlinter]).

Both accept packages that do not exist yet, so the whole house plan is written down from the start.
"""

from __future__ import annotations

import sys
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

BASE = {*sys.stdlib_module_names, "__future__"}


def outside_imports(graph: ImportGraph, package: str) -> list[tuple[str, str]]:
    """(importing module, top name of what it imports) for each import that leaves our packages."""
    if package not in graph.modules:
        return []
    ours = {package, *graph.find_descendants(package)}
    return sorted(
        (module, imported.partition(".")[0])
        for module in ours
        for imported in graph.find_modules_directly_imported_by(module)
        if graph.is_module_squashed(imported)
    )


class Outside(Contract):
    """Judges each import of `source_modules` from outside our own packages."""

    source_modules: Any = fields.ListField(subfield=fields.StringField())

    def permits(self, name: str) -> bool:
        raise NotImplementedError

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        found = [
            (module, name)
            for package in self.source_modules
            for module, name in outside_imports(graph, package)
            if not self.permits(name)
        ]
        return ContractCheck(kept=not found, metadata={"found": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for module, name in check.metadata["found"]:
            output.print_error(f"{module} imports {name}")
        output.new_line()


class OnlyThese(Outside):
    """The standard library and `allowed`, nothing else."""

    type_name = "only_these"
    allowed: Any = fields.ListField(subfield=fields.StringField())

    def permits(self, name: str) -> bool:
        return name in BASE or name in self.allowed


class NeverThese(Outside):
    """Anything but `forbidden_modules`."""

    type_name = "never_these"
    forbidden_modules: Any = fields.ListField(subfield=fields.StringField())

    def permits(self, name: str) -> bool:
        return name not in self.forbidden_modules
