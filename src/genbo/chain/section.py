"""Section: one mapping of a file that people write, with the lines its fields stand on.

Whatever is missing, wrong or unknown is refused with file, field and line.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from genbo.governance import Duty
from genbo.kernel import Address, Digest, Fault, Reason, Refusal

Resolve = Callable[[str], Address]
"""The address an account's name stands for. Raises ValueError for a name it does not know."""


class Section:
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
    def read(cls, path: Path, resolve: Resolve) -> Section:
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

    def section(self, name: str) -> Section:
        value = self.value(name)
        if not isinstance(value, dict):
            raise self._invalid(name, value, "fields")
        named = {str(key): each for key, each in value.items()}
        return Section(self._path, self._dotted(name), named, self._lines, self._resolve)

    def optional_section(self, name: str) -> Section | None:
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

    def digest(self, name: str) -> Digest:
        value = self.value(name)
        if not re.fullmatch(r"0x[0-9a-f]{64}", str(value)):
            allowed = "a digest as 0x and 64 lower-case hexadecimal digits, in quotes"
            raise self._invalid(name, value, allowed)
        return Digest(value)

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


def approvals(section: Section | None) -> dict[str, dict[Address, bytes]]:
    """Signatures made elsewhere: digest of the act to owner to signature. None for a file without any."""
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
