"""The Travel-Rule notice (通知義務) of a trade's coin leg, assembled from the vault; sending it is the caller's.

The buyer pays, so the buyer is the originator. Opening names and addresses for it leaves a reading with the purpose
"law or order". What IVMS101 wants and the vault has not is refused by the place of the field, never with a value.
"""

import re
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from genbo.bootstrap.office import Office
from genbo.chain.contracts.settlement import Trade
from genbo.compliance.travel_rule import (
    Address,
    AddressType,
    CoinLeg,
    FullName,
    IdentifierType,
    LegalPerson,
    NationalId,
    NaturalPerson,
    Party,
    Person,
    travel_rule_payload,
)
from genbo.kernel import Address as Account
from genbo.kernel import InvestorId, ProductId, Reason, Refusal, business_date
from genbo.storage.investors import Identity, Investors
from genbo.storage.vault import Erased, Purpose, Reading
from genbo.storage.words import Words

_PLACE = re.compile(
    r"(?P<prefecture>東京都|北海道|(?:大阪|京都)府|.{2,3}県)?(?P<town>.+?[市区町村])?"
)
_LINE = 70
_TOWN = 35
_AUTHORITY = "RA000412"
"""The registration authority of corporate numbers (法人番号), as GLEIF lists it."""


def travel_rule_notice(
    office: Office,
    trade: Trade,
    *,
    originating_operator: LegalPerson,
    beneficiary_operator: LegalPerson,
    by: str,
    country: str = "JP",
) -> str:
    """The IVMS101 payload of the coins that the buyer of `trade` pays.

    Args:
        country: where registered addresses are; the register has those of Japan.

    Raises:
        Refusal: `travel_rule_invalid`, also for bank money, which has no such notice; `holding_unknown` when an
            address of the trade is nobody's; `product_unknown`.
    """
    if trade.cash is None:
        problem = "bank money has no such notice"
        raise Refusal(Reason.TRAVEL_RULE_INVALID, field="cash", problem=problem)
    product = _product(office, trade.token)
    at = office.house.now()
    reading = Reading(purpose=Purpose.ORDER, actor=by, at=at)
    with office.house.database.begin() as connection:
        words = Words(connection, office.deployment.chain_id)
        owners = words.owners(product, [trade.buyer, trade.seller])
        for account in (trade.buyer, trade.seller):
            if account not in owners:
                raise Refusal(Reason.HOLDING_UNKNOWN, investor=account, product=product)
        buyer, seller = owners[trade.buyer], owners[trade.seller]
        persons = _persons(connection, office, [buyer, seller], reading, country)
    leg = CoinLeg(
        originator=Party(persons=(persons[buyer],), accounts=(trade.buyer,)),
        beneficiary=Party(persons=(persons[seller],), accounts=(trade.seller,)),
        originating_operator=originating_operator,
        beneficiary_operator=beneficiary_operator,
    )
    return travel_rule_payload(leg, today=business_date(at))


def _product(office: Office, token: Account) -> ProductId:
    for product, each in office.deployment.tokens.items():
        if each.address == token:
            return product
    raise Refusal(Reason.PRODUCT_UNKNOWN, product=token)


def _persons(
    connection: Connection,
    office: Office,
    investors: Sequence[InvestorId],
    reading: Reading,
    country: str,
) -> dict[InvestorId, Person]:
    people = Investors(connection, office.house.vault)
    kinds = people.kinds(investors)
    names = people.names(investors, reading=reading)
    fields = people.personal(investors, fields=["corporate_number"], reading=reading)
    today = business_date(reading.at)
    found: dict[InvestorId, Person] = {}
    for investor in investors:
        valid = [each for each in names[investor] if each.effective <= today]
        identity = max(
            valid, key=lambda each: (each.effective, each.version), default=names[investor][0]
        )
        if kinds[investor] == "individual":
            found[investor] = _natural(investor, identity, country)
        else:
            found[investor] = _legal(investor, identity, fields[investor], country)
    return found


def _natural(investor: InvestorId, identity: Identity, country: str) -> NaturalPerson:
    return NaturalPerson(
        name=_full(_plain(identity.name_romaji)) or FullName(primary=""),
        local=_full(_plain(identity.name)),
        phonetic=_full(_plain(identity.name_kana)),
        addresses=_addresses(AddressType.HOME, _plain(identity.registered_address), country),
        customer_id=investor,
    )


def _legal(
    investor: InvestorId,
    identity: Identity,
    fields: Mapping[str, str | Erased | None],
    country: str,
) -> LegalPerson:
    number = _plain(fields["corporate_number"])
    return LegalPerson(
        name=FullName(primary=_plain(identity.name_romaji)),
        local=_whole(_plain(identity.name)),
        phonetic=_whole(_plain(identity.name_kana)),
        addresses=_addresses(AddressType.BUSINESS, _plain(identity.registered_address), country),
        national_id=NationalId(
            number=number, type=IdentifierType.REGISTRATION_AUTHORITY, authority=_AUTHORITY
        )
        if number
        else None,
        customer_id=investor,
    )


def _full(name: str) -> FullName | None:
    """Family name first, as it is stated here in every script."""
    family, _, given = " ".join(name.split()).partition(" ")
    return FullName(primary=family, secondary=given) if family else None


def _whole(name: str) -> FullName | None:
    return FullName(primary=name) if name else None


def _addresses(kind: AddressType, written: str, country: str) -> tuple[Address, ...]:
    if not written:
        return ()
    found = _PLACE.match(written)
    prefecture = (found and found["prefecture"]) or ""
    town = (found and found["town"]) or written.removeprefix(prefecture)
    return (
        Address(
            type=kind,
            town=town[:_TOWN],
            country=country,
            lines=tuple(written[at : at + _LINE] for at in range(0, len(written), _LINE)),
            prefecture=prefecture,
        ),
    )


def _plain(value: str | Erased | None) -> str:
    return value if isinstance(value, str) else ""
