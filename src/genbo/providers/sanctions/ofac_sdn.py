"""OFAC's SDN list as XML (`SDN.XML`), streamed: only the texts that are wanted are ever kept.

The file is parsed by what defusedxml allows: no document type, so no entity of any sort, inside or out.
"""

import re
from datetime import date
from pathlib import Path

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from genbo.compliance.screening import SanctionsList
from genbo.providers.sanctions.file import TEXT_AT_MOST, Entries, HashingFile, invalid, open_list
from genbo.providers.sanctions.words import SDN_TYPES, worded_births

SOURCE = "ofac-sdn-xml"
DEPTH_AT_MOST = 16
_PIECE = 2**16
_ROOT = "sdnList"
_ENTRY = f"{_ROOT}/sdnEntry"
_AKA = f"{_ENTRY}/akaList/aka"
_HEAD = f"{_ROOT}/publshInformation"
_BIRTH = f"{_ENTRY}/dateOfBirthList/dateOfBirthItem/dateOfBirth"
_PROGRAM = f"{_ENTRY}/programList/program"
_WANTED = frozenset(
    {
        f"{_HEAD}/Publish_Date",
        f"{_HEAD}/Record_Count",
        f"{_ENTRY}/uid",
        f"{_ENTRY}/firstName",
        f"{_ENTRY}/lastName",
        f"{_ENTRY}/sdnType",
        f"{_AKA}/firstName",
        f"{_AKA}/lastName",
        _BIRTH,
        _PROGRAM,
    }
)
_PUBLISHED = re.compile(r"(\d{2})/(\d{2})/(\d{4})")


def read_ofac_sdn(path: Path, *, name: str) -> SanctionsList:
    """The list in the file at `path`, whole; the day it was published stands in it.

    Raises:
        Fault: `file_unreadable`.
        Refusal: `screening_list_invalid`, with line and element; also when the file has another number of entries
            than it says, as a file that was cut off has.
    """
    entries = Entries(path)
    reading = _Reading(path, entries)
    parser = DefusedXMLParser(target=reading, forbid_dtd=True)
    reading.where = parser.parser
    with open_list(path) as file:
        hashed = HashingFile(file)
        try:
            while piece := hashed.read(_PIECE):
                parser.feed(piece)
            parser.close()
        except ParseError as error:
            raise invalid(path, "not XML", line=error.position[0]) from None
        except DefusedXmlException:
            raise invalid(path, "a document type or an entity", line=reading.line) from None
        except (LookupError, ValueError):  # an encoding the parser does not know
            raise invalid(path, "not XML", line=reading.line) from None
        published = reading.finish()
        return entries.as_list(
            name=name, source=SOURCE, published=published, digest=hashed.digest()
        )


class _Reading:
    """The parser's target: follows the path of elements and keeps the texts of one entry at a time."""

    def __init__(self, path: Path, entries: Entries) -> None:
        self._path = path
        self._entries = entries
        self._open: list[str] = []
        self._text: list[str] | None = None
        self._length = 0
        self._head: dict[str, str] = {}
        self._entry: dict[str, str] = {}
        self._aka: dict[str, str] = {}
        self._names: list[str] = []
        self._births: list[str] = []
        self._programs: list[str] = []
        self._count = 0
        self.where: object = None

    @property
    def line(self) -> int | None:
        """The line being read."""
        return getattr(self.where, "CurrentLineNumber", None)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        element = tag.rpartition("}")[2]
        if not self._open and element != _ROOT:
            raise self._invalid(f"the outermost element is not {_ROOT}")
        if len(self._open) == DEPTH_AT_MOST:
            raise self._invalid("elements too deep")
        self._open.append(element)
        place = "/".join(self._open)
        self._text, self._length = ([] if place in _WANTED else None), 0
        if place == _ENTRY:
            self._entry, self._names, self._births, self._programs = {}, [], [], []
        elif place == _AKA:
            self._aka = {}

    def data(self, text: str) -> None:
        if self._text is not None:
            self._length += len(text)
            if self._length > TEXT_AT_MOST:
                raise self._invalid("a text that is too long")
            self._text.append(text)

    def end(self, tag: str) -> None:
        place = "/".join(self._open)
        if self._text is not None:
            self._keep(place, "".join(self._text).strip())
            self._text = None
        if place == _AKA:
            self._names.append(_full_name(self._aka))
            if len(self._names) > TEXT_AT_MOST:
                raise self._invalid("too many names")
        elif place == _ENTRY:
            self._finish_entry()
        self._open.pop()

    def close(self) -> None:
        """Nothing is left open: the parser has seen to it."""

    def finish(self) -> date:
        """The day of publication, once the whole file was read and its count agrees."""
        written = _PUBLISHED.fullmatch(self._head.get("Publish_Date", ""))
        try:
            if written is None:
                raise ValueError
            published = date(int(written[3]), int(written[1]), int(written[2]))
        except ValueError:
            raise invalid(self._path, "no day as MM/DD/YYYY", element="Publish_Date") from None
        if self._head.get("Record_Count") != str(self._count):
            problem = f"{self._count} entries are there and the file says otherwise"
            raise invalid(self._path, problem, element="Record_Count")
        return published

    def _keep(self, place: str, text: str) -> None:
        element = self._open[-1]
        if place.startswith(_HEAD):
            self._head[element] = text
        elif place.startswith(_AKA):
            self._aka[element] = text
        elif place == _BIRTH:
            self._births += worded_births(text)
        elif place == _PROGRAM:
            self._programs.append(text)
        else:
            self._entry[element] = text

    def _finish_entry(self) -> None:
        self._count += 1
        kind = SDN_TYPES.get(self._entry.get("sdnType", ""))
        if kind is None:
            raise self._invalid("a type this list does not have", field="sdnType")
        self._entries.add(
            id=self._entry.get("uid", ""),
            kind=kind,
            names=[_full_name(self._entry), *self._names],
            births=self._births,
            programs=self._programs,
            line=self.line,
            element=_ENTRY,
        )

    def _invalid(self, problem: str, **where: str) -> Exception:
        place = "/".join(self._open)[:200]
        return invalid(self._path, problem, line=self.line, element=place, **where)


def _full_name(parts: dict[str, str]) -> str:
    return f"{parts.get('firstName', '')} {parts.get('lastName', '')}"
