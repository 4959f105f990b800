"""Reporting: what the register says, as documents that are the same bytes every time they are asked for."""

from genbo.reporting.register_document import RegisterDocument, RegisterLine

__all__ = ["RegisterDocument", "RegisterLine"]
