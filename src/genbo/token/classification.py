"""Closed lists by which a product and its investors are classified. Codes are never reused."""

from enum import IntEnum, StrEnum


class LegalForm(StrEnum):
    """What the right is, by the law that creates it."""

    BENEFICIARY_CERTIFICATE_TRUST = "beneficiary_certificate_trust"
    """受益証券発行信託の受益権 (Trust Act 185)"""
    CORPORATE_BOND = "corporate_bond"
    """社債 (Companies Act 676)"""
    SHARE = "share"
    """株式 (Companies Act 104)"""
    SPECIFIED_PURPOSE_TRUST = "specified_purpose_trust"
    """特定目的信託の受益権"""
    PLAIN_TRUST = "plain_trust"
    """信託受益権 (no certificate)"""
    SILENT_PARTNERSHIP = "silent_partnership"
    """匿名組合出資持分"""

    @property
    def number(self) -> int:
        """The form in the ledger's legal category code."""
        return list(LegalForm).index(self) + 1


class LegalCategory(StrEnum):
    """How the Financial Instruments and Exchange Act treats the tokenised right (R-JSTOA-1.1)."""

    TOKENISED_SECURITY = "tokenised_security"
    """電子記録移転有価証券表示権利等 of an item-1 right (Article 2(1))"""
    ELECTRONIC_RECORD_TRANSFER_RIGHT = "electronic_record_transfer_right"
    """電子記録移転権利 (Article 2(3))"""
    EXCLUDED_ELECTRONIC_RECORD_TRANSFER_RIGHT = "excluded_electronic_record_transfer_right"
    """適用除外電子記録移転権利"""

    @property
    def number(self) -> int:
        """The category in the ledger's legal category code."""
        return list(LegalCategory).index(self) + 1


class PerfectionMethod(StrEnum):
    """対抗要件: how a transfer takes effect against third parties."""

    REGISTER_ENTRY = "register_entry"
    """Entry in the statutory register (Trust Act 195, Companies Act 130 and 688)"""
    DATED_NOTICE = "dated_notice"
    """Notice or consent with a certified date (Civil Code 467)"""
    CERTIFIED_SYSTEM = "certified_system"
    """Notice through a certified system (Industrial Competitiveness Enhancement Act 11-2)"""


class RightKind(StrEnum):
    """受益権種類 (R-PROGMAT-T3.4). Different kinds are different tokens and never fungible."""

    GENERAL = "general"
    """一般"""
    PREFERRED = "preferred"
    """優先"""
    SUBORDINATED = "subordinated"
    """劣後"""


class InvestorClass(IntEnum):
    """投資家区分: the class in an account word, 0 to 31; a product permits a set of them."""

    UNCLASSIFIED = 0
    """未区分: an account that no verdict has classified"""
    INDIVIDUAL = 1
    """一般個人"""
    CORPORATION = 2
    """一般法人"""
    PROFESSIONAL = 3
    """特定投資家"""
    QUALIFIED_INSTITUTION = 4
    """適格機関投資家"""
    INITIAL_BENEFICIARY = 5
    """当初受益者: the settlor, until the units are distributed"""

    @property
    def key(self) -> str:
        """The name used in files."""
        return self.name.lower()
