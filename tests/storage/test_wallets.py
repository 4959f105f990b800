"""Wallets (R-PROGMAT-T6).

given investors in a product
    when addresses are assigned
        it should have one active address per investor, and refuse another or somebody else's
    when a key is replaced
        it should speak for the same investor, and the old address should stay listed and never come back
"""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, insert
from sqlalchemy.exc import IntegrityError
from tests.storage.builders import P1, account, deploy, new_investor

from genbo.kernel import InvestorId, Reason, Refusal
from genbo.storage import tables
from genbo.storage.investors import Investors
from genbo.storage.vault import Vault
from genbo.storage.wallets import Wallet, Wallets

NOW = datetime(2021, 8, 1, tzinfo=UTC)
LATER = datetime(2022, 8, 1, tzinfo=UTC)
ONE, TWO = InvestorId("IV-1"), InvestorId("IV-2")


def wallet(investor: InvestorId, address: int) -> Wallet:
    return Wallet(product_id=P1, address=account(address), investor_id=investor, valid_from=NOW)


@pytest.fixture
def wallets(connection: Connection, vault: Vault) -> Wallets:
    """IV-1 with address 1, and IV-2 with none."""
    deploy(connection)
    Investors(connection, vault).register(
        [new_investor(ONE), new_investor(TWO)], at=NOW, by="registrar-1"
    )
    made = Wallets(connection)
    assert made.assign([wallet(ONE, 1)], at=LATER, by="custody-1") == 1
    return made


def test_assign__again__changes_nothing(wallets: Wallets) -> None:
    assert wallets.assign([wallet(ONE, 1), wallet(TWO, 2)], at=LATER, by="custody-1") == 1
    assert wallets.assign([], at=LATER, by="custody-1") == 0
    assert wallets.active(P1) == {ONE: account(1), TWO: account(2)}
    assert wallets.owners(P1) == {account(1): ONE, account(2): TWO}


@pytest.mark.parametrize(
    "new", [[wallet(TWO, 1)], [wallet(TWO, 3), wallet(ONE, 1), wallet(InvestorId("IV-3"), 3)]]
)
def test_assign__address_of_somebody_else__is_refused(wallets: Wallets, new: list[Wallet]) -> None:
    with pytest.raises(Refusal) as caught:
        wallets.assign(new, at=LATER, by="custody-1")
    assert caught.value.reason is Reason.TARGET_NOT_EMPTY
    assert wallets.active(P1) == {ONE: account(1)}


@pytest.mark.parametrize("new", [[wallet(ONE, 2)], [wallet(TWO, 3), wallet(TWO, 4)]])
def test_assign__investor_has_another__is_refused(wallets: Wallets, new: list[Wallet]) -> None:
    with pytest.raises(Refusal) as caught:
        wallets.assign(new, at=LATER, by="custody-1")
    assert caught.value.reason is Reason.INVESTOR_EXISTS


def test_replace__key_lost__old_address_stays_listed(wallets: Wallets) -> None:
    assert wallets.replace(P1, ONE, new=account(7), at=LATER, by="custody-1") == account(1)
    assert wallets.active(P1) == {ONE: account(7)}
    assert wallets.owners(P1) == {account(1): ONE, account(7): ONE}
    old, new = wallets.of_investor(P1, ONE)
    assert (old.address, old.valid_from, old.valid_until) == (account(1), NOW, LATER)
    assert (new.address, new.valid_from, new.valid_until) == (account(7), LATER, None)


@pytest.mark.parametrize("new", [1, 2])
def test_replace__by_an_address_in_use__is_refused(
    connection: Connection, wallets: Wallets, new: int
) -> None:
    """1 is the one being replaced, 2 is another investor's."""
    wallets.assign([wallet(TWO, 2)], at=LATER, by="custody-1")
    with pytest.raises(Refusal) as caught, connection.begin_nested():
        wallets.replace(P1, ONE, new=account(new), at=LATER, by="custody-1")
    assert caught.value.reason is Reason.TARGET_NOT_EMPTY
    assert wallets.active(P1) == {ONE: account(1), TWO: account(2)}


def test_replace__nothing_to_replace__is_refused(wallets: Wallets) -> None:
    with pytest.raises(Refusal) as caught:
        wallets.replace(P1, TWO, new=account(7), at=LATER, by="custody-1")
    assert caught.value.reason is Reason.HOLDING_UNKNOWN


def test_wallet__second_active_one_by_any_path__is_refused_by_the_database(
    connection: Connection, wallets: Wallets
) -> None:
    with pytest.raises(IntegrityError, match="wallet_active_uq"), connection.begin_nested():
        connection.execute(
            insert(tables.wallet),
            {"product_id": P1, "address": account(9), "investor_id": ONE, "valid_from": NOW},
        )
