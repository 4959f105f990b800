"""The table of duties is what the contracts enforce.

given the contracts' sources
    it should have the same duties under the same numbers
    it should bind every function that asks for a duty, and no other
given the two-person table
    it should hold by two persons whatever moves, creates or releases units against a will
given duties that exclude each other
    it should name only duties that exist, never the same one twice
"""

import re
from pathlib import Path

import pytest

from genbo.governance import EXCLUDES, POWERS, Contract, Duty, Holder, bound_functions, duty_of

CONTRACTS = Path(__file__).parents[3] / "contracts"
STRUCTS = {
    "Act": "(bytes32,bytes32,uint32)",
    "AnchorKind": "uint8",
    "Payment[]": "(uint32,address,uint64)[]",
    "PaymentOrder": "(bytes32,uint32,bytes32,address,address)",
    "ProductTerms": ("(bytes32,string,string,uint16,bytes32,bytes32,address,uint80,uint32,uint32)"),
}
PARTS = {
    Contract.TOKEN: (
        "token/Issuance.sol",
        "token/Repair.sol",
        "token/Transfers.sol",
        "token/SecurityToken.sol",
        "compliance/Restrictions.sol",
    ),
    Contract.PLATFORM: ("governance/Platform.sol",),
    Contract.FACTORY: ("token/TokenFactory.sol",),
    Contract.SETTLEMENT: ("settlement/Settlement.sol",),
    Contract.ANCHOR: ("register/RegisterAnchor.sol",),
    Contract.DISBURSEMENT: ("settlement/Disbursement.sol",),
    Contract.DOCUMENTS: ("register/DocumentRegistry.sol",),
}


def guarded(contract: Contract) -> set[str]:
    """Signatures of the functions of the sources that ask for a duty, by modifier or in their first line."""
    found = set()
    for part in PARTS[contract]:
        source = re.sub(r"//.*", "", (CONTRACTS / part).read_text())
        for name, arguments, rest in re.findall(
            r"function (\w+)\(([^)]*)\)([^{;]*\{\s*(?:if \(!_holdsDuty\(\)\))?)", source, re.DOTALL
        ):
            if re.search(r"\b(duty|dutyOnLiveProduct|_holdsDuty)\b", rest):
                types = [each.split()[0] for each in arguments.split(",") if each.strip()]
                found.add(f"{name}({','.join(STRUCTS.get(each, each) for each in types)})")
    return found


def test_numbers__compared_with_the_contract__are_the_same() -> None:
    source = (CONTRACTS / "governance" / "Duties.sol").read_text()
    numbers = {
        name: int(number)
        for name, number in re.findall(r"uint64 constant DUTY_(\w+) = (\d+);", source)
    }
    assert numbers == {duty.name: duty.value for duty in Duty if duty is not Duty.ADMIN}
    assert Duty.ADMIN == 0


@pytest.mark.parametrize("contract", Contract)
def test_functions__compared_with_the_sources__are_all_bound_and_no_other(
    contract: Contract,
) -> None:
    bound = [signature for signature, _ in bound_functions(contract)]
    assert len(bound) == len(set(bound))
    assert set(bound) == guarded(contract)


def test_powers__every_duty__has_exactly_one_row() -> None:
    assert sorted(power.duty for power in POWERS) == sorted(Duty)
    for power in POWERS:
        assert all((power.name_ja, power.institution, power.may, power.may_not, power.blocks))


@pytest.mark.parametrize(
    "signature",
    [
        "issue(address[],uint256[],(bytes32,bytes32,uint32))",
        "redeemAll(address[],(bytes32,bytes32,uint32))",
        "split(uint256,uint16,(bytes32,bytes32,uint32))",
        "forcedTransfer(address,address,uint256)",
        "redistribute(address,address,uint256,bytes32,bytes32)",
        "reverseTransfer(bytes32,address,address,uint256,(bytes32,bytes32,uint32))",
        "recoveryAddress(address,address,(bytes32,bytes32,uint32))",
    ],
)
def test_two_persons__whatever_moves_or_creates_units__is_held_by_a_safe(signature: str) -> None:
    """Invariant 5: no single key issues, forces, reverses, redistributes, re-keys or redeems."""
    duty = duty_of(Contract.TOKEN, signature)
    (power,) = [each for each in POWERS if each.duty is duty]
    assert power.held_by is Holder.TWO_PERSONS


def test_two_persons__releasing_and_resuming__are_held_by_a_safe_and_stopping_by_one() -> None:
    held = {power.duty: power.held_by for power in POWERS}
    assert held[Duty.RELEASER] is held[Duty.RESUMER] is held[Duty.ADMIN] is Holder.TWO_PERSONS
    assert held[Duty.STOPPER] is Holder.PERSON


def test_excludes__each_pair__is_of_two_duties() -> None:
    assert all(len(pair) == 2 and pair <= set(Duty) for pair in EXCLUDES)
    assert frozenset({Duty.STOPPER, Duty.RESUMER}) in EXCLUDES


def test_duty_of__open_function__is_not_bound() -> None:
    with pytest.raises(KeyError):
        duty_of(Contract.TOKEN, "transfer(address,uint256)")
