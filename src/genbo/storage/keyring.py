"""Key ring (鍵束): the key-encryption keys this process can reach. The first wraps, all of them open.

During a rotation some keys are wrapped by the old one and some by the new one; whoever has both on the ring reads
either.
"""

from collections.abc import Iterable, Sequence

from genbo.governance.key_wrapping import KeyWrapper, OwnedKey
from genbo.kernel import Fault, InvestorId, Reason
from genbo.storage.keyfile import KeyEncryptionKey
from genbo.storage.sealing import Place

Wrapped = tuple[str, OwnedKey]
"""The id of the key-encryption key, and what it wraps."""


class KeyRing:
    """Wraps and opens keys, many at once."""

    def __init__(self, first: KeyWrapper, *others: KeyWrapper) -> None:
        self._wrappers = (first, *others)

    def __repr__(self) -> str:
        return f"KeyRing({', '.join(map(repr, self._wrappers))})"

    @property
    def id(self) -> str:
        """The id of the key that wraps from now on."""
        return self._wrappers[0].id

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of every key here."""
        return tuple(each.id for each in self._wrappers)

    def file_key(self, kek_id: str) -> KeyEncryptionKey | None:
        """The key file of that id; None when it is not on the ring, or is no file."""
        for each in self._wrappers:
            if isinstance(each, KeyEncryptionKey) and each.id == kek_id:
                return each
        return None

    def reads(self, kek_id: str) -> bool:
        """Whether a key here opens what was wrapped under that id."""
        return any(each.reads(kek_id) for each in self._wrappers)

    def wrap(self, keys: Sequence[OwnedKey]) -> list[bytes]:
        """The keys under `id`. Raises as `KeyWrapper.wrap`."""
        return self._wrappers[0].wrap(keys) if keys else []

    def unwrap(self, wrapped: Sequence[Wrapped]) -> list[bytes]:
        """The plain keys, in their order.

        Raises:
            Fault: `setting_invalid` when a key-encryption key is not on the ring; as `KeyWrapper.unwrap`.
        """
        plain: list[bytes] = [b""] * len(wrapped)
        for wrapper, places in self._by_wrapper(wrapped):
            opened = wrapper.unwrap([wrapped[place][1] for place in places])
            for place, key in zip(places, opened, strict=True):
                plain[place] = key
        return plain

    def rewrap(self, wrapped: Sequence[Wrapped]) -> list[bytes]:
        """The keys under `id`, whatever they were under; a service that has both versions does not tell them. Raises as
        `unwrap`."""
        first = self._wrappers[0]
        again: list[bytes] = [b""] * len(wrapped)
        for wrapper, places in self._by_wrapper(wrapped):
            keys = [wrapped[place][1] for place in places]
            if wrapper is first:
                renewed = first.rewrap(keys)
            else:
                renewed = first.wrap(
                    [
                        OwnedKey(name=key.name, owner=key.owner, content=plain)
                        for key, plain in zip(keys, wrapper.unwrap(keys), strict=True)
                    ]
                )
            for place, key in zip(places, renewed, strict=True):
                again[place] = key
        return again

    def _by_wrapper(self, wrapped: Sequence[Wrapped]) -> Iterable[tuple[KeyWrapper, list[int]]]:
        """Each wrapper with the places of the keys that it opens."""
        found: dict[int, list[int]] = {}
        for place, (kek_id, _) in enumerate(wrapped):
            found.setdefault(self._reader_of(kek_id), []).append(place)
        return [(self._wrappers[reader], places) for reader, places in found.items()]

    def _reader_of(self, kek_id: str) -> int:
        for at, each in enumerate(self._wrappers):
            if each.reads(kek_id):
                return at
        raise Fault(
            Reason.SETTING_INVALID,
            setting="GENBO_KEK",
            problem=f"the database is sealed with key {kek_id}, here are {', '.join(self.ids)}",
        )


def owner_key_of(owner: str, content: bytes) -> OwnedKey:
    """The data key of an owner that is no investor, plain or wrapped."""
    bound = Place(table="owner_key", column="wrapped_key").bound_to(InvestorId(owner))
    return OwnedKey(name=owner, owner=bound, content=content)


def data_key_of(investor: InvestorId, content: bytes) -> OwnedKey:
    """The data key of an investor, plain or wrapped."""
    owner = Place(table="investor_key", column="wrapped_key").bound_to(investor)
    return OwnedKey(name=investor, owner=owner, content=content)


def secret_of(name: str, content: bytes) -> OwnedKey:
    """A secret of the vault itself, plain or wrapped."""
    owner = Place(table="vault_secret", column="wrapped_key", row=name).bound_to(InvestorId(""))
    return OwnedKey(name=name, owner=owner, content=content)
