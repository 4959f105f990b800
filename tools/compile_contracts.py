"""Compile contracts/ and write the artifacts that the package ships (`make contracts`).

Running Genbo needs no Solidity compiler, so what the compiler says is committed: one JSON per
contract below src/genbo/chain/artifacts, and manifest.json with the hash of their sources.

Ape decides what is compiled and how (ape-config.yaml). Its own standard-JSON input goes to the
same solc once more with more outputs selected, because ape's manifest leaves out the storage layout
and the places of immutables in the code. The two byte codes must agree.

    python tools/compile_contracts.py            write
    python tools/compile_contracts.py --check    compare with what is committed, write nothing
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Iterator
from typing import Any

from contract_sources import (
    ROOT,
    compiler_inputs,
    is_ours,
    render,
    sha256,
    source_hash,
    source_hashes,
)
from install_solc import compiler_folder, install

Json = dict[str, Any]
"""A JSON object."""

ARTIFACTS = ROOT / "src" / "genbo" / "chain" / "artifacts"

SAFE = ROOT / "node_modules" / "@safe-global" / "safe-contracts"
SAFE_CONTRACTS = (
    "Safe.sol/Safe",
    "SafeL2.sol/SafeL2",
    "handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler",
    "proxies/SafeProxy.sol/SafeProxy",
    "proxies/SafeProxyFactory.sol/SafeProxyFactory",
)

DELEGATES = {"TokenActs": ("TokenServices",), "SecurityToken": ("TokenActs",)}
"""Contracts whose fallback runs others' code on their own storage, in the order in which they are merged."""

OUTPUTS = [
    "abi",
    "storageLayout",
    "evm.bytecode.object",
    "evm.deployedBytecode.object",
    "evm.deployedBytecode.immutableReferences",
    "evm.methodIdentifiers",
]


# Compiling ----------------------------------------------------------------------------------------


def project() -> Any:
    """The checkout as ape sees it, with a data folder of its own.

    Ape keeps a copy of each dependency per user and never looks again: after `npm ci` brought
    another version, a copy in the home folder would still be the old one.
    """
    library = compiler_inputs()["openzeppelin"]
    os.environ.setdefault("APE_DATA_FOLDER", str(ROOT / ".ape" / f"openzeppelin-{library}"))
    compiler_folder()
    import ape
    from ape.logging import LogLevel, logger

    logger.set_level(LogLevel.WARNING)
    return ape.Project(ROOT)


def standard_input() -> tuple[str, Json]:
    """The compiler version and the standard-JSON input that ape makes of contracts/."""
    with project().isolate_in_tempdir() as copy:
        solidity = copy.compiler_manager.registered_compilers[".sol"]
        paths = [copy.path / source for source in source_hashes()]
        inputs = solidity.get_standard_input_json(paths, project=copy)
    if len(inputs) != 1:
        raise SystemExit(f"one compiler version expected, ape chose {sorted(map(str, inputs))}")
    [(version, standard)] = inputs.items()
    return str(version), standard


def compile_sources() -> Program:
    """Our contracts, compiled as ape compiles them, with everything the artifacts need."""
    version, standard = standard_input()
    import solcx

    settings = {k: v for k, v in standard["settings"].items() if k != "outputSelection"}
    selection = {
        source: {"*": OUTPUTS, "": ["ast"]} if is_ours(source) else {"": ["ast"]}
        for source in standard["sources"]
    }
    try:
        output = solcx.compile_standard(
            {**standard, "settings": {**settings, "outputSelection": selection}},
            solc_binary=solcx.install.get_executable(version.partition("+")[0]),
        )
    except solcx.exceptions.SolcError as refused:
        raise SystemExit(refused.message) from None
    for warning in output.get("errors", []):
        if is_ours(warning.get("sourceLocation", {}).get("file", "contracts/")):
            sys.stderr.write(warning["formattedMessage"] + "\n")
    return Program(version, settings, output)


def ape_bytecode() -> dict[str, str]:
    """Contract name to creation code, as `ape compile` hands it to the deployment scripts.

    Without its cache: that does not notice a changed setting, nor a file that only others import.
    """
    code = {
        name: t.deployment_bytecode for name, t in project().load_contracts(use_cache=False).items()
    }
    return {name: str(c.bytecode) if c and c.bytecode else "0x" for name, c in code.items()}


# Reading the compiler's output --------------------------------------------------------------------


class Program:
    """The compiler's output read as artifacts, syntax-tree numbers replaced by names.

    The numbers shift whenever any file changes; names keep each artifact's diff about itself.
    """

    def __init__(self, version: str, settings: Json, output: Json) -> None:
        self.compiler = {"version": version, "settings": settings}
        self.contracts: Json = output["contracts"]
        self.sources = source_hashes()
        self.imports: dict[str, set[str]] = {}
        self.definitions: dict[tuple[str, str], Json] = {}
        self.immutables: dict[str, str] = {}
        for source, tree in output["sources"].items():
            top = tree["ast"]["nodes"]
            self.imports[source] = {
                node["absolutePath"] for node in top if node["nodeType"] == "ImportDirective"
            }
            for node in top:
                if node["nodeType"] == "ContractDefinition":
                    self.definitions[source, node["name"]] = node
                    self.immutables |= {
                        str(member["id"]): f"{node['name']}.{member['name']}"
                        for member in node["nodes"]
                        if member.get("mutability") == "immutable"
                    }

    def artifacts(self) -> dict[str, Json]:
        """Contract name to artifact, for each contract of ours that another program can use."""
        found: dict[str, Json] = {}
        for source, name in sorted(self.definitions):
            if is_ours(source) and self._is_useful(source, name):
                if name in found:
                    raise SystemExit(f"{name}: in {found[name]['sourceId']} and in {source}")
                found[name] = self._artifact(source, name)
        return self._with_delegates(found)

    def _with_delegates(self, found: dict[str, Json]) -> dict[str, Json]:
        """Contracts that run other contracts' code answer to their functions too: one ABI for whoever calls."""
        for name, others in DELEGATES.items():
            artifact = found[name]
            known = {render(entry) for entry in artifact["abi"]}
            for other in others:
                for entry in found[other]["abi"]:
                    if entry["type"] in ("constructor", "fallback") or render(entry) in known:
                        continue
                    known.add(render(entry))
                    artifact["abi"].append(entry)
                artifact["methodIdentifiers"] |= {
                    signature: selector
                    for signature, selector in found[other]["methodIdentifiers"].items()
                    if signature not in artifact["methodIdentifiers"]
                }
        return found

    def _is_useful(self, source: str, name: str) -> bool:
        """Contracts and interfaces; not abstract bases, nor libraries compiled into their users."""
        definition = self.definitions[source, name]
        if definition["contractKind"] == "library":
            return bool(self.contracts[source][name]["evm"]["methodIdentifiers"])
        return not definition["abstract"]

    def _artifact(self, source: str, name: str) -> Json:
        compiled = self.contracts[source][name]
        evm = compiled["evm"]
        live = evm["deployedBytecode"]
        return {
            "contractName": name,
            "sourceId": source,
            "kind": self.definitions[source, name]["contractKind"],
            "abi": compiled["abi"],
            "bytecode": "0x" + evm["bytecode"]["object"],
            "deployedBytecode": "0x" + live["object"],
            "immutableReferences": {
                self.immutables[number]: places
                for number, places in live.get("immutableReferences", {}).items()
            },
            "methodIdentifiers": evm["methodIdentifiers"],
            "storageLayout": without_numbers(compiled.get("storageLayout", {})),
            "compiler": self.compiler,
            "sourceHash": source_hash(self._closure(source)),
        }

    def _closure(self, source: str) -> dict[str, str]:
        """The file and all files of ours that it imports, however indirectly."""
        seen: set[str] = set()
        todo = [source]
        while todo:
            current = todo.pop()
            if current not in seen:
                seen.add(current)
                todo.extend(self.imports[current])
        return {name: self.sources[name] for name in seen if is_ours(name)}


def without_numbers(layout: Json) -> Json:
    """A storage layout whose type names do not change when an unrelated file does."""
    named = r"(t_(?:struct|enum|contract|userDefinedValueType)\([^()]*\))\d+"
    cleaned: Json = json.loads(re.sub(named, r"\1", json.dumps(layout)))
    types = (cleaned.get("types") or {}).values()
    for slot in [*cleaned.get("storage", []), *(m for t in types for m in t.get("members", []))]:
        slot.pop("astId", None)
    return cleaned


# Writing ------------------------------------------------------------------------------------------


def safe_artifacts() -> Iterator[tuple[str, Json]]:
    """The Safe contracts as their authors compiled them; see artifacts/safe/README.md."""
    version = json.loads((SAFE / "package.json").read_text("utf-8"))["version"]
    for source in SAFE_CONTRACTS:
        file = SAFE / "build" / "artifacts" / "contracts" / f"{source}.json"
        built = json.loads(file.read_text("utf-8"))
        kept = ("contractName", "sourceName", "abi", "bytecode", "deployedBytecode")
        yield built["contractName"], {**{k: built[k] for k in kept}, "safeVersion": version}


def files() -> tuple[dict[str, str], Program]:
    """Path below the artifacts folder to content: everything that should be there."""
    program = compile_sources()
    wanted = {f"{name}.json": render(artifact) for name, artifact in program.artifacts().items()}
    wanted |= {f"safe/{name}.json": render(artifact) for name, artifact in safe_artifacts()}
    wanted["manifest.json"] = render(
        {
            "sourceHash": source_hash(program.sources),
            "sources": program.sources,
            "compiler": program.compiler,
            "artifacts": {path: sha256(text) for path, text in wanted.items()},
        }
    )
    return wanted, program


def differences(wanted: dict[str, str]) -> list[str]:
    """What is missing, left over or different in the artifacts folder."""
    present = {p.relative_to(ARTIFACTS).as_posix() for p in ARTIFACTS.rglob("*.json")}
    changed = {
        path
        for path in present & wanted.keys()
        if (ARTIFACTS / path).read_text("utf-8") != wanted[path]
    }
    return sorted((present ^ wanted.keys()) | changed)


def write(wanted: dict[str, str], paths: list[str]) -> None:
    for path in paths:
        target = ARTIFACTS / path
        if path in wanted:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(wanted[path], "utf-8")
        else:
            target.unlink()


def main() -> int:
    parser = argparse.ArgumentParser(description="Compile contracts/ into the shipped artifacts.")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    check = parser.parse_args().check

    install()
    wanted, program = files()
    paths = differences(wanted)
    if check:
        sys.stdout.write("".join(f"differs: {path}\n" for path in paths))
        return 1 if paths else 0

    ape = ape_bytecode()
    ours = program.artifacts()
    unequal = [name for name, artifact in ours.items() if ape.get(name) != artifact["bytecode"]]
    if unequal:
        raise SystemExit(
            f"ape compiles to other byte code: {', '.join(unequal)}. If a library they import has "
            "a contract of the same name, ape takes that one: give ours a name of its own."
        )
    write(wanted, paths)
    sys.stdout.write(f"{len(ours)} contracts compiled, {len(paths)} files changed\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
