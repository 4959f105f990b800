"""Key wrapping (鍵の包装): what the vault needs from a key-encryption key, wherever that is kept.

A data key is stored wrapped. Who wraps it may be a file on a laptop, a HashiCorp Vault or the key service of a cloud;
the key-encryption key (鍵暗号化鍵, KEK) of the latter two never leaves them. Each wrapped key is bound to its owner:
it opens for nobody else.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedKey:
    """A key, plain or wrapped, and whose it is."""

    name: str
    """Whose it is, for errors: an investor id, or the name of a secret. Never a person's name."""
    owner: bytes
    """What the wrapping is bound to."""
    content: bytes = field(repr=False)


class KeyWrapper(Protocol):
    """One key-encryption key. Many keys travel at once, because a service is asked over a network."""

    @property
    def id(self) -> str:
        """What stands beside each key it wraps; changes with every version of the key."""

    def reads(self, kek_id: str) -> bool:
        """Whether it opens what was wrapped under that id: its own, and those of its earlier versions."""

    def wrap(self, keys: Sequence[OwnedKey]) -> list[bytes]:
        """The keys, wrapped under `id`, in their order.

        Raises:
            Fault: `key_service_unavailable` when the service is away or refuses.
        """

    def unwrap(self, keys: Sequence[OwnedKey]) -> list[bytes]:
        """The plain keys, in their order.

        Raises:
            Fault: `invariant_broken`, naming one that was changed or belongs to another owner;
                `key_service_unavailable`.
        """

    def rewrap(self, keys: Sequence[OwnedKey]) -> list[bytes]:
        """The keys, wrapped under `id` instead of an earlier version of it; a service does so without telling them.

        Raises:
            Fault: as `unwrap`.
        """
