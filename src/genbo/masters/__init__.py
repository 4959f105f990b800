"""Masters (マスター): the sixteen tables, what each column means, and what may stand in it.

A rule of a column is stated here once and asked by everybody who takes data in: a file, the interface, a page. Nothing
here knows a database.
"""

from genbo.masters.contract import TrustContract
from genbo.masters.firm import BankAccount, Contact, Firm, FirmKind

__all__ = ["BankAccount", "Contact", "Firm", "FirmKind", "TrustContract"]
