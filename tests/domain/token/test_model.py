"""The reference model does what the eleven basic actions promise.

given a product that is not complete
    it should refuse to issue and name what is missing
given a holder with units
    it should ask the questions in the order of their numbers
    it should refuse whole or act whole
given a freeze
    it should survive split, seizure, redemption and re-keying
given a restriction
    it should tell lifting from raising
"""

from dataclasses import replace

import pytest

from genbo.kernel import MAX_UNITS, ZERO_ADDRESS, Address, Digest, Reason, Reference, Refusal
from genbo.token.account_word import AccountWord
from genbo.token.act import Act
from genbo.token.control_word import MARKET_CLOSED, STOPPED, TRANSFER_DISABLED
from genbo.token.model import UNLIMITED, TokenModel

BENEFICIARY = Address("0x00000000000000000000000000000000000000B0")
ALICE = Address("0x00000000000000000000000000000000000000A1")
BOB = Address("0x00000000000000000000000000000000000000B2")
CAROL = Address("0x00000000000000000000000000000000000000C3")
STRANGER = Address("0x00000000000000000000000000000000000000D4")
RULE = Address("0x00000000000000000000000000000000000000E5")

NOW = 1_628_640_000
NEXT_YEAR = NOW + 365 * 86_400
DIGEST = Digest("0x" + "11" * 32)
CLASS = 1


def paper(ref: str) -> Act:
    return Act(ref=Reference(ref), evidence=DIGEST)


@pytest.fixture
def token() -> TokenModel:
    """1,000 units issued; Alice 100, Bob 50, the beneficiary the rest; Carol verified, empty."""
    token = TokenModel(
        legal_category=101,
        terms_digest=DIGEST,
        initial_beneficiary=BENEFICIARY,
        authorised_cap=2_000,
        redemption_date=NOW + 1_000,
        permitted_classes=1 << CLASS,
    )
    token.set_verdict(
        accounts=[BENEFICIARY, ALICE, BOB, CAROL],
        until=NEXT_YEAR,
        investor_class=CLASS,
        blocked=False,
    )
    token.issue(recipients=[BENEFICIARY], units=[1_000], act=paper("ISSUE"), now=NOW)
    token.distribute(recipients=[ALICE, BOB], units=[100, 50], ref=Reference("DIST"), now=NOW)
    return token


def refused(act: object, reason: Reason, /, **facts: object) -> None:
    """Runs the zero-argument callable `act` and checks the whole refusal."""
    with pytest.raises(Refusal) as refusal:
        act()  # type: ignore[operator]
    assert refusal.value.reason is reason
    for name, value in facts.items():
        assert refusal.value.facts[name] == value, name


# ------------------------------------------------------------------------------------- issue


@pytest.mark.parametrize(
    ("term", "value", "missing"),
    [
        ("legal_category", 0, "legalCategory"),
        ("terms_digest", None, "termsHash"),
        ("authorised_cap", 0, "authorisedCap"),
        ("initial_beneficiary", None, "initialBeneficiary"),
    ],
)
def test_issue__product_incomplete__names_what_is_missing(
    term: str, value: object, missing: str
) -> None:
    terms: dict[str, object] = {
        "legal_category": 101,
        "terms_digest": DIGEST,
        "initial_beneficiary": BENEFICIARY,
        "authorised_cap": 10,
        "redemption_date": 0,
        "permitted_classes": 2,
    }
    token = TokenModel(**{**terms, term: value})  # type: ignore[arg-type]
    token.set_verdict(accounts=[ALICE], until=NEXT_YEAR, investor_class=1, blocked=False)
    refused(
        lambda: token.issue(recipients=[ALICE], units=[1], act=paper("I"), now=NOW),
        Reason.PRODUCT_INCOMPLETE,
        missing=missing,
    )
    assert not token.is_reference_used(Reference("I"))


def test_issue__above_the_cap__is_refused_whole(token: TokenModel) -> None:
    refused(
        lambda: token.issue(recipients=[ALICE, BOB], units=[1_000, 1], act=paper("MORE"), now=NOW),
        Reason.CAP_EXCEEDED,
        cap=2_000,
        would_be=2_001,
    )
    assert token.supply.total == 1_000
    assert token.balance_of(ALICE) == 100
    token.issue(recipients=[ALICE, BOB], units=[999, 1], act=paper("MORE"), now=NOW)
    assert token.supply.total == 2_000


def test_issue__same_reference_again__changes_nothing(token: TokenModel) -> None:
    refused(
        lambda: token.issue(recipients=[ALICE], units=[1], act=paper("ISSUE"), now=NOW),
        Reason.REFERENCE_USED,
        ref="ISSUE",
    )
    refused(
        lambda: token.distribute(recipients=[ALICE], units=[1], ref=Reference("ISSUE"), now=NOW),
        Reason.REFERENCE_USED,
    )


# -------------------------------------------------------------------------------- distribute


def test_distribute__one_bad_row__gives_nobody_anything(token: TokenModel) -> None:
    refused(
        lambda: token.distribute(
            recipients=[CAROL, STRANGER], units=[1, 1], ref=Reference("D2"), now=NOW
        ),
        Reason.RECIPIENT_UNVERIFIED,
        account=STRANGER,
    )
    assert token.balance_of(CAROL) == 0
    assert token.balance_of(BENEFICIARY) == 850
    assert not token.is_reference_used(Reference("D2"))


def test_distribute__more_than_is_free__counts_what_the_batch_needs(token: TokenModel) -> None:
    token.set_frozen_tokens(account=BENEFICIARY, units=800)
    refused(
        lambda: token.distribute(
            recipients=[CAROL, ALICE], units=[30, 30], ref=Reference("D2"), now=NOW
        ),
        Reason.INSUFFICIENT_UNFROZEN_BALANCE,
        account=BENEFICIARY,
        needed=60,
        unfrozen=50,
    )
    refused(
        lambda: token.distribute(recipients=[CAROL], units=[851], ref=Reference("D2"), now=NOW),
        Reason.INSUFFICIENT_BALANCE,
        balance=850,
        needed=851,
    )


def test_distribute__beneficiary_locked_up__runs_but_not_to_itself(token: TokenModel) -> None:
    token.set_lock_up(account=BENEFICIARY, until=NOW + 10)
    token.set_product_lock_up(until=NOW + 10)
    token.distribute(recipients=[CAROL], units=[1], ref=Reference("D2"), now=NOW)
    assert token.balance_of(CAROL) == 1
    refused(
        lambda: token.distribute(recipients=[BENEFICIARY], units=[1], ref=Reference("D3"), now=NOW),
        Reason.SAME_ADDRESS,
    )


# ---------------------------------------------------------------------- transfer, in the order


def test_transfer__every_obstacle_at_once__is_refused_in_the_order_of_the_numbers(
    token: TokenModel,
) -> None:
    """Raises every obstacle, then takes them away one by one in the order of the table."""
    token.set_control_bits(mask=7, bits=STOPPED | MARKET_CLOSED | TRANSFER_DISABLED)
    token.control = replace(token.control, product_lock_up_until=NOW + 5, rule=RULE)
    spoiled = AccountWord(
        balance=5,
        frozen=3,
        verified_until=0,
        lock_up_until=NOW + 5,
        blocked_to_send=True,
        blocked_to_receive=True,
        address_frozen=True,
        investor_class=9,
        retired=True,
    )
    token._accounts[ALICE] = spoiled
    token._accounts[CAROL] = spoiled

    def repair(address: Address, **fields: object) -> None:
        token._accounts[address] = replace(token._accounts[address], **fields)  # type: ignore[arg-type]

    def answer(verdict: bool | None) -> None:
        token._rule_answer = lambda sender, recipient, units: verdict

    steps: list[tuple[Reason, object]] = [
        (Reason.PLATFORM_STOPPED, lambda: token.set_control_bits(mask=STOPPED, bits=0)),
        (Reason.MARKET_CLOSED, lambda: token.set_control_bits(mask=MARKET_CLOSED, bits=0)),
        (Reason.TRANSFER_DISABLED, lambda: token.set_control_bits(mask=TRANSFER_DISABLED, bits=0)),
        (Reason.PRODUCT_LOCKED_UP, lambda: token.set_product_lock_up(until=NOW)),
        (Reason.SENDER_RETIRED, lambda: repair(ALICE, retired=False)),
        (Reason.SENDER_FROZEN, lambda: repair(ALICE, address_frozen=False)),
        (Reason.SENDER_BLOCKED, lambda: repair(ALICE, blocked_to_send=False)),
        (Reason.SENDER_UNVERIFIED, lambda: repair(ALICE, verified_until=NOW)),
        (Reason.SENDER_VERDICT_EXPIRED, lambda: repair(ALICE, verified_until=NOW + 1)),
        (Reason.SENDER_CLASS_NOT_PERMITTED, lambda: repair(ALICE, investor_class=CLASS)),
        (Reason.SENDER_LOCKED_UP, lambda: repair(ALICE, lock_up_until=NOW)),
        (Reason.INSUFFICIENT_BALANCE, lambda: repair(ALICE, balance=7)),
        (Reason.INSUFFICIENT_UNFROZEN_BALANCE, lambda: repair(ALICE, frozen=0)),
        (Reason.RECIPIENT_RETIRED, lambda: repair(CAROL, retired=False)),
        (Reason.RECIPIENT_FROZEN, lambda: repair(CAROL, address_frozen=False)),
        (Reason.RECIPIENT_BLOCKED, lambda: repair(CAROL, blocked_to_receive=False)),
        (Reason.RECIPIENT_UNVERIFIED, lambda: repair(CAROL, verified_until=NOW)),
        (Reason.RECIPIENT_VERDICT_EXPIRED, lambda: repair(CAROL, verified_until=NOW + 1)),
        (Reason.RECIPIENT_CLASS_NOT_PERMITTED, lambda: repair(CAROL, investor_class=CLASS)),
        (Reason.RULE_FAILED, lambda: answer(False)),
        (Reason.RULE_REFUSED, lambda: answer(True)),
    ]
    question = {"sender": ALICE, "recipient": CAROL, "units": 6, "now": NOW}
    for reason, take_away in steps:
        assert token.reason_of(**question) is reason  # type: ignore[arg-type]
        refused(lambda: token.transfer(**question), reason)  # type: ignore[arg-type]
        take_away()  # type: ignore[operator]
    assert token.reason_of(**question) is None  # type: ignore[arg-type]
    token.transfer(**question)  # type: ignore[arg-type]
    assert (token.balance_of(ALICE), token.balance_of(CAROL)) == (1, 11)


@pytest.mark.parametrize(("offset", "reason"), [(-1, None), (0, Reason.SENDER_VERDICT_EXPIRED)])
def test_transfer__at_the_end_of_a_verdict__is_half_open(
    token: TokenModel, offset: int, reason: Reason | None
) -> None:
    at = NEXT_YEAR + offset
    assert token.reason_of(sender=ALICE, recipient=BOB, units=1, now=at) is reason


def test_transfer__to_oneself__is_judged_and_moves_nothing(token: TokenModel) -> None:
    token.transfer(sender=ALICE, recipient=ALICE, units=100, now=NOW)
    assert token.balance_of(ALICE) == 100
    refused(
        lambda: token.transfer(sender=ALICE, recipient=ALICE, units=101, now=NOW),
        Reason.INSUFFICIENT_BALANCE,
    )


def test_transfer__to_the_zero_address__is_refused(token: TokenModel) -> None:
    refused(
        lambda: token.transfer(sender=ALICE, recipient=ZERO_ADDRESS, units=1, now=NOW),
        Reason.RECIPIENT_INVALID,
    )


def test_transfer__zero_units__is_a_transfer_like_any_other(token: TokenModel) -> None:
    token.transfer(sender=ALICE, recipient=BOB, units=0, now=NOW)
    refused(
        lambda: token.transfer(sender=STRANGER, recipient=BOB, units=0, now=NOW),
        Reason.SENDER_UNVERIFIED,
    )


def test_transfer_from__allowance_too_small__is_judged_before_anything_else(
    token: TokenModel,
) -> None:
    token.set_control_bits(mask=STOPPED, bits=STOPPED)
    token.approve(owner=ALICE, spender=CAROL, units=5)
    refused(
        lambda: token.transfer_from(spender=CAROL, sender=ALICE, recipient=BOB, units=6, now=NOW),
        Reason.INSUFFICIENT_ALLOWANCE,
        allowance=5,
        needed=6,
    )
    refused(
        lambda: token.transfer_from(spender=CAROL, sender=ALICE, recipient=BOB, units=5, now=NOW),
        Reason.PLATFORM_STOPPED,
    )
    assert token.allowance(ALICE, CAROL) == 5


def test_transfer_from__unlimited_allowance__is_not_used_up(token: TokenModel) -> None:
    token.approve(owner=ALICE, spender=CAROL, units=UNLIMITED)
    token.approve(owner=BOB, spender=CAROL, units=3)
    token.transfer_from(spender=CAROL, sender=ALICE, recipient=BOB, units=1, now=NOW)
    token.transfer_from(spender=CAROL, sender=BOB, recipient=ALICE, units=1, now=NOW)
    assert token.allowance(ALICE, CAROL) == UNLIMITED
    assert token.allowance(BOB, CAROL) == 2


def test_batch_transfer__second_row_refused__moves_nothing(token: TokenModel) -> None:
    refused(
        lambda: token.batch_transfer(
            sender=ALICE, recipients=[BOB, STRANGER], units=[10, 10], now=NOW
        ),
        Reason.RECIPIENT_UNVERIFIED,
    )
    assert token.balance_of(ALICE) == 100


# ------------------------------------------------------------------------------------- split


def test_split__with_a_freeze__scales_balance_freeze_total_and_cap(token: TokenModel) -> None:
    token.set_frozen_tokens(account=ALICE, units=5)
    token.set_lock_up(account=ALICE, until=NOW + 3)
    token.split(factor=10, epoch=token.control.epoch, act=paper("SPLIT"))
    word = token.account(ALICE)
    assert (word.balance, word.frozen, word.lock_up_until) == (1_000, 50, NOW + 3)
    assert (token.supply.total, token.supply.cap) == (10_000, 20_000)
    assert token.account(STRANGER) == AccountWord(epoch=1)


@pytest.mark.parametrize("factor", [0, 1, 1_000_001])
def test_split__factor_out_of_range__is_refused(token: TokenModel, factor: int) -> None:
    refused(
        lambda: token.split(factor=factor, epoch=token.control.epoch, act=paper("S")),
        Reason.SPLIT_FACTOR_INVALID,
    )


def test_split__total_too_large__is_refused_and_a_freeze_saturates(token: TokenModel) -> None:
    token.set_frozen_tokens(account=ALICE, units=MAX_UNITS)
    for number in range(3):
        token.split(factor=1_000_000, epoch=token.control.epoch, act=paper(f"S{number}"))
    assert token.account(ALICE).frozen == MAX_UNITS
    refused(
        lambda: token.split(factor=1_000_000, epoch=token.control.epoch, act=paper("S3")),
        Reason.SPLIT_OVERFLOW,
        total=1_000 * 10**18,
    )


# ---------------------------------------------------------------------------- redeem and end


def test_redeem__before_the_date__is_refused_and_on_it_runs(token: TokenModel) -> None:
    refused(
        lambda: token.redeem(holders=[ALICE], units=[1], act=paper("R"), now=NOW + 999),
        Reason.REDEMPTION_NOT_DUE,
        redemption_date=NOW + 1_000,
        now=NOW + 999,
    )
    token.set_verdict(accounts=[ALICE], until=0, investor_class=CLASS, blocked=True)
    token.set_frozen_tokens(account=ALICE, units=99)
    token.redeem(holders=[ALICE], units=[10], act=paper("R"), now=NOW + 1_000)
    word = token.account(ALICE)
    assert (word.balance, word.frozen) == (90, 90)
    assert token.burned_under(Reference("R")) == 10
    assert token.supply.total == 990


def test_redeem_all__nothing_left__ends_the_product(token: TokenModel) -> None:
    due = NOW + 1_000
    token.redeem_all(holders=[ALICE, ALICE, CAROL], act=paper("R1"), now=due)
    assert token.supply.total == 900
    token.redeem_all(holders=[BOB, BENEFICIARY], act=paper("R2"), now=due)
    assert token.supply.total == 0
    acts = [
        lambda: token.issue(recipients=[ALICE], units=[1], act=paper("X"), now=due),
        lambda: token.distribute(recipients=[ALICE], units=[1], ref=Reference("X"), now=due),
        lambda: token.split(factor=2, epoch=token.control.epoch, act=paper("X")),
        lambda: token.transfer(sender=ALICE, recipient=BOB, units=0, now=due),
        lambda: token.forced_transfer(
            sender=ALICE, recipient=BOB, units=1, act=paper("X"), now=due
        ),
        lambda: token.recovery_address(old=ALICE, new=STRANGER, act=paper("X")),
        lambda: token.redeem_all(holders=[BOB], act=paper("X"), now=due),
    ]
    for act in acts:
        refused(act, Reason.PRODUCT_ENDED)
    token.set_address_frozen(account=ALICE, frozen=True)


# ------------------------------------------------------------------------------------ repair


def test_forced_transfer__frozen_locked_blocked_closed__takes_free_units_first(
    token: TokenModel,
) -> None:
    token.set_control_bits(mask=7, bits=MARKET_CLOSED | TRANSFER_DISABLED)
    token.set_verdict(accounts=[ALICE], until=0, investor_class=0, blocked=True)
    token.set_lock_up(account=ALICE, until=NEXT_YEAR)
    token.set_address_frozen(account=ALICE, frozen=True)
    token.set_frozen_tokens(account=ALICE, units=60)
    token.forced_transfer(sender=ALICE, recipient=CAROL, units=50, act=paper("F"), now=NOW)
    word = token.account(ALICE)
    assert (word.balance, word.frozen) == (50, 50)
    assert token.balance_of(CAROL) == 50
    assert token.supply.total == 1_000


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"act": Act(ref=None, evidence=DIGEST)}, Reason.REFERENCE_MISSING),
        ({"act": Act(ref=Reference("F"))}, Reason.EVIDENCE_MISSING),
        ({"act": Act(ref=Reference("DIST"), evidence=DIGEST)}, Reason.REFERENCE_USED),
        ({"units": 0}, Reason.ZERO_UNITS),
        ({"units": MAX_UNITS + 1}, Reason.UNITS_TOO_LARGE),
        ({"recipient": ALICE}, Reason.SAME_ADDRESS),
        ({"units": 101}, Reason.INSUFFICIENT_BALANCE),
        ({"recipient": STRANGER}, Reason.RECIPIENT_UNVERIFIED),
    ],
)
def test_forced_transfer__something_missing__is_refused(
    token: TokenModel, changes: dict[str, object], reason: Reason
) -> None:
    order: dict[str, object] = {
        "sender": ALICE,
        "recipient": CAROL,
        "units": 10,
        "act": paper("F"),
        "now": NOW,
    }
    refused(lambda: token.forced_transfer(**{**order, **changes}), reason)  # type: ignore[arg-type]
    assert not token.is_reference_used(Reference("F"))


def test_reverse__twice_or_more_than_is_left__is_refused(token: TokenModel) -> None:
    def reverse(ref: str, units: int) -> None:
        token.reverse_transfer(
            original_ref=Reference("T1"),
            sender=BOB,
            recipient=ALICE,
            units=units,
            act=paper(ref),
            now=NOW,
        )

    refused(lambda: reverse("V1", 51), Reason.INSUFFICIENT_BALANCE, balance=50, needed=51)
    assert not token.is_reversed(Reference("T1"))
    reverse("V1", 50)
    assert (token.balance_of(ALICE), token.balance_of(BOB)) == (150, 0)
    refused(lambda: reverse("V2", 1), Reason.ALREADY_REVERSED, original_ref="T1")


def test_redistribute__burned_by_mistake__restores_the_total_once(token: TokenModel) -> None:
    due = NOW + 1_000
    token.redeem(holders=[ALICE], units=[2], act=paper("BURN"), now=due)
    assert token.supply.total == 998

    def redistribute(incident: str, units: int) -> None:
        token.redistribute_burned(
            burn_ref=Reference("BURN"),
            recipient=ALICE,
            units=units,
            incident=Reference(incident),
            evidence=DIGEST,
            now=due,
        )

    refused(lambda: redistribute("I1", 3), Reason.NOT_BURNED, burned=2, asked=3)
    redistribute("I1", 2)
    assert token.supply.total == 1_000
    refused(lambda: redistribute("I1", 1), Reason.REFERENCE_USED)
    refused(lambda: redistribute("I2", 1), Reason.NOT_BURNED, burned=0, asked=1)


def test_recovery_address__with_restrictions__moves_everything_and_sheds_nothing(
    token: TokenModel,
) -> None:
    token.set_frozen_tokens(account=ALICE, units=7)
    token.set_lock_up(account=ALICE, until=NOW + 50)
    token.set_lock_up(account=STRANGER, until=NOW + 80)
    token.set_address_frozen(account=STRANGER, frozen=True)
    token.recovery_address(old=ALICE, new=STRANGER, act=paper("K"))
    new, old = token.account(STRANGER), token.account(ALICE)
    assert (new.balance, new.frozen, new.lock_up_until) == (100, 7, NOW + 80)
    assert new.address_frozen
    assert new.verified_until == NEXT_YEAR
    assert (old.balance, old.frozen, old.retired) == (0, 0, True)
    refused(
        lambda: token.transfer(sender=BOB, recipient=ALICE, units=1, now=NOW),
        Reason.RECIPIENT_RETIRED,
    )
    refused(
        lambda: token.recovery_address(old=ALICE, new=CAROL, act=paper("K2")),
        Reason.SENDER_RETIRED,
    )
    refused(
        lambda: token.set_verdict(accounts=[ALICE], until=1, investor_class=CLASS, blocked=False),
        Reason.RECIPIENT_RETIRED,
    )


def test_recovery_address__of_the_beneficiary__hands_the_role_over(token: TokenModel) -> None:
    token.recovery_address(old=BENEFICIARY, new=STRANGER, act=paper("K"))
    assert token.initial_beneficiary == STRANGER
    token.distribute(recipients=[CAROL], units=[1], ref=Reference("D2"), now=NOW)


@pytest.mark.parametrize("new", [BOB, ALICE, ZERO_ADDRESS])
def test_recovery_address__target_in_use__is_refused(token: TokenModel, new: Address) -> None:
    refused(
        lambda: token.recovery_address(old=ALICE, new=new, act=paper("K")),
        Reason.TARGET_NOT_EMPTY,
        account=new,
    )


# ------------------------------------------------------------------------------- restriction


def test_lifts_restriction__lower_is_a_release_and_higher_is_not(token: TokenModel) -> None:
    token.set_frozen_tokens(account=ALICE, units=5)
    token.set_lock_up(account=ALICE, until=NOW + 10)
    token.set_product_lock_up(until=NOW + 10)
    token.set_address_frozen(account=ALICE, frozen=True)
    token.set_verdict(accounts=[ALICE], until=NEXT_YEAR, investor_class=CLASS, blocked=True)
    token.set_rule(rule=RULE)

    def lifts(now: int = NOW, **changes: object) -> bool:
        return token.lifts_restriction(now=now, account=ALICE, **changes)  # type: ignore[arg-type]

    assert lifts(frozen=4)
    assert not lifts(frozen=5)
    assert lifts(address_frozen=False)
    assert not lifts(address_frozen=True)
    assert lifts(blocked=False)
    assert not lifts(blocked=True)
    assert lifts(lock_up_until=NOW + 9)
    assert not lifts(lock_up_until=NOW + 10)
    assert not lifts(now=NOW + 10, lock_up_until=NOW + 9)
    assert lifts(product_lock_up_until=0)
    assert not lifts(product_lock_up_until=NOW + 11)
    assert lifts(permitted_classes=0b110)
    assert not lifts(permitted_classes=0)
    assert lifts(rule=ZERO_ADDRESS)


def test_unfreeze__more_than_is_frozen__is_refused(token: TokenModel) -> None:
    token.freeze_partial_tokens(account=ALICE, units=5)
    refused(
        lambda: token.unfreeze_partial_tokens(account=ALICE, units=6),
        Reason.UNITS_TOO_LARGE,
        units=6,
    )
    token.unfreeze_partial_tokens(account=ALICE, units=5)
    assert token.account(ALICE).frozen == 0


def test_full_stop__every_act__is_refused(token: TokenModel) -> None:
    token.set_control_bits(mask=STOPPED, bits=STOPPED)
    acts = [
        lambda: token.issue(recipients=[ALICE], units=[1], act=paper("X"), now=NOW),
        lambda: token.mint(recipient=ALICE, units=1, now=NOW),
        lambda: token.distribute(recipients=[ALICE], units=[1], ref=Reference("X"), now=NOW),
        lambda: token.transfer(sender=ALICE, recipient=BOB, units=1, now=NOW),
        lambda: token.redeem(holders=[ALICE], units=[1], act=paper("X"), now=NOW),
        lambda: token.burn(holder=ALICE, units=1, now=NOW),
        lambda: token.split(factor=2, epoch=token.control.epoch, act=paper("X")),
        lambda: token.set_address_frozen(account=ALICE, frozen=True),
        lambda: token.set_verdict(accounts=[ALICE], until=1, investor_class=1, blocked=True),
        lambda: token.set_product_lock_up(until=NEXT_YEAR),
        lambda: token.forced_transfer(sender=ALICE, recipient=BOB, units=1, now=NOW),
        lambda: token.redistribute(
            lost=ALICE,
            recipient=BOB,
            units=1,
            incident=Reference("X"),
            evidence=DIGEST,
            now=NOW,
        ),
        lambda: token.reverse_transfer(
            original_ref=Reference("T"),
            sender=ALICE,
            recipient=BOB,
            units=1,
            act=paper("X"),
            now=NOW,
        ),
        lambda: token.recovery_address(old=ALICE, new=STRANGER, act=paper("X")),
    ]
    before = dict(token.accounts)
    for act in acts:
        refused(act, Reason.PLATFORM_STOPPED)
    assert dict(token.accounts) == before
