"""What requests reach: reasons that no test of the interface meets itself, and how or why not.

`test_reasons.py` finds by itself what the tests of the interface meet. Every other reason stands here, once.
"""

from __future__ import annotations

from dataclasses import dataclass

from genbo.kernel import Reason


@dataclass(frozen=True, slots=True)
class Group:
    """Reasons of one kind."""

    how: str
    """How a request reaches them, or why none does."""
    reasons: frozenset[Reason]
    tests: tuple[str, ...] = ()
    """Where the rule is tested, below tests/; each reason is spoken of in one of them."""


def _of(names: str) -> frozenset[Reason]:
    return frozenset(Reason[name] for name in names.split())


BY_ACTS = (
    Group(
        "A transfer or an act under a duty, refused by the token in a state that other tests make; every act passes "
        "through one judgement (dry_run, prepare, order), and its refusal is told as it is.",
        _of(
            "PRODUCT_ENDED SENDER_RETIRED SENDER_UNVERIFIED SENDER_VERDICT_EXPIRED RECIPIENT_INVALID "
            "RECIPIENT_RETIRED RULE_REFUSED RULE_FAILED PRODUCT_INCOMPLETE REDEMPTION_NOT_DUE SPLIT_OVERFLOW "
            "UNITS_TOO_LARGE TARGET_NOT_EMPTY CLASS_UNKNOWN ALREADY_STOPPED RESUME_NEEDS_OTHERS HOLD_UNITS_HELD "
            "AUTHORISATION_NOT_YET_VALID APPROVALS_TOO_FEW ACT_TOO_LARGE"
        ),
        ("domain/token/*.py", "contracts/*.py", "contracts/*.tree", "chain/*.py", "bootstrap/*.py"),
    ),
    Group(
        "An order to transfer, refused or kept waiting by what the registry knows of its product and people.",
        _of(
            "NOT_A_LOT_MULTIPLE BOOK_CLOSED SCREENING_MISSING SCREENING_STALE SCREENING_HIT SCREENING_POSSIBLE "
            "SCREENING_UNMATCHABLE"
        ),
        ("bootstrap/*.py", "domain/governance/*.py", "domain/compliance/**/*.py"),
    ),
    Group(
        "A customer or an address that is registered (POST /v1/investors, .../wallets, .../proofs).",
        _of("USE_RESTRICTED ADDRESS_IN_USE CHALLENGE_EXPIRED KEY_ACTIVE KEY_GAP_TOO_WIDE"),
        ("bootstrap/*.py", "domain/custody/*.py", "storage/*.py"),
    ),
    Group(
        "A file for a master: what is wrong with a row is read at GET /v1/files/{file}/problems.",
        _of(
            "IMPORT_KIND_NOT_POSSIBLE IMPORT_ROW_UNKNOWN IMPORT_ROW_EXISTS ROW_INVALID "
            "FIELD_TWICE FIELD_UNKNOWN FIRM_UNKNOWN CONTRACT_EXISTS CONTRACT_UNKNOWN BANK_UNKNOWN FILE_UNREADABLE "
            "CALENDAR_DAY_PASSED CALENDAR_UNCHANGED INVESTOR_STATUS_UNREACHABLE INVESTOR_HOLDS_UNITS KEY_MALFORMED"
        ),
        ("bootstrap/*.py", "storage/*.py", "providers/**/*.py", "domain/**/*.py"),
    ),
    Group(
        "Any request, while what the service stands on does not answer as it must: 503 with the reason, or 500 where "
        "an invariant does not hold.",
        _of(
            "DATABASE_FULL DATABASE_RIGHTS_MISSING CHAIN_MISMATCH NODE_BEHIND TRANSACTION_FAILED TRANSACTION_UNKNOWN "
            "REGISTER_BEHIND KEY_SERVICE_UNAVAILABLE INVARIANT_BROKEN"
        ),
        ("storage/*.py", "chain/*.py", "bootstrap/*.py", "providers/*.py"),
    ),
    Group(
        "A record date, a distribution, a payment file, a corporate action or a document of the register, ordered by "
        "its route.",
        _of(
            "ACTION_INTERRUPTED RECORD_DATE_UNKNOWN RECORD_DATE_NOT_OVER RECORD_DATE_EMPTY TAX_RATE_MISSING "
            "DISTRIBUTION_NOT_OPEN DISTRIBUTION_CORRECTED PAYMENT_DAY_CLOSED "
            "PAYMENT_NOTHING_DUE PAYMENT_LINE_UNWRITABLE PAYMENT_LINE_UNKNOWN PAYMENT_LINE_STATE "
            "PAYMENT_FILE_MALFORMED EXTENT_NOT_OPEN PRINTOUT_UNREADABLE"
        ),
        (
            "bootstrap/*.py",
            "scenarios/*.py",
            "domain/entitlements/*.py",
            "storage/*.py",
            "cli/*.py",
        ),
    ),
    Group(
        "A batch of payments in a yen token, refused by the payment contract in a state that other tests make; and the "
        "terms under which it is paid.",
        _of(
            "CASH_UNFIT PAYMENT_INCOMPLETE PAYMENT_LIST_NOT_ANCHORED PAYMENT_LINE_INVALID PAYMENT_LINE_PAID "
            "PAYMENT_GAS_TOO_LOW"
        ),
        ("bootstrap/*.py", "contracts/*.py", "chain/*.py"),
    ),
)
"""Requests can meet these; the rule is tested where it lives, and not once more through the interface."""

NOT_BY_REQUESTS = (
    Group(
        "People sign in, choose passwords and are given powers by commands (later the console); the interface has "
        "systems alone.",
        _of(
            "SIGN_IN_REFUSED PASSWORD_WEAK PASSWORD_REUSED CODE_REFUSED USER_TWICE USER_NOT_ACTIVE "
            "USER_STATUS_UNREACHABLE DUTIES_EXCLUDE PERMISSION_NOT_OF_ROLE PERMISSION_NOT_OF_KIND PERMISSION_MISSING "
            "PERMISSION_UNCHANGED PROPOSAL_DIFFERS SECOND_FACTOR_MISSING PASSWORD_NOT_CHOSEN POWERS_SUSPENDED "
            "POWERS_NOT_SUSPENDED IDENTITY_MISSING IDENTITY_TAKEN IDENTITY_UNPROVED IDENTITY_PROVIDER_UNREACHABLE "
            "ACCESS_FOUNDED PROPOSAL_UNKNOWN PROPOSAL_NOT_OPEN"
        ),
    ),
    Group(
        "Whatever is not there, or not theirs, is `not_found` to whoever asks over the interface: the reason would "
        "tell which of the two it is.",
        _of(
            "PRODUCT_UNKNOWN INVESTOR_UNKNOWN COMMAND_UNKNOWN ORDER_UNKNOWN "
            "INSTITUTION_UNKNOWN GROUP_UNKNOWN"
        ),
    ),
    Group(
        "The description of the interface refuses it first, as `request_malformed`, or makes it impossible.",
        _of("UNITS_OUT_OF_RANGE LENGTH_MISMATCH"),
    ),
    Group(
        "Holds, allowances and settlement against cash are contracts that no route orders yet.",
        _of(
            "HOLD_EXISTS HOLD_NOT_STANDING HOLD_EXPIRED HOLD_NOT_EXPIRED HOLD_NOT_NOTARY HOLD_EXPIRY_INVALID "
            "INSUFFICIENT_ALLOWANCE SPENDER_INVALID AUTHORISATION_NOT_RECIPIENT DEADLINE_PASSED "
            "NONCE_USED TRADE_CANCELLED AGENT_INVALID NOT_AGENT NOT_INSTRUCTED BATCH_UNBALANCED "
            "BATCH_MALFORMED DELIVERY_FAILED LIMIT_INVALID HOLDERS_NOT_COUNTED COUNTING_TOO_LATE"
        ),
    ),
    Group(
        "Deploying, founding, a product's making and its succession are done by commands and scripts of the registrar.",
        _of(
            "NOT_PLATFORM BENEFICIARY_FIXED CODE_NOT_APPROVED ACTS_FOREIGN GROUP_EXISTS CREATION_FAILED "
            "DOCUMENTS_EXIST DOCUMENT_UNKNOWN DOCUMENT_MALFORMED SUCCESSOR_INVALID SUCCESSOR_DIFFERS HOLDS_STANDING "
            "RULE_UNKNOWN STATEMENT_MISSING STATEMENT_INVALID FIRM_EXISTS STATUS_UNREACHABLE"
        ),
    ),
    Group(
        "Roots of days are anchored by routines, and a person at the command line asks for one.",
        _of("ANCHOR_MALFORMED DAY_NOT_OVER DAY_EMPTY"),
    ),
    Group(
        "Trees of keys, their fingerprints and public keys of credentials are registered by commands.",
        _of(
            "PRIVATE_KEY_REFUSED PUBLIC_KEY_INVALID EXTENDED_KEY_INVALID FINGERPRINT_MISMATCH KEY_NOT_WAITING "
            "TREE_EXISTS TREE_NOT_APPROVED"
        ),
    ),
    Group(
        "Identity checks come from their provider by an entrance of its own; verdicts are taken back by commands.",
        _of(
            "KYC_SESSION_UNKNOWN KYC_CALLBACK_UNSIGNED KYC_CALLBACK_KEY_UNKNOWN KYC_CALLBACK_AUDIENCE "
            "KYC_CALLBACK_STALE KYC_CALLBACK_MALFORMED KYC_CALLBACK_OUT_OF_ORDER KYC_CALLBACK_REPLAYED "
            "VERDICT_MISSING"
        ),
    ),
    Group(
        "Lists, screenings, their release and the Travel Rule are the work of compliance at the command line.",
        _of(
            "SCREENING_CLEAR SCREENING_SAME_PERSON SCREENING_LIST_DIFFERS SCREENING_LIST_INVALID SCREENING_UNKNOWN "
            "RELEASE_UNKNOWN SCREENING_LIST_KNOWN TRAVEL_RULE_INVALID"
        ),
    ),
    Group(
        "Retention, legal holds, erasure and rotation of keys of the vault are commands.",
        _of(
            "RETENTION_NOT_OVER INDEX_MISSING LEGAL_HOLD_UNKNOWN RELATION_END_DIFFERS ERASURE_UNKNOWN"
        ),
    ),
    Group(
        "The id of a disclosure is drawn, and is nobody else's.",
        _of("DISCLOSURE_EXISTS"),
    ),
    Group(
        "The service does not begin, or a command ends, before any request could be asked.",
        _of(
            "DATABASE_MIGRATION DATA_FOLDER_IN_USE DEVELOPMENT_KEY_REFUSED SETTING_INVALID DEPLOYMENT_MISSING "
            "WIRING_MISMATCH BYTECODE_MISMATCH COMMAND_INVALID FILE_UNWRITABLE"
        ),
    ),
    Group(
        "A finding of the watch over nodes, sender and follower: it shows in the health of the service and in its log.",
        _of(
            "NODES_DISAGREE REORGANISATION_TOO_DEEP OUTCOME_UNKNOWN COMMANDS_WAIT COMMAND_WAITING NUMBER_TAKEN "
            "PRODUCT_UNRECORDED"
        ),
    ),
)
"""No request meets these."""

NOT_TRIED = (
    Group(
        "A route can meet these, and no test anywhere raises them yet: a gap.",
        _of("RECORD_DATE_NOT_FINAL DISTRIBUTION_EXISTS"),
    ),
)
"""To be tried; who does takes them off."""
