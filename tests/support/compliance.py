"""Registered people with accounts in the product of a `Firm`, and lists to compare them with. Invented names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tests.storage.builders import new_investor
from tests.support.office import PRODUCT, Firm
from tests.support.screening import listed, sanctions_list

from genbo.bootstrap.people import admit_investors
from genbo.bootstrap.screening import load_list
from genbo.compliance.screening import Listed
from genbo.kernel import Address, InvestorId
from genbo.storage.investors import Investor, Investors
from genbo.storage.verdicts import Verdict
from genbo.storage.words import Words

YEAR = timedelta(days=365)
EVIL = listed("E-1", "Akuma Warui")
OTHER = listed("E-2", "Ivan Drugoy")


def person(number: int) -> InvestorId:
    return InvestorId(f"IV-{number}")


def now(firm: Firm) -> datetime:
    return firm.office.house.now()


def a_verdict(firm: Firm, number: int, *, valid: timedelta = YEAR, ago: int = 1) -> Verdict:
    checked = now(firm) - timedelta(seconds=ago)
    return Verdict(
        investor_id=person(number),
        checked_at=checked,
        expires_at=now(firm) + valid,
        investor_class=1,
        aml_class="clear",
        evidence_ref=f"KYC-{number}",
    )


def admit(
    firm: Firm,
    numbers: Sequence[int],
    *,
    romaji: dict[int, str] | None = None,
    valid: timedelta = YEAR,
    verified: bool = True,
) -> None:
    """Registers investors with accounts in the product; verified ones are opened, as far as screening lets them."""
    names = romaji or {}
    admit_investors(
        firm.office,
        PRODUCT,
        [
            replace(
                new_investor(person(each)), name_romaji=names.get(each, f"Yamada {_word(each)}")
            )
            for each in numbers
        ],
        [a_verdict(firm, each, valid=valid) for each in numbers] if verified else [],
        {person(each): firm.address(each) for each in numbers},
        by="registration-1",
    )


def _word(number: int) -> str:
    """A given name that is nobody else's: digits as syllables."""
    return "".join(_SYLLABLES[int(digit)] for digit in str(number)).title()


_SYLLABLES = ("ka", "ki", "ku", "ke", "ko", "sa", "su", "se", "so", "ta")


def load(firm: Firm, entries: Iterable[Listed] = (EVIL,), *, day: int = 1) -> int:
    return load_list(firm.office, sanctions_list(entries, day=day), by="compliance-1")


def investor(firm: Firm, number: int) -> Investor:
    with firm.office.house.database.read() as connection:
        return Investors(connection, firm.office.house.vault).get(person(number))


def opened(firm: Firm, numbers: Iterable[int]) -> list[bool]:
    """Whether the ledger lets each of them hold now."""
    at = now(firm)
    token = firm.office.token(PRODUCT)
    words = token.accounts([firm.address(each) for each in numbers]).value
    return [not word.blocked_to_receive and at.timestamp() < word.verified_until for word in words]


def addresses(firm: Firm) -> list[Address]:
    with firm.office.house.database.read() as connection:
        spoken = Words(connection, firm.office.deployment.chain_id).page(None, most=1_000)
    return [each.address for each in spoken]


def finish_jobs(firm: Firm) -> None:
    """What the running service would do with the bulk acts that are ordered."""
    for job in firm.office.bulk.running():
        firm.office.bulk.run(job)
    firm.office.read()
