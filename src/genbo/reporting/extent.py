"""Extent and form of a printout: how much of the register it shows, and as what file."""

from enum import StrEnum


class Extent(StrEnum):
    """How much of a register is printed (R-PROGMAT-VIS-1 to 4)."""

    FULL = "full"
    """全部: every lot with name and address; for the registrar, and for an issuer under a disclosure"""
    REDUCED = "reduced"
    """氏名等を除く: every lot, holders by id; for the issuer"""
    OWN_CUSTOMERS = "own_customers"
    """自社顧客分: the lots of one's own customers with name and address; for brokers and custodians"""

    @property
    def named(self) -> bool:
        """Whether names are in it."""
        return self is not Extent.REDUCED


class Form(StrEnum):
    """The file that a document becomes."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"
