"""Parameters of deployments as people write them: YAML, one value per line, its source beside it.

An account is written as an address, or as a name that the caller knows how to resolve (`test:3` on a development
chain, the alias of a key file on others).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from genbo.chain.parameters import PlatformParameters, SafeContracts, SafeParameters
from genbo.governance import Duty
from genbo.kernel import Address, Fault, Reason, Refusal
from genbo.token import LedgerTerms, parse_terms

Resolve = Callable[[str], Address]
"""The address an account's name stands for. Raises ValueError for a name it does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformFile:
    """What deploying a platform takes."""

    parameters: PlatformParameters
    deployer: str
    """Name of the account that sends the steps, and holds nothing afterwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFile:
    """What creating a product takes."""

    carrier: str
    """Name of the account that only sends what the Safes signed."""
    signers: tuple[str, ...]
    """Names of the Safe owners' accounts that can sign on this machine."""
    terms: LedgerTerms
    group_enabled: bool
    """Whether its transfer-enable group begins enabled, if the group does not exist yet."""
    approvals: Mapping[str, Mapping[Address, bytes]] = field(default_factory=dict)
    """Signatures made elsewhere: digest of the act to owner to signature."""


def load_platform(path: Path, resolve: Resolve) -> PlatformFile:
    """The parameters of a platform; their rules are checked by `PlatformParameters.check`.

    Raises:
        Refusal: `field_missing`, `field_invalid` or `field_unknown`, with the file, the field and its line.
        Fault: `file_unreadable`.
    """
    top = _Section.read(path, resolve)
    safes = top.section("safes")
    operators = top.section("operators")
    public = top.optional_section("safe_contracts")
    parameters = PlatformParameters(
        safes={name: _safe(safes.section(name)) for name in safes.names()},
        operators={operators.duty(name): operators.accounts(name) for name in operators.names()},
        safe_contracts=None
        if public is None
        else SafeContracts(
            singleton=public.account("singleton"),
            factory=public.account("factory"),
            handler=public.account("handler"),
        ),
    )
    top.nothing_else("deployer", "safes", "operators", "safe_contracts")
    return PlatformFile(parameters=parameters, deployer=top.text("deployer"))


def load_product(path: Path, resolve: Resolve) -> ProductFile:
    """The parameters of a product: which terms (another file, or here), and whose address begins with the units.

    Raises:
        Refusal: as `load_platform`, and those of `parse_terms`.
        Fault: `file_unreadable`.
    """
    top = _Section.read(path, resolve)
    given = top.value("terms")
    terms_path = path.parent / given if isinstance(given, str) else path
    fields = _Section.read(terms_path, resolve) if isinstance(given, str) else top.section("terms")
    try:
        terms = parse_terms(fields.values)
    except Refusal as refusal:
        refusal.facts.update(file=str(terms_path), line=fields.line(str(refusal.facts["field"])))
        raise
    product = ProductFile(
        carrier=top.text("carrier"),
        signers=tuple(top.texts("signers")),
        terms=terms.on_ledger(initial_beneficiary=top.account("initial_beneficiary")),
        group_enabled=top.flag("group_enabled"),
        approvals=_approvals(top.optional_section("approvals")),
    )
    top.nothing_else(
        "carrier", "signers", "terms", "initial_beneficiary", "group_enabled", "approvals"
    )
    return product


def _safe(section: _Section) -> SafeParameters:
    safe = SafeParameters(
        owners=section.accounts("owners"),
        threshold=section.number("threshold"),
        duties=tuple(section.duty(name) for name in section.texts("duties")),
    )
    section.nothing_else("owners", "threshold", "duties")
    return safe


def _approvals(section: _Section | None) -> dict[str, dict[Address, bytes]]:
    if section is None:
        return {}
    found: dict[str, dict[Address, bytes]] = {}
    for digest in section.names():
        by_owner = section.section(digest)
        found[digest] = {
            by_owner.as_account(owner, owner): by_owner.signature(owner)
            for owner in by_owner.names()
        }
    return found


class _Section:
    """One mapping of a file, with the lines its fields stand on."""

    def __init__(
        self, path: Path, name: str, values: dict[str, Any], lines: dict[str, int], resolve: Resolve
    ) -> None:
        self.values = values
        self._path = path
        self._name = name
        self._lines = lines
        self._resolve = resolve

    @classmethod
    def read(cls, path: Path, resolve: Resolve) -> _Section:
        try:
            text = path.read_text("utf-8")
            values = yaml.safe_load(text)
            node = yaml.compose(text)
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            mark = getattr(error, "problem_mark", None)
            problem = type(error).__name__ + (f" in line {mark.line + 1}" if mark else "")
            raise Fault(Reason.FILE_UNREADABLE, file=str(path), problem=problem) from None
        if not isinstance(values, dict):
            raise Fault(Reason.FILE_UNREADABLE, file=str(path), problem="no fields")
        lines: dict[str, int] = {}
        _find_lines(node, "", lines)
        return cls(path, "", values, lines, resolve)

    def names(self) -> list[str]:
        return [str(name) for name in self.values]

    def line(self, name: str) -> int | None:
        """The line of a field; the section's own for a field that is missing; None for the whole file."""
        return self._lines.get(self._dotted(name), self._lines.get(self._name))

    def value(self, name: str) -> Any:
        if self.values.get(name) is None:
            raise self._refusal(Reason.FIELD_MISSING, name)
        return self.values[name]

    def section(self, name: str) -> _Section:
        value = self.value(name)
        if not isinstance(value, dict):
            raise self._invalid(name, value, "fields")
        named = {str(key): each for key, each in value.items()}
        return _Section(self._path, self._dotted(name), named, self._lines, self._resolve)

    def optional_section(self, name: str) -> _Section | None:
        return None if self.values.get(name) is None else self.section(name)

    def text(self, name: str) -> str:
        value = self.value(name)
        if not isinstance(value, str):
            raise self._invalid(name, value, "a name")
        return value

    def texts(self, name: str) -> list[str]:
        value = self.value(name)
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self._invalid(name, value, "a list of names")
        return value

    def number(self, name: str) -> int:
        value = self.value(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._invalid(name, value, "a whole number")
        return value

    def flag(self, name: str) -> bool:
        value = self.value(name)
        if not isinstance(value, bool):
            raise self._invalid(name, value, "true or false")
        return value

    def duty(self, name: str) -> Duty:
        if name not in Duty.__members__:
            raise self._invalid(name, name, ", ".join(Duty.__members__))
        return Duty[name]

    def account(self, name: str) -> Address:
        return self.as_account(name, self.value(name))

    def accounts(self, name: str) -> tuple[Address, ...]:
        return tuple(self.as_account(name, each) for each in self.texts(name))

    def as_account(self, name: str, value: object) -> Address:
        try:
            if not isinstance(value, str):  # an address without quotes is a number to YAML
                raise ValueError
            return self._resolve(value)
        except ValueError:
            allowed = "an address in quotes, or the name of an account"
            raise self._invalid(name, value, allowed) from None

    def signature(self, name: str) -> bytes:
        value = self.value(name)
        try:
            signature = bytes.fromhex(str(value).removeprefix("0x"))
        except ValueError:
            signature = b""
        if len(signature) != 65:
            raise self._invalid(name, value, "65 bytes as 0x and hexadecimal digits, in quotes")
        return signature

    def nothing_else(self, *known: str) -> None:
        for name in self.names():
            if name not in known:
                raise self._refusal(Reason.FIELD_UNKNOWN, name, allowed=", ".join(known))

    def _dotted(self, name: str) -> str:
        return f"{self._name}.{name}" if self._name else name

    def _invalid(self, name: str, value: object, allowed: str) -> Refusal:
        return self._refusal(Reason.FIELD_INVALID, name, value=str(value)[:64], allowed=allowed)

    def _refusal(self, reason: Reason, name: str, **facts: str) -> Refusal:
        return Refusal(
            reason, file=str(self._path), field=self._dotted(name), line=self.line(name), **facts
        )


def _find_lines(node: yaml.Node | None, name: str, lines: dict[str, int]) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            dotted = f"{name}.{key.value}" if name else str(key.value)
            lines[dotted] = key.start_mark.line + 1
            _find_lines(value, dotted, lines)
