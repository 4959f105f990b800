"""Custody: which address speaks for which investor, product by product.

A key is created on demand below a custodian's extended public key, or supplied with a proof of possession; it speaks
for its investor only after a positive verdict, and is replaced by re-keying, which carries its restrictions over.
Promises: an address or index is never used twice, gaps stay bounded, no private key is ever taken, and replaced keys
stay listed with the instants they were valid, so that old signatures can be checked (R-PROGMAT-T6).
"""

from genbo.custody.model import (
    AssignedAddress,
    Challenge,
    Deployment,
    Key,
    KeyState,
    Proof,
    ProofForm,
    PublicKey,
    Rekeying,
)
from genbo.custody.operations import GAP_LIMIT, challenge, create, prove, register, replace
from genbo.custody.ports import AddressTree, Challenges, Extent, Keys, PossessionCheck
from genbo.custody.queries import active_key, key_of, waiting_key

__all__ = [
    "GAP_LIMIT",
    "AddressTree",
    "AssignedAddress",
    "Challenge",
    "Challenges",
    "Deployment",
    "Extent",
    "Key",
    "KeyState",
    "Keys",
    "PossessionCheck",
    "Proof",
    "ProofForm",
    "PublicKey",
    "Rekeying",
    "active_key",
    "challenge",
    "create",
    "key_of",
    "prove",
    "register",
    "replace",
    "waiting_key",
]
