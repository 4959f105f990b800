"""The development cast: who holds which duty where there are no real people.

Every person is a key of the well-known mnemonic, so the whole cast is refused on any chain that is not for
development. Nobody holds two duties that exclude each other, as in production.
"""

from collections.abc import Mapping
from types import MappingProxyType

from genbo.chain.keys import KeySigner, development_key
from genbo.chain.parameters import PlatformParameters, SafeParameters
from genbo.governance import Duty
from genbo.kernel import Address

PEOPLE: Mapping[str, int] = MappingProxyType(
    {
        "deployer": 0,
        "issue-1": 1,
        "issue-2": 2,
        "issue-3": 3,
        "distribution-1": 4,
        "repair-1": 5,
        "repair-2": 6,
        "repair-3": 7,
        "compliance-1": 8,
        "compliance-2": 9,
        "compliance-3": 10,
        "operator-1": 11,
        "operator-2": 12,
        "market-1": 13,
        "supervisor-1": 14,
        "supervisor-2": 15,
        "supervisor-3": 16,
        "governance-1": 17,
        "governance-2": 18,
        "governance-3": 19,
        "anchor-1": 20,
        "carrier-1": 21,
        "relay-1": 22,
    }
)
"""Names of the cast and the number of the key each signs with."""

CERTIFIER, CERTIFIER_KEY = "custody-1", 23
"""Who certifies balances for a custodian, and the number of the key. It is outside of the cast: no service has it."""

FIRST_INVESTOR_KEY = 100
"""Keys from here on speak for investors."""


def person(name: str) -> KeySigner:
    """The key of one of the cast. Raises KeyError for a name that is not in it."""
    return development_key(PEOPLE[name])


def cast() -> dict[Address, tuple[str, KeySigner]]:
    """Everybody's name and key, by address."""
    return {person(name).address: (name, person(name)) for name in PEOPLE}


def _safe(*names: str, duties: tuple[Duty, ...]) -> SafeParameters:
    return SafeParameters(
        owners=tuple(person(name).address for name in names), threshold=2, duties=duties
    )


def development_parameters() -> PlatformParameters:
    """The platform of the cast: five Safes of two out of three, and six people who act alone."""
    return PlatformParameters(
        safes={
            "governance": _safe(
                "governance-1", "governance-2", "governance-3", duties=(Duty.ADMIN,)
            ),
            "issue": _safe(
                "issue-1",
                "issue-2",
                "issue-3",
                duties=(
                    Duty.ISSUER,
                    Duty.PRODUCT_CREATOR,
                    Duty.CASH_ADMIN,
                    Duty.DOCUMENT_KEEPER,
                ),
            ),
            "repair": _safe(
                "repair-1",
                "repair-2",
                "repair-3",
                duties=(Duty.REPAIRER, Duty.TRANSFER_CONTROLLER),
            ),
            "compliance": _safe(
                "compliance-1",
                "compliance-2",
                "compliance-3",
                duties=(Duty.RESTRICTOR, Duty.RELEASER),
            ),
            "supervision": _safe(
                "supervisor-1", "supervisor-2", "supervisor-3", duties=(Duty.RESUMER,)
            ),
        },
        operators={
            Duty.DISTRIBUTOR: (person("distribution-1").address,),
            Duty.RESTRICTOR: (person("compliance-1").address,),
            Duty.STOPPER: (person("operator-1").address, person("operator-2").address),
            Duty.MARKET_OPERATOR: (person("market-1").address,),
            Duty.ANCHORER: (person("anchor-1").address,),
        },
    )
