"""Travel Rule (通知義務): who sends and who receives a coin leg, as the IVMS101 payload (issue of 2020).

For a stablecoin leg between operators only; a transfer on the register of a security token has no such notice. This
makes and judges the data. It sends nothing, and no error names a value of it.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from genbo.kernel import Reason, Refusal

Json: TypeAlias = "str | list[Json] | dict[str, Json]"

_COUNTRY = re.compile(r"[A-Z]{2}")
_LEI = re.compile(r"[A-Z0-9]{18}[0-9]{2}")
_AUTHORITY = re.compile(r"RA[0-9]{6}")
_ACCOUNT = re.compile(r"[A-Za-z0-9:._ -]{1,100}")


class AddressType(StrEnum):
    """What an address is to the person."""

    HOME = "HOME"
    BUSINESS = "BIZZ"
    GEOGRAPHIC = "GEOG"


class IdentifierType(StrEnum):
    """What a national identifier is."""

    PASSPORT = "CCPT"
    DRIVING_LICENCE = "DRLC"
    ALIEN_REGISTRATION = "ARNU"
    IDENTITY_CARD = "IDCD"
    TAX = "TXID"
    REGISTRATION_AUTHORITY = "RAID"
    LEI = "LEIX"
    OTHER = "MISC"


_OF_LEGAL_PERSONS = frozenset(
    {
        IdentifierType.REGISTRATION_AUTHORITY,
        IdentifierType.LEI,
        IdentifierType.TAX,
        IdentifierType.OTHER,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a person lives or works: lines as they are, or street and building."""

    type: AddressType
    town: str = field(repr=False)
    country: str = field(repr=False)
    """ISO 3166-1, two letters."""
    lines: tuple[str, ...] = field(default=(), repr=False)
    street: str = field(default="", repr=False)
    building: str = field(default="", repr=False)
    post_code: str = field(default="", repr=False)
    prefecture: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalId:
    """A number that an authority gave."""

    number: str = field(repr=False)
    type: IdentifierType
    country: str = ""
    """Of issue; for natural persons only."""
    authority: str = ""
    """GLEIF's code of the registration authority; for legal persons, unless the number is an LEI."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FullName:
    """Family name (or the whole name of a firm) and given name, in one way of writing."""

    primary: str = field(repr=False)
    secondary: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NaturalPerson:
    """A natural person: the legal name in Latin letters, and for Japan as written and as read."""

    name: FullName
    local: FullName | None = None
    """漢字氏名."""
    phonetic: FullName | None = None
    """カナ氏名."""
    addresses: tuple[Address, ...] = ()
    national_id: NationalId | None = None
    customer_id: str = field(default="", repr=False)
    born: date | None = field(default=None, repr=False)
    birthplace: str = field(default="", repr=False)
    residence: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalPerson:
    """A legal person, by the same names with `secondary` empty."""

    name: FullName
    local: FullName | None = None
    phonetic: FullName | None = None
    addresses: tuple[Address, ...] = ()
    national_id: NationalId | None = None
    customer_id: str = field(default="", repr=False)
    registered_in: str = field(default="", repr=False)


Person: TypeAlias = NaturalPerson | LegalPerson


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """The originator or the beneficiary: who, and the accounts the coins leave or reach."""

    persons: tuple[Person, ...]
    accounts: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CoinLeg:
    """What is notified of one coin leg: both customers and both operators (VASP)."""

    originator: Party
    beneficiary: Party
    originating_operator: LegalPerson
    beneficiary_operator: LegalPerson


def travel_rule_payload(leg: CoinLeg, *, today: date) -> str:
    """`leg` as IVMS101 JSON.

    Raises:
        Refusal: `travel_rule_invalid`, with the place of the first field that is wrong and never with its value.
    """
    for place, problem in _problems(leg, today):
        raise Refusal(Reason.TRAVEL_RULE_INVALID, field=place, problem=problem)
    payload: Json = {
        "originator": {
            "originatorPersons": [_person(each) for each in leg.originator.persons],
            "accountNumber": list(leg.originator.accounts),
        },
        "beneficiary": {
            "beneficiaryPersons": [_person(each) for each in leg.beneficiary.persons],
            "accountNumber": list(leg.beneficiary.accounts),
        },
        "originatingVASP": {"originatingVASP": _person(leg.originating_operator)},
        "beneficiaryVASP": {"beneficiaryVASP": _person(leg.beneficiary_operator)},
    }
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))


# What must hold --------------------------------------------------------------------------------------

_Problems: TypeAlias = Iterator[tuple[str, str]]


def _problems(leg: CoinLeg, today: date) -> _Problems:
    for role, party in (("originator", leg.originator), ("beneficiary", leg.beneficiary)):
        if not party.persons:
            yield f"{role}.persons", "nobody is named"
        if not party.accounts:
            yield f"{role}.accountNumber", "no account is named"
        for at, account in enumerate(party.accounts):
            if not _ACCOUNT.fullmatch(account):
                yield f"{role}.accountNumber[{at}]", "not 1 to 100 letters and digits"
        for at, person in enumerate(party.persons):
            place = f"{role}.persons[{at}]"
            yield from _person_problems(place, person, today)
            if role == "originator" and not _identified(person):
                yield place, "an address, a national or customer number or a birth is needed"
    operators = (
        ("originatingVASP", leg.originating_operator),
        ("beneficiaryVASP", leg.beneficiary_operator),
    )
    for role, operator in operators:
        yield from _person_problems(role, operator, today)


def _identified(person: Person) -> bool:
    """IVMS101 C1 and C4: a name alone does not say who the originator is."""
    known = bool(person.addresses or person.national_id or person.customer_id)
    return known or (isinstance(person, NaturalPerson) and person.born is not None)


def _person_problems(place: str, person: Person, today: date) -> _Problems:
    natural = isinstance(person, NaturalPerson)
    names = (
        ("nameIdentifier", person.name),
        ("localNameIdentifier", person.local),
        ("phoneticNameIdentifier", person.phonetic),
    )
    for title, name in names:
        if name is not None:
            yield from _text(f"{place}.name.{title}", name.primary, 100)
            yield from _text(f"{place}.name.{title}", name.secondary, 100, optional=True)
            if name.secondary and not natural:
                yield f"{place}.name.{title}", "a legal person has one name"
    if not person.name.primary.isascii() or not person.name.secondary.isascii():
        yield f"{place}.name.nameIdentifier", "not in Latin letters"
    yield from _text(f"{place}.customerIdentification", person.customer_id, 50, optional=True)
    for at, address in enumerate(person.addresses):
        yield from _address_problems(f"{place}.geographicAddress[{at}]", address)
    if person.national_id is not None:
        yield from _id_problems(
            f"{place}.nationalIdentification", person.national_id, natural=natural
        )
    if isinstance(person, NaturalPerson):
        yield from _country(f"{place}.countryOfResidence", person.residence, optional=True)
        if (person.born is None) != (not person.birthplace):
            yield f"{place}.dateAndPlaceOfBirth", "date and place belong together"
        yield from _text(f"{place}.dateAndPlaceOfBirth", person.birthplace, 70, optional=True)
        if person.born is not None and person.born >= today:
            yield f"{place}.dateAndPlaceOfBirth", "not in the past"
    else:
        yield from _country(f"{place}.countryOfRegistration", person.registered_in, optional=True)


def _address_problems(place: str, address: Address) -> _Problems:
    yield from _text(f"{place}.townName", address.town, 35)
    yield from _country(f"{place}.country", address.country)
    yield from _text(f"{place}.postCode", address.post_code, 16, optional=True)
    yield from _text(f"{place}.streetName", address.street, 70, optional=True)
    yield from _text(f"{place}.buildingNumber", address.building, 16, optional=True)
    yield from _text(f"{place}.countrySubDivision", address.prefecture, 35, optional=True)
    if len(address.lines) > 7:
        yield f"{place}.addressLine", "more than 7 lines"
    for at, line in enumerate(address.lines):
        yield from _text(f"{place}.addressLine[{at}]", line, 70)
    if not address.lines and not (address.street and address.building):
        yield place, "lines, or street and building, are needed"


def _id_problems(place: str, id_: NationalId, *, natural: bool) -> _Problems:
    yield from _text(f"{place}.nationalIdentifier", id_.number, 35)
    yield from _country(f"{place}.countryOfIssue", id_.country, optional=True)
    if id_.type is IdentifierType.LEI and not _LEI.fullmatch(id_.number):
        yield f"{place}.nationalIdentifier", "not an LEI"
    if natural:
        if id_.type is IdentifierType.LEI:
            yield f"{place}.nationalIdentifierType", "an LEI is a legal person's"
        return
    if id_.type not in _OF_LEGAL_PERSONS:
        yield f"{place}.nationalIdentifierType", "not one of a legal person"
    if id_.country:
        yield f"{place}.countryOfIssue", "for natural persons only"
    if (id_.type is IdentifierType.LEI) != (not id_.authority):
        yield f"{place}.registrationAuthority", "needed unless the number is an LEI"
    if id_.authority and not _AUTHORITY.fullmatch(id_.authority):
        yield f"{place}.registrationAuthority", "not RA and six digits"


def _text(place: str, text: str, most: int, *, optional: bool = False) -> _Problems:
    if not text.strip() and not (optional and not text):
        yield place, "empty"
    elif len(text) > most:
        yield place, f"more than {most} characters"
    elif not text.isprintable():
        yield place, "signs that cannot be printed"


def _country(place: str, code: str, *, optional: bool = False) -> _Problems:
    if not _COUNTRY.fullmatch(code) and not (optional and not code):
        yield place, "not a country code of two letters"


# As JSON ---------------------------------------------------------------------------------------------


def _person(person: Person) -> Json:
    natural = isinstance(person, NaturalPerson)
    names = _present(
        nameIdentifier=[_name(person.name, natural=natural)],
        localNameIdentifier=_names(person.local, natural=natural),
        phoneticNameIdentifier=_names(person.phonetic, natural=natural),
    )
    common = {
        "name": names,
        "geographicAddress": [_address(each) for each in person.addresses],
        "nationalIdentification": _national_id(person.national_id),
        "customerIdentification": person.customer_id,
    }
    if isinstance(person, NaturalPerson):
        birth: Json = {}
        if person.born is not None:
            birth = {"dateOfBirth": person.born.isoformat(), "placeOfBirth": person.birthplace}
        return {
            "naturalPerson": _present(
                **common, dateAndPlaceOfBirth=birth, countryOfResidence=person.residence
            )
        }
    return {"legalPerson": _present(**common, countryOfRegistration=person.registered_in)}


def _names(name: FullName | None, *, natural: bool) -> Sequence[Json]:
    return [] if name is None else [_name(name, natural=natural)]


def _name(name: FullName, *, natural: bool) -> Json:
    if not natural:
        return {"legalPersonName": name.primary, "legalPersonNameIdentifierType": "LEGL"}
    return _present(
        primaryIdentifier=name.primary,
        secondaryIdentifier=name.secondary,
        nameIdentifierType="LEGL",
    )


def _address(address: Address) -> Json:
    return _present(
        addressType=address.type.value,
        streetName=address.street,
        buildingNumber=address.building,
        postCode=address.post_code,
        townName=address.town,
        countrySubDivision=address.prefecture,
        addressLine=list(address.lines),
        country=address.country,
    )


def _national_id(id_: NationalId | None) -> Json:
    if id_ is None:
        return {}
    return _present(
        nationalIdentifier=id_.number,
        nationalIdentifierType=id_.type.value,
        countryOfIssue=id_.country,
        registrationAuthority=id_.authority,
    )


def _present(**fields: "Json | Sequence[Json]") -> Json:
    """The fields that have a value; IVMS101 leaves the others out."""
    return {
        name: value if isinstance(value, (str, dict)) else list(value)
        for name, value in fields.items()
        if value
    }
