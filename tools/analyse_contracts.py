"""Static analysis of the contracts by slither: no finding without an explanation, no explanation without a finding.

    python tools/analyse_contracts.py            compare with contracts/slither.yaml (`make slither`)
    python tools/analyse_contracts.py --list     print every finding, explained or not

Slither gets the syntax trees from the same compiler that makes the artifacts, without code generation, which takes
seconds instead of half a minute. OpenZeppelin's files and contracts/mocks are read and not judged: the first have
their own audits, the second are never deployed by a production script.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from contract_sources import ROOT, compiler_inputs, source_hashes
from install_solc import compiler_folder

Json = dict[str, Any]
"""A JSON object."""

EXPLAINED = ROOT / "contracts" / "slither.yaml"
NOT_JUDGED = "node_modules|contracts/mocks"


@dataclass(frozen=True, order=True)
class Finding:
    """What one detector says of one place; lines are left out, so that a moved function stays the same finding."""

    check: str
    """The detector's name."""
    where: str
    """`Contract.member`, or `Contract.function.variable`."""

    def __str__(self) -> str:
        return f"{self.check}: {self.where}"


# Asking slither -----------------------------------------------------------------------------------


@cache
def syntax_trees() -> Json:
    """The compiler's output for contracts/ with everything they import: syntax trees and ABIs."""
    compiler_folder()
    import solcx

    settings = compiler_inputs()["solidity"]
    standard = {
        "language": "Solidity",
        "sources": {
            name: {"content": (ROOT / name).read_text("utf-8")} for name in source_hashes()
        },
        "settings": {
            "remappings": ["@openzeppelin/=node_modules/@openzeppelin/"],
            "evmVersion": settings["evm_version"],
            "outputSelection": {"*": {"*": ["abi"], "": ["ast"]}},
        },
    }
    output: Json = solcx.compile_standard(
        standard,
        solc_binary=solcx.install.get_executable(settings["version"]),
        base_path=str(ROOT),
        allow_paths=str(ROOT),
    )
    return output


def export(output: Json) -> Json:
    """The compiler's output in the format that slither reads without compiling anything itself."""

    def names(path: str) -> dict[str, str]:
        return {"absolute": str(ROOT / path), "used": path, "short": path, "relative": path}

    def contract(path: str, abi: Any) -> Json:
        code = dict.fromkeys(("bin", "bin-runtime", "srcmap", "srcmap-runtime"), "")
        return {
            **code,
            "abi": abi,
            "filenames": names(path),
            "libraries": {},
            "is_dependency": not path.startswith("contracts/"),
        }

    version = compiler_inputs()["solidity"]["version"]
    units = {
        path: {
            "ast": source["ast"],
            "contracts": {
                name: contract(path, compiled["abi"])
                for name, compiled in output["contracts"].get(path, {}).items()
            },
        }
        for path, source in output["sources"].items()
    }
    unit = {
        "compiler": {"compiler": "solc", "version": version, "optimized": True},
        "source_units": units,
        "filenames": [names(path) for path in units],
    }
    return {
        "crytic_version": "0.0.2",
        "compilation_units": {"contracts": unit},
        "package": None,
        "working_dir": str(ROOT),
        "type": 1,
        "unit_tests": [],
    }


def findings() -> list[tuple[Finding, str]]:
    """Every finding of every detector, with what slither says about it; sorted, each once.

    Raises SystemExit when slither itself fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        trees, answer = Path(folder) / "contracts_export.json", Path(folder) / "answer.json"
        trees.write_text(json.dumps(export(syntax_trees())), "utf-8")
        command = [sys.executable, "-m", "slither", str(trees), "--exclude-dependencies"]
        command += ["--filter-paths", NOT_JUDGED, "--no-fail-pedantic", "--json", str(answer)]
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
        )
        if not answer.exists():
            raise SystemExit(f"slither did not answer:\n{done.stderr[-2000:]}")
        said: Json = json.loads(answer.read_text("utf-8"))
    if not said["success"]:
        raise SystemExit(f"slither failed: {said['error']}")
    found = {
        Finding(result["check"], _place(result["elements"][0])): " ".join(
            result["description"].split()
        )
        for result in said["results"].get("detectors", [])
    }
    return sorted(found.items())


def _place(element: Json) -> str:
    """Names from the contract inwards, without a function's arguments and without lines."""
    parent = element.get("type_specific_fields", {}).get("parent")
    if parent is None or parent["type"] not in ("contract", "function"):
        return str(element["name"])
    return f"{_place(parent)}.{element['name']}"


# Comparing ----------------------------------------------------------------------------------------


def explained() -> dict[Finding, str]:
    """Finding to why it is no defect. Raises SystemExit when a finding is explained twice, or not at all."""
    found: dict[Finding, str] = {}
    for group in yaml.safe_load(EXPLAINED.read_text("utf-8")):
        for place in group["where"]:
            finding = Finding(group["check"], place)
            if finding in found or not str(group["why"]).strip():
                raise SystemExit(f"{EXPLAINED.name}: {finding}: explained twice, or without a word")
            found[finding] = group["why"]
    return found


def differences() -> list[str]:
    """A line for each finding that nobody explained, and for each explanation of what is found no longer."""
    said, known = dict(findings()), explained()
    new = [
        f"not explained: {finding}\n    {said[finding]}" for finding in sorted(said.keys() - known)
    ]
    old = [f"explained, not found any more: {finding}" for finding in sorted(known.keys() - said)]
    return new + old


def main() -> int:
    parser = argparse.ArgumentParser(description="Static analysis of the contracts.")
    parser.add_argument("--list", action="store_true", help="print every finding")
    if parser.parse_args().list:
        lines = [f"{finding}\n    {text}" for finding, text in findings()]
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        return 0
    lines = differences()
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
