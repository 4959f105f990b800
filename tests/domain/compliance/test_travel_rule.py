"""The Travel-Rule payload of a coin leg, as IVMS101 has it.

given a coin leg between two operators
├── it should be JSON with the names in Latin letters, as written and as read
├── it should leave out what is not given
└── it should say nothing of a person in its repr
given a field that IVMS101 does not allow
└── it should be refused with the place of the field, and without its value
"""

import json
from dataclasses import replace
from datetime import date

import pytest

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
    travel_rule_payload,
)
from genbo.kernel import Reason, Refusal

TODAY = date(2026, 4, 1)
HOME = Address(
    type=AddressType.HOME,
    town="Minato-ku",
    country="JP",
    lines=("1-2-3 Example",),
    post_code="100-0000",
    prefecture="Tokyo",
)
SENDER = NaturalPerson(
    name=FullName(primary="Midori", secondary="Sakura"),
    local=FullName(primary="緑", secondary="桜"),
    phonetic=FullName(primary="ミドリ", secondary="サクラ"),
    addresses=(HOME,),
    customer_id="inv-1",
    born=date(1980, 2, 3),
    birthplace="Osaka",
    residence="JP",
)
FIRM = LegalPerson(
    name=FullName(primary="Aozora Trading K.K."),
    national_id=NationalId(
        number="1234567890123",
        type=IdentifierType.REGISTRATION_AUTHORITY,
        authority="RA000412",
    ),
    registered_in="JP",
)
OPERATOR = LegalPerson(
    name=FullName(primary="Example Custody K.K."),
    national_id=NationalId(number="529900EXAMPLE0000012", type=IdentifierType.LEI),
)
LEG = CoinLeg(
    originator=Party(persons=(SENDER,), accounts=("0x" + "a1" * 20,)),
    beneficiary=Party(persons=(FIRM,), accounts=("0x" + "b2" * 20,)),
    originating_operator=OPERATOR,
    beneficiary_operator=replace(OPERATOR, national_id=None),
)


def test_payload__a_whole_leg__is_what_ivms101_says() -> None:
    payload = json.loads(travel_rule_payload(LEG, today=TODAY))
    assert list(payload) == ["originator", "beneficiary", "originatingVASP", "beneficiaryVASP"]
    assert payload["originator"]["accountNumber"] == ["0x" + "a1" * 20]
    [person] = payload["originator"]["originatorPersons"]
    natural = person["naturalPerson"]
    assert natural["name"]["phoneticNameIdentifier"] == [
        {
            "primaryIdentifier": "ミドリ",
            "secondaryIdentifier": "サクラ",
            "nameIdentifierType": "LEGL",
        }
    ]
    assert natural["geographicAddress"] == [
        {
            "addressType": "HOME",
            "postCode": "100-0000",
            "townName": "Minato-ku",
            "countrySubDivision": "Tokyo",
            "addressLine": ["1-2-3 Example"],
            "country": "JP",
        }
    ]
    assert natural["dateAndPlaceOfBirth"] == {"dateOfBirth": "1980-02-03", "placeOfBirth": "Osaka"}
    assert payload["beneficiary"]["beneficiaryPersons"] == [
        {
            "legalPerson": {
                "name": {
                    "nameIdentifier": [
                        {
                            "legalPersonName": "Aozora Trading K.K.",
                            "legalPersonNameIdentifierType": "LEGL",
                        }
                    ]
                },
                "nationalIdentification": {
                    "nationalIdentifier": "1234567890123",
                    "nationalIdentifierType": "RAID",
                    "registrationAuthority": "RA000412",
                },
                "countryOfRegistration": "JP",
            }
        }
    ]
    assert list(payload["beneficiaryVASP"]["beneficiaryVASP"]["legalPerson"]) == ["name"]


def test_leg__its_repr__says_nothing_of_a_person() -> None:
    said = repr(LEG)
    for word in ("Midori", "緑", "ミドリ", "Osaka", "1980", "Example", "inv-1", "a1a1", "12345"):
        assert word not in said


def sender(**changes: object) -> CoinLeg:
    party = replace(LEG.originator, persons=(replace(SENDER, **changes),))  # type: ignore[arg-type]
    return replace(LEG, originator=party)


def firm(**changes: object) -> CoinLeg:
    assert FIRM.national_id is not None
    id_ = replace(FIRM.national_id, **changes)  # type: ignore[arg-type]
    party = replace(LEG.beneficiary, persons=(replace(FIRM, national_id=id_),))
    return replace(LEG, beneficiary=party)


PERSON = "originator.persons[0]"
FIRMS_ID = "beneficiary.persons[0].nationalIdentification"


@pytest.mark.parametrize(
    ("leg", "place"),
    [
        (replace(LEG, originator=replace(LEG.originator, persons=())), "originator.persons"),
        (replace(LEG, originator=replace(LEG.originator, accounts=())), "originator.accountNumber"),
        (
            replace(LEG, beneficiary=replace(LEG.beneficiary, accounts=("SECRET<>",))),
            "beneficiary.accountNumber[0]",
        ),
        (
            sender(addresses=(), customer_id="", born=None, birthplace=""),
            PERSON,
        ),
        (sender(name=FullName(primary="")), f"{PERSON}.name.nameIdentifier"),
        (sender(name=FullName(primary="秘密")), f"{PERSON}.name.nameIdentifier"),
        (sender(name=FullName(primary="S" * 101)), f"{PERSON}.name.nameIdentifier"),
        (sender(local=FullName(primary="秘\n密")), f"{PERSON}.name.localNameIdentifier"),
        (sender(born=TODAY), f"{PERSON}.dateAndPlaceOfBirth"),
        (sender(birthplace=""), f"{PERSON}.dateAndPlaceOfBirth"),
        (sender(residence="Japan"), f"{PERSON}.countryOfResidence"),
        (sender(customer_id="S" * 51), f"{PERSON}.customerIdentification"),
        (sender(addresses=(replace(HOME, lines=()),)), f"{PERSON}.geographicAddress[0]"),
        (sender(addresses=(replace(HOME, town=""),)), f"{PERSON}.geographicAddress[0].townName"),
        (
            sender(addresses=(replace(HOME, lines=("SECRET",) * 8),)),
            f"{PERSON}.geographicAddress[0].addressLine",
        ),
        (
            sender(national_id=NationalId(number="529900EXAMPLE0000012", type=IdentifierType.LEI)),
            f"{PERSON}.nationalIdentification.nationalIdentifierType",
        ),
        (firm(type=IdentifierType.PASSPORT), f"{FIRMS_ID}.nationalIdentifierType"),
        (firm(authority=""), f"{FIRMS_ID}.registrationAuthority"),
        (firm(authority="SECRET"), f"{FIRMS_ID}.registrationAuthority"),
        (firm(country="JP"), f"{FIRMS_ID}.countryOfIssue"),
        (firm(type=IdentifierType.LEI, authority=""), f"{FIRMS_ID}.nationalIdentifier"),
        (
            replace(LEG, originating_operator=LegalPerson(name=FullName(primary=" "))),
            "originatingVASP.name.nameIdentifier",
        ),
    ],
)
def test_payload__a_field_that_is_not_allowed__is_refused_by_place_without_its_value(
    leg: CoinLeg, place: str
) -> None:
    with pytest.raises(Refusal) as refused:
        travel_rule_payload(leg, today=TODAY)
    assert refused.value.reason is Reason.TRAVEL_RULE_INVALID
    assert refused.value.facts["field"] == place
    assert not [word for word in ("SECRET", "秘密", "Midori") if word in str(refused.value)]
