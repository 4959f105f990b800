"""How the words of the rules look on the ledger: times, days, the structs that travel with a call."""

from datetime import date, datetime

from genbo.chain.hexes import bytes_of
from genbo.kernel import UTC, Digest, Reason, Reference, Refusal, to_bytes32
from genbo.token import Act, LedgerTerms

NOTHING = bytes(32)
"""A reference or digest that is not given."""


def terms_struct(terms: LedgerTerms) -> tuple[object, ...]:
    """`ProductTerms` of `ISecurityToken.sol`."""
    return (
        to_bytes32(terms.product_id),
        terms.name,
        terms.symbol,
        terms.legal_category,
        bytes_of(terms.terms_digest),
        to_bytes32(terms.transfer_control_id),
        terms.initial_beneficiary,
        terms.authorised_cap,
        terms.redemption_date,
        terms.permitted_classes,
    )


def act_struct(act: Act) -> tuple[bytes, bytes, int]:
    """`Act` of `MovementKind.sol`. What is missing goes to the ledger as zero, and the token refuses it."""
    return (reference_word(act.ref), digest_word(act.evidence), yyyymmdd(act.delivery_date))


def reference_word(ref: Reference | None) -> bytes:
    return NOTHING if ref is None else to_bytes32(ref)


def word_of(key: str) -> bytes:
    """The 32 bytes that `from_bytes32` shows as `key`, foreign ones included.

    Raises:
        Refusal: `key_malformed`.
    """
    return bytes_of(key) if len(key) == 66 and key.startswith("0x") else to_bytes32(key)


def digest_word(digest: Digest | None) -> bytes:
    return NOTHING if digest is None else bytes_of(digest)


def yyyymmdd(day: date | None) -> int:
    """The ledger's form of a day; 0 for none."""
    return 0 if day is None else day.year * 10_000 + day.month * 100 + day.day


def seconds(at: datetime | None) -> int:
    """The ledger's form of an instant: UTC seconds in 32 bits, 0 for none. Raises Refusal(time_malformed)."""
    if at is None:
        return 0
    value = -1 if at.tzinfo is None else int(at.timestamp())
    if not 0 < value < 2**32:
        raise Refusal(Reason.TIME_MALFORMED, text=str(at))
    return value


def instant(value: int) -> datetime | None:
    """The instant that the ledger writes as `value`; None for 0."""
    return None if value == 0 else datetime.fromtimestamp(value, UTC)
