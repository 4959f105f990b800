"""Cast: everybody who acts here, with the duties they were given.

Where a duty takes two persons, one key plays their account: that the account takes two is shown elsewhere
(`test_functions.py`). The RESUMER is a real one, because the platform looks at who resumes.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.contracts.actors import Person, TwoPersons
from tests.contracts.stage import Stage

from genbo.governance import Contract, Duty, duty_of
from genbo.kernel import Address

HOLDERS = 10
"""Keys 0 to 9 are holders: 0 the beneficiary, 1 ann, 2 bob, 3 corp; the others begin without a verdict."""

ROLES: dict[str, tuple[Duty, ...]] = {
    "issuer": (Duty.ISSUER,),
    "distributor": (Duty.DISTRIBUTOR,),
    "restrictor": (Duty.RESTRICTOR,),
    "releaser": (Duty.RESTRICTOR, Duty.RELEASER),
    "repairer": (Duty.REPAIRER,),
    "stopper": (Duty.STOPPER,),
    "market operator": (Duty.MARKET_OPERATOR,),
    "controller": (Duty.TRANSFER_CONTROLLER,),
    "creator": (Duty.PRODUCT_CREATOR, Duty.CASH_ADMIN, Duty.DOCUMENT_KEEPER),
    "anchorer": (Duty.ANCHORER,),
}
_FIRST_ROLE = 700


@dataclass(frozen=True)
class Member:
    """One who acts."""

    name: str
    actor: Person | TwoPersons
    duties: frozenset[Duty] = frozenset()

    @property
    def address(self) -> Address:
        return self.actor.address


class Cast:
    """Who there is."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.roles = [
            Member(name, stage.person(_FIRST_ROLE + number), frozenset(duties))
            for number, (name, duties) in enumerate(ROLES.items())
        ]
        self.holders = [Member(f"holder {n}", stage.person(n)) for n in range(HOLDERS)]
        self.others = [
            Member("stranger", stage.person(800)),
            Member("carrier", stage.person(801)),
            Member("resumer", stage.resumer, frozenset({Duty.RESUMER})),
            Member("admin", stage.admin, frozenset({Duty.ADMIN})),
        ]

    def grant(self) -> None:
        """Hands the roles their duties."""
        for role in self.roles:
            for duty in role.duties:
                call = self.stage.manager("grantRole", int(duty), role.address, 0)
                self.stage.admin.does(call)

    @property
    def everybody(self) -> list[Member]:
        return [*self.roles, *self.holders, *self.others]

    def entitled(self, contract: Contract, signature: str) -> list[Member]:
        """Those who hold the duty of the function; nobody where it needs none."""
        try:
            duty = duty_of(contract, signature)
        except KeyError:
            return []
        return [member for member in self.everybody if duty in member.duties]

    def member(self, address: Address) -> Member | None:
        return next((each for each in self.everybody if each.address == address), None)
