"""What an institution sees, every institution against every thing (R-PROGMAT-VIS-1 to 4, invariant 11).

given three registrars, two custodians, three brokers, two issuers, one intermediary and the platform manager
├── products: their registrar, their issuer and the firms that handle them see them; nobody else does
├── persons: their firms and the registrar see them; an issuer sees an id; nobody else anything
├── holdings: the same; the platform manager a digest; the intermediary nothing, or with consent the quantity
├── trades: who has a customer in it sees it, and the other side as an id; the registrar sees both
└── the intermediary should see nothing of the other side
given an issuer and a disclosure
├── when it is the registrar's, for that product, with purpose and basis: it should see the person
└── when any of these is missing or another's: it should not, and be told that a purpose is missing
given something that is not there and something that is not theirs
└── the answers should be the same
"""

from dataclasses import replace

import pytest
from tests.support.people import (
    A1,
    A2,
    B1,
    B2,
    B3,
    C1,
    C2,
    EVIDENCE,
    F1,
    INSTITUTIONS,
    PLATFORM,
    R1,
    R2,
)

from genbo.governance.institutions import (
    SIGHT,
    CustomerParties,
    Disclosure,
    Institution,
    InstitutionId,
    InstitutionRole,
    ProductParties,
    Sight,
    Subject,
    TradeParties,
    require_person,
    require_seen,
    sight_of_holding,
    sight_of_person,
    sight_of_product,
    view_trade,
)
from genbo.kernel import InvestorId, ProductId, Reason, Refusal

P1 = ProductParties(
    product=ProductId("P1"),
    registrar=R1.id,
    issuers=frozenset({A1.id}),
    firms=frozenset({B1.id, B2.id, C1.id, F1.id}),
)
P2 = ProductParties(
    product=ProductId("P2"),
    registrar=R2.id,
    issuers=frozenset({A2.id}),
    firms=frozenset({B3.id, C2.id}),
)
PRODUCTS = (P1, P2)


def customer(name: str, broker: Institution, *registers: ProductParties) -> CustomerParties:
    return CustomerParties(
        investor=InvestorId(name), broker=broker.id, custodian=broker.custodian, registers=registers
    )


H1 = replace(customer("H1", B1, P1), intermediary=F1.id)
H2 = replace(H1, investor=InvestorId("H2"), consents_to_intermediary=True)
H3 = customer("H3", B2, P1)
H4 = customer("H4", B3, P2)
H5 = customer("H5", B3)
"""On no register."""
CUSTOMERS = (H1, H2, H3, H4, H5)

SEEN_PRODUCTS = {
    "PF": "",
    "R1": "P1", "R2": "P2", "R3": "",
    "C1": "P1", "C2": "P2",
    "B1": "P1", "B2": "P1", "B3": "P2",
    "A1": "P1", "A2": "P2",
    "F1": "P1",
}  # fmt: skip
SEEN_PERSONS = {
    "PF": "",
    "R1": "H1 H2 H3", "R2": "H4", "R3": "",
    "C1": "H3", "C2": "H4 H5",
    "B1": "H1 H2", "B2": "H3", "B3": "H4 H5",
    "A1": "H1=id H2=id H3=id", "A2": "H4=id",
    "F1": "H1 H2",
}  # fmt: skip
SEEN_HOLDINGS = {
    "PF": "P1/H1=hash P1/H2=hash P1/H3=hash P2/H4=hash",
    "R1": "P1/H1 P1/H2 P1/H3", "R2": "P2/H4", "R3": "",
    "C1": "P1/H3", "C2": "P2/H4",
    "B1": "P1/H1 P1/H2", "B2": "P1/H3", "B3": "P2/H4",
    "A1": "P1/H1 P1/H2 P1/H3", "A2": "P2/H4",
    "F1": "P1/H2",
}  # fmt: skip
TRADES = {
    "issue of P1 to H1": TradeParties(product=P1, sender=None, recipient=H1),
    "P1 from H1 to H3": TradeParties(product=P1, sender=H1, recipient=H3),
    "P1 from H1 to H2": TradeParties(product=P1, sender=H1, recipient=H2),
    "redemption of P2 from H4": TradeParties(product=P2, sender=H4, recipient=None),
}
SEEN_TRADES = {
    # institution: (trade, sender, recipient) of each trade above
    "PF": ("hash - -", "hash - -", "hash - -", "hash - -"),
    "R1": ("all - all", "all all all", "all all all", "- - -"),
    "R2": ("- - -", "- - -", "- - -", "all all -"),
    "R3": ("- - -", "- - -", "- - -", "- - -"),
    "C1": ("- - -", "all id all", "- - -", "- - -"),
    "C2": ("- - -", "- - -", "- - -", "all all -"),
    "B1": ("all - all", "all all id", "all all all", "- - -"),
    "B2": ("- - -", "all id all", "- - -", "- - -"),
    "B3": ("- - -", "- - -", "- - -", "all all -"),
    "A1": ("all - id", "all id id", "all id id", "- - -"),
    "A2": ("- - -", "- - -", "- - -", "all id -"),
    "F1": ("all - all", "all all -", "all all all", "- - -"),
}
WORDS = {
    Sight.ITSELF: "all",
    Sight.PSEUDONYM: "id",
    Sight.DIGEST: "hash",
    Sight.NOTHING: "-",
}


def shown(name: str, sight: Sight) -> list[str]:
    """`name` as the tables above write it; nothing for nothing."""
    if sight is Sight.NOTHING:
        return []
    return [name if sight is Sight.ITSELF else f"{name}={WORDS[sight]}"]


@pytest.mark.parametrize("viewer", INSTITUTIONS, ids=lambda each: each.id)
def test_products__every_institution__sees_its_own_and_no_other(viewer: Institution) -> None:
    seen = [
        name for each in PRODUCTS for name in shown(each.product, sight_of_product(viewer, each))
    ]
    assert " ".join(seen) == SEEN_PRODUCTS[viewer.id]


@pytest.mark.parametrize("viewer", INSTITUTIONS, ids=lambda each: each.id)
def test_persons__every_institution__sees_its_own_customers_and_no_other(
    viewer: Institution,
) -> None:
    seen = [
        name for each in CUSTOMERS for name in shown(each.investor, sight_of_person(viewer, each))
    ]
    assert " ".join(seen) == SEEN_PERSONS[viewer.id]


@pytest.mark.parametrize("viewer", INSTITUTIONS, ids=lambda each: each.id)
def test_holdings__every_institution__sees_its_part_of_the_register(viewer: Institution) -> None:
    seen = [
        name
        for each in CUSTOMERS
        for product in each.registers
        for name in shown(
            f"{product.product}/{each.investor}", sight_of_holding(viewer, each, product)
        )
    ]
    assert " ".join(seen) == SEEN_HOLDINGS[viewer.id]


@pytest.mark.parametrize("viewer", INSTITUTIONS, ids=lambda each: each.id)
def test_trades__every_institution__sees_its_customers_and_the_other_side_as_an_id(
    viewer: Institution,
) -> None:
    views = [view_trade(viewer, trade) for trade in TRADES.values()]
    seen = tuple(
        " ".join(WORDS[sight] for sight in (view.trade, view.sender, view.recipient))
        for view in views
    )
    assert seen == SEEN_TRADES[viewer.id]


def test_tables__above__name_every_institution_and_every_role_has_every_subject() -> None:
    names = {each.id for each in INSTITUTIONS}
    for table in (SEEN_PRODUCTS, SEEN_PERSONS, SEEN_HOLDINGS, SEEN_TRADES):
        assert set(table) == names
    assert {each.role for each in INSTITUTIONS} == set(InstitutionRole) == set(SIGHT)
    assert all(set(row) == set(Subject) for row in SIGHT.values())


@pytest.mark.parametrize("subject", Subject)
def test_platform_manager__any_subject__reads_no_name_and_no_quantity(subject: Subject) -> None:
    """R-PROGMAT-VIS-3 and D.10.4."""
    row = SIGHT[InstitutionRole.PLATFORM_MANAGER]
    assert row[subject] in (Sight.NOTHING, Sight.DIGEST)
    with pytest.raises(Refusal) as refused:
        require_person(PLATFORM, H1)
    assert refused.value.reason is Reason.NOT_FOUND


DISCLOSURE = Disclosure(
    product=P1.product, by=R1.id, to=A1.id, purpose="holders' meeting", basis=EVIDENCE
)


def test_disclosure__by_the_registrar_with_purpose_and_basis__shows_the_person() -> None:
    assert sight_of_person(A1, H1, DISCLOSURE) is Sight.ITSELF
    require_person(A1, H1, DISCLOSURE)


@pytest.mark.parametrize(
    "flawed",
    [
        None,
        replace(DISCLOSURE, purpose="  "),
        replace(DISCLOSURE, basis=None),
        replace(DISCLOSURE, by=R2.id),
        replace(DISCLOSURE, by=B1.id),
        replace(DISCLOSURE, to=A2.id),
        replace(DISCLOSURE, product=P2.product),
    ],
)
def test_disclosure__missing_or_anothers__is_refused_for_want_of_a_purpose(
    flawed: Disclosure | None,
) -> None:
    """D.1.5, first half."""
    with pytest.raises(Refusal) as refused:
        require_person(A1, H1, flawed)
    assert refused.value.reason is Reason.PURPOSE_MISSING
    assert refused.value.facts == {"investor": "H1"}


@pytest.mark.parametrize(
    "viewer", [each for each in INSTITUTIONS if each != A1], ids=lambda each: each.id
)
def test_disclosure__to_somebody_else__opens_nothing(viewer: Institution) -> None:
    mine = replace(DISCLOSURE, to=viewer.id)
    for each in CUSTOMERS:
        assert sight_of_person(viewer, each, mine) is sight_of_person(viewer, each)


def test_not_found__foreign_product_and_missing_product__are_the_same_answer() -> None:
    """D.1.5, second half, and R-PROGMAT-VIS-1."""
    answers = []
    for sight in (sight_of_product(A1, P2), sight_of_product(R1, P2), Sight.NOTHING):
        with pytest.raises(Refusal) as refused:
            require_seen(sight, subject=Subject.PRODUCT, asked="P2")
        answers.append((refused.value.reason, refused.value.facts))
    assert answers == 3 * [(Reason.NOT_FOUND, {"subject": "product", "asked": "P2"})]


def test_not_found__customer_of_another_broker__is_the_answer_for_nobody() -> None:
    """D.5.5: B2 asks for H1, who is B1's."""
    with pytest.raises(Refusal) as foreign:
        require_person(B2, H1)
    with pytest.raises(Refusal) as missing:
        require_seen(Sight.NOTHING, subject=Subject.PERSON, asked="H1")
    assert foreign.value.args == missing.value.args


def test_own__same_id_under_another_role__is_not_own() -> None:
    """A firm that is registrar and custodian is two institutions: an id alone opens nothing."""
    for viewer in INSTITUTIONS:
        stranger = replace(viewer, id=InstitutionId("NOBODY"))
        assert sight_of_person(stranger, H1) is Sight.NOTHING
        assert sight_of_product(stranger, P1) is Sight.NOTHING


@pytest.mark.parametrize("asked", ["見本 太郎", "", "a name with spaces", "x" * 33])
def test_not_found__what_was_asked_is_no_id__is_not_repeated(asked: str) -> None:
    """Somebody may type a name into a search; a refusal carries no personal data (invariant 4)."""
    with pytest.raises(Refusal) as refused:
        require_seen(Sight.NOTHING, subject=Subject.PERSON, asked=asked)
    assert refused.value.facts == {"subject": "person"}


def test_consent__to_ones_own_intermediary__opens_nothing_to_another() -> None:
    other = replace(F1, id=InstitutionId("F2"))
    assert sight_of_holding(F1, H2, P1) is Sight.ITSELF
    assert sight_of_holding(other, H2, P1) is Sight.NOTHING
