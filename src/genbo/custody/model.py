"""Keys (鍵情報, R-PROGMAT-T6), challenges and proofs: what custody knows."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from genbo.kernel import Address, Digest, InvestorId, ProductId, Reason, Refusal
from genbo.token import AccountWord

_COMPRESSED = 33
_RAW_PRIVATE = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """A public key and the address it speaks for.

    Raises:
        Refusal: `private_key_refused` for 32 bytes, which could be one; `public_key_invalid` for anything else that is
            not a compressed public key. Neither repeats the bytes (R-PROGMAT-T6.2).
    """

    address: Address
    key: bytes = field(repr=False)
    """Compressed, 33 bytes."""

    def __post_init__(self) -> None:
        if len(self.key) == _RAW_PRIVATE:
            raise Refusal(Reason.PRIVATE_KEY_REFUSED)
        if len(self.key) != _COMPRESSED or self.key[0] not in (2, 3):
            raise Refusal(Reason.PUBLIC_KEY_INVALID, account=self.address)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignedAddress:
    """An address that was only assigned, in development or by a register that was taken over: its public key was never
    shown."""

    address: Address


class KeyState(StrEnum):
    """Where a key stands in its life; only the next one can follow."""

    WAITING = "waiting"
    """待機: linked to its investor, and not on the ledger before a positive verdict."""
    ACTIVE = "active"
    """有効: speaks for its investor."""
    REPLACED = "replaced"
    """失効: re-keying put another in its place, for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """The link investor - product - address (鍵情報). The address is this investor's for ever."""

    investor: InvestorId
    """T6.1."""
    product: ProductId
    custodian: str | None
    """Whoever keeps the private key: the T9 id of a custodian, or the T8 id of a broker that keeps it itself. None
    where an address was only assigned."""
    public: PublicKey | AssignedAddress
    """T6.2: the public key only."""
    tree: str | None = None
    """Fingerprint of the extended public key it comes from; None when it was supplied with a proof."""
    index: int | None = None
    """Its index there."""
    created: datetime
    valid_from: datetime | None = None
    """The first instant it speaks for the investor; None while it waits."""
    valid_until: datetime | None = None
    """The first instant it no longer does; None while it does."""
    replaced_by: Address | None = None
    evidence: Digest | None = None
    """The order or application its replacement rests on."""

    @property
    def address(self) -> Address:
        return self.public.address

    @property
    def state(self) -> KeyState:
        if self.valid_from is None:
            return KeyState.WAITING
        return KeyState.ACTIVE if self.valid_until is None else KeyState.REPLACED

    def speaks_at(self, at: datetime) -> bool:
        """Whether a signature of that instant binds the investor."""
        if self.valid_from is None or at < self.valid_from:
            return False
        return self.valid_until is None or at < self.valid_until


@dataclass(frozen=True, slots=True)
class Deployment:
    """The one system a proof is for: another one cannot use it."""

    chain_id: int
    platform: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """What an address has to sign to show that its key is at hand: good once, for these ids, for a short while."""

    nonce: Digest
    """32 random bytes that nobody could foresee."""
    deployment: Deployment
    product: ProductId
    investor: InvestorId
    """The pseudonym; a name never enters a message that is signed."""
    address: Address
    expires: datetime
    """The first instant at which it is too late. Whole seconds."""


class ProofForm(StrEnum):
    """How the challenge was signed."""

    PERSONAL_MESSAGE = "eip191"
    """A text that every wallet shows (`personal_sign`)."""
    TYPED_DATA = "eip712"
    """Fields that a wallet shows one by one (`eth_signTypedData_v4`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A signature over a challenge (保有証明)."""

    form: ProofForm
    signature: bytes = field(repr=False)
    """65 bytes r, s, v."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rekeying:
    """A key in the place of another (鍵の更新)."""

    old: Key
    new: Key
    word: AccountWord
    """What the new address is on the ledger afterwards: balance, freezes, verdict, lock-up, flags."""
