"""Reporting: what the register says, as documents that are the same bytes every time they are asked for."""

from genbo.reporting.extent import Extent, Form
from genbo.reporting.register_document import RegisterDocument, RegisterLine
from genbo.reporting.statutory_register import LotLine, Note, StatutoryRegister

__all__ = [
    "Extent",
    "Form",
    "LotLine",
    "Note",
    "RegisterDocument",
    "RegisterLine",
    "StatutoryRegister",
]
