"""Call: one write to a contract, before anybody decided who makes it.

The wrappers make calls; a `Sender` sends one, or a Safe wraps it for two persons.
"""

from dataclasses import dataclass
from typing import Any

from genbo.chain.artifacts import Artifact
from genbo.kernel import Address, Digest


@dataclass(frozen=True, slots=True)
class Call:
    """What a transaction would carry."""

    to: Address | None
    """None creates a contract."""
    data: bytes
    what: str
    """The act in a few words, for the printed line of a demo or a deployment. No personal data."""
    evidence: Digest | None = None
    """Digest of the document it rests on, where the act carries one."""


def creation(artifact: Artifact, *arguments: Any) -> Call:
    """The call that creates this contract."""
    data = artifact.creation_code + artifact.interface.encode_constructor(*arguments)
    return Call(None, data, f"create {artifact.name}")
