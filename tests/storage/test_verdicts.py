"""Verdicts: the latest one before an instant counts, and none is edited."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from tests.storage.builders import new_investor

from genbo.kernel import InvestorId, Reason, Refusal
from genbo.storage.investors import Investors
from genbo.storage.vault import Vault
from genbo.storage.verdicts import Verdict, Verdicts

ONE, TWO = InvestorId("IV-1"), InvestorId("IV-2")
CHECKED = datetime(2021, 7, 19, 15, tzinfo=UTC)
GOOD = Verdict(
    investor_id=ONE,
    checked_at=CHECKED,
    expires_at=datetime(2025, 3, 31, 15, tzinfo=UTC),
    investor_class=1,
    aml_class="clear",
    evidence_ref="KYC-B1-2021-00001",
)
BAD = Verdict(
    investor_id=ONE,
    checked_at=CHECKED + timedelta(days=10),
    expires_at=GOOD.expires_at,
    investor_class=1,
    aml_class="blocked",
    evidence_ref="AML-1",
)


def test_latest__a_worse_one_follows__counts_from_the_instant_after(
    connection: Connection, vault: Vault
) -> None:
    Investors(connection, vault).register(
        [new_investor(ONE), new_investor(TWO)], at=CHECKED, by="registrar-1"
    )
    verdicts = Verdicts(connection)
    assert verdicts.record([BAD, GOOD], at=CHECKED, by="compliance-1") == 2
    assert verdicts.record([GOOD], at=CHECKED, by="compliance-1") == 0
    assert verdicts.latest([ONE, TWO], at=CHECKED) == {}
    assert verdicts.latest([ONE, TWO], at=BAD.checked_at) == {ONE: GOOD}
    found = verdicts.latest([ONE, TWO], at=BAD.checked_at + timedelta(microseconds=1))
    assert found == {ONE: BAD}
    assert found[ONE].blocked
    assert not GOOD.blocked


def test_record__expired_before_it_was_given__is_refused_by_the_database(
    connection: Connection, vault: Vault
) -> None:
    wrong = Verdict(
        investor_id=ONE,
        checked_at=CHECKED,
        expires_at=CHECKED,
        investor_class=1,
        aml_class="clear",
        evidence_ref="KYC",
    )
    Investors(connection, vault).register([new_investor(ONE)], at=CHECKED, by="registrar-1")
    with pytest.raises(IntegrityError, match="verdict_expires_at_ck"):
        Verdicts(connection).record([wrong], at=CHECKED, by="compliance-1")


def test_judge__by_a_clock_that_is_behind__never_changes_before_it_was_made(
    connection: Connection, vault: Vault
) -> None:
    """Blocks of a busy chain run ahead of the wall clock, and whoever registers may go by them (T7.25)."""
    investors = Investors(connection, vault)
    investors.register([new_investor(ONE)], at=CHECKED, by="registrar-1")
    earlier = CHECKED - timedelta(seconds=5)
    investors.judge(ONE, at=earlier, by="compliance-1", aml_class="blocked")
    assert investors.get(ONE).aml_class == "blocked"


def test_revoke__then_once_more__takes_back_once(connection: Connection, vault: Vault) -> None:
    Investors(connection, vault).register([new_investor(ONE)], at=CHECKED, by="registrar-1")
    verdicts = Verdicts(connection)
    with pytest.raises(Refusal) as caught:
        verdicts.revoke(ONE, evidence_ref="K", at=CHECKED, by="x")
    assert caught.value.reason is Reason.VERDICT_MISSING
    verdicts.record([GOOD], at=CHECKED, by="x")
    assert verdicts.last([ONE])[ONE].until == GOOD.expires_at
    assert list(verdicts.ending(since=CHECKED, before=GOOD.expires_at)) == []
    soon = GOOD.expires_at + timedelta(seconds=1)
    assert list(verdicts.ending(since=CHECKED, before=soon)) == [GOOD]
    taken = verdicts.revoke(ONE, evidence_ref="K", at=CHECKED - timedelta(days=1), by="x")
    assert taken is not None
    assert (taken.until, taken.revokes) == (None, GOOD.checked_at)
    assert verdicts.last([ONE])[ONE] == taken
    assert verdicts.revoke(ONE, evidence_ref="K", at=soon, by="x") is None
    assert list(verdicts.ending(since=CHECKED, before=soon)) == []
