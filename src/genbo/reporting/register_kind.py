"""Kinds of register (原簿の種類): what the law calls the register of a right, and what it must contain.

legal form of the product                 the register
受益証券発行信託の受益権                     受益権原簿, Trust Act 186
社債                                       社債原簿, Companies Act 681
株式                                       株主名簿, Companies Act 121
every other                               権利者名簿: kept by contract, no article asks for it
"""

from dataclasses import dataclass
from enum import Enum

from genbo.reporting.words import Both, firm_words
from genbo.token import (
    HolidayAdjustment,
    InvestorClass,
    LegalForm,
    PerfectionMethod,
    ProductTerms,
    RightKind,
)


class RegisterKind(Enum):
    """Which register a product has."""

    BENEFICIARY = "beneficiary"
    BOND = "bond"
    SHAREHOLDER = "shareholder"
    RIGHTS = "rights"

    @property
    def title(self) -> Both:
        """What the document is called."""
        return _TITLES[self]

    @property
    def law(self) -> Both:
        """The article that asks for it."""
        return _LAWS[self]

    @property
    def certificate(self) -> Both:
        """What a holder's own extract is called."""
        return _CERTIFICATES[self]

    @property
    def certificate_law(self) -> Both:
        """The article by which a holder may ask for it."""
        return _CERTIFICATE_LAWS[self]

    @property
    def units(self) -> Both:
        """What a quantity counts."""
        return _UNITS[self]


_B, _D, _S, _R = RegisterKind
_TITLES = {
    _B: Both("受益権原簿", "Beneficiary register"),
    _D: Both("社債原簿", "Bond register"),
    _S: Both("株主名簿", "Shareholder register"),
    _R: Both("権利者名簿", "Record of holders"),
}
_LAWS = {
    _B: Both("信託法第186条", "Trust Act, Article 186"),
    _D: Both("会社法第681条", "Companies Act, Article 681"),
    _S: Both("会社法第121条", "Companies Act, Article 121"),
    _R: Both("契約に基づく記録", "kept by contract"),
}
_CERTIFICATES = {
    _B: Both("受益権原簿記載事項証明書", "Certificate of entries in the beneficiary register"),
    _D: Both("社債原簿記載事項証明書", "Certificate of entries in the bond register"),
    _S: Both("株主名簿記載事項証明書", "Certificate of entries in the shareholder register"),
    _R: Both("権利者名簿記載事項証明書", "Certificate of entries in the record of holders"),
}
_CERTIFICATE_LAWS = {
    _B: Both("信託法第187条", "Trust Act, Article 187"),
    _D: Both("会社法第682条", "Companies Act, Article 682"),
    _S: Both("会社法第122条", "Companies Act, Article 122"),
    _R: Both("契約に基づく記録", "kept by contract"),
}
_UNITS = {
    _B: Both("口数", "Units"),
    _D: Both("口数", "Units"),
    _S: Both("株式数", "Shares"),
    _R: Both("口数", "Units"),
}


def kind_of(form: LegalForm) -> RegisterKind:
    """The register of a legal form."""
    return {
        LegalForm.BENEFICIARY_CERTIFICATE_TRUST: RegisterKind.BENEFICIARY,
        LegalForm.CORPORATE_BOND: RegisterKind.BOND,
        LegalForm.SHARE: RegisterKind.SHAREHOLDER,
    }.get(form, RegisterKind.RIGHTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedFirm:
    """A firm as the register names it."""

    id: str
    name: str
    registered_address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedContract:
    """The trust contract as the register names it."""

    id: str
    number: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatutoryFacts:
    """What the head of a register is made of, as it held at the instant."""

    name: str
    """受益権名称."""
    terms: ProductTerms
    contract: PrintedContract | None
    trustee: PrintedFirm | None
    """The registrar."""
    settlor: PrintedFirm | None
    asset_manager: PrintedFirm | None
    beneficiary_agent: PrintedFirm | None
    factor: int = 1
    """Product of all split factors before the instant: what was set at issue is so many times as many units now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One statutory item of the head."""

    key: str
    label: Both
    text: Both


def items_of(kind: RegisterKind, facts: StatutoryFacts) -> tuple[Item, ...]:
    """The items of the head, in the order of the law; holders and their dates are the table (B.1)."""
    common = _parties(kind, facts)
    terms = facts.terms
    if kind is RegisterKind.BOND:
        own = _bond(terms, facts.factor)
    elif kind is RegisterKind.SHAREHOLDER:
        own = _share(terms)
    else:
        own = _right(terms)
    return (*own, *common)


def _right(terms: ProductTerms) -> tuple[Item, ...]:
    return (
        _item("right", "受益権の内容", "Right", *_kind_of_right(terms)),
        _quantity("set_quantity", "設定数量", "Quantity set", terms.set_quantity),
        _price("unit_price", "発行価格（1口当たり）", "Issue price of a unit", terms),
        _day("set_date", "設定日", "Set on", terms.set_date),
        *_dates(terms),
        _transfer(terms),
        _none("certificates", "受益証券", "Certificates"),
    )


def _bond(terms: ProductTerms, factor: int) -> tuple[Item, ...]:
    total = terms.set_quantity * factor * terms.unit_price_yen
    return (
        _item("right", "社債の種類", "Kind of bond", *_kind_of_right(terms)),
        _item("total", "社債の総額", "Total amount", f"{total:,}円", f"JPY {total:,}"),
        _price("unit_price", "各社債の金額", "Amount of each bond", terms),
        _item("paid_in", "払込金額", "Amount paid in", f"{total:,}円", f"JPY {total:,}"),
        _day("set_date", "払込日", "Paid in on", terms.set_date),
        *_interest(terms, factor),
        *_dates(terms),
        _transfer(terms),
        _none("certificates", "社債券", "Certificates"),
    )


def _interest(terms: ProductTerms, factor: int) -> tuple[Item, ...]:
    """Rate and payment of interest (Companies Act 681(1), 676), and what was planned where less was issued."""
    bond = terms.bond
    if bond is None:
        return ()
    fields = bond.as_fields()
    rate_ja, rate_en = f"年{fields['rate']}%（税引前）", f"{fields['rate']}% a year before tax"
    if bond.points_rate:
        rate_ja = f"金銭により{rate_ja}、ポイントにより年{fields['points_rate']}%"
        rate_en = f"{rate_en} in cash, {fields['points_rate']}% a year in points"
    first = bond.first_coupon
    begin_ja, begin_en = (f"、初回{first}", f", first on {first}") if first else ("", "")
    moved = _MOVED[terms.holiday_adjustment]
    items = [
        _item("rate", "利率", "Rate of interest", rate_ja, rate_en),
        _item(
            "interest",
            "利息支払の方法及び期限",
            "Payment of interest",
            f"{bond.interest_from}から償還日まで付し、年{bond.coupons_a_year}回{begin_ja}、償還日を最終として後払い。{moved.ja}",
            f"From {bond.interest_from} to redemption, {_TIMES[bond.coupons_a_year]} a year in arrears{begin_en}, "
            f"the last with redemption. {moved.en}",
        ),
    ]
    if bond.planned_quantity is not None and bond.planned_quantity > terms.set_quantity:
        planned = bond.planned_quantity * factor * terms.unit_price_yen
        items.append(
            _item(
                "planned",
                "発行予定額",
                "Amount planned",
                f"{planned:,}円（打切発行）",
                f"JPY {planned:,}, issued for what was subscribed",
            )
        )
    return tuple(items)


def _share(terms: ProductTerms) -> tuple[Item, ...]:
    return (
        _item("right", "株式の種類", "Class of shares", *_kind_of_right(terms)),
        _quantity("set_quantity", "発行数", "Shares issued at first", terms.set_quantity),
        _price("unit_price", "払込金額（1株当たり）", "Amount paid in for a share", terms),
        _day("set_date", "払込期日", "Paid in on", terms.set_date),
        *_dates(terms),
        _transfer(terms),
        _none("certificates", "株券", "Certificates"),
    )


def _kind_of_right(terms: ProductTerms) -> tuple[str, str]:
    isin = f"（ISIN {terms.isin}）" if terms.isin else ""
    kind = _RIGHT_KINDS[terms.right_kind]
    form = _FORMS[terms.legal_form]
    return (
        f"{kind.ja}　{form.ja}{isin}",
        f"{kind.en}; {form.en}" + (f" (ISIN {terms.isin})" if terms.isin else ""),
    )


def _dates(terms: ProductTerms) -> tuple[Item, ...]:
    days = [day for day in (terms.record_date_1, terms.record_date_2) if day is not None]
    return (
        _day("redemption_date", "償還日", "Redemption", terms.redemption_date),
        _item(
            "record_dates",
            "権利確定日（毎年）",
            "Record dates, yearly",
            "、".join(map(str, days)),
            ", ".join(map(str, days)),
        ),
    )


def _transfer(terms: ProductTerms) -> Item:
    classes = sorted(terms.permitted_classes)
    method = _PERFECTION[terms.perfection_method]
    ja = "・".join(_CLASSES[each].ja for each in classes)
    en = ", ".join(_CLASSES[each].en for each in classes)
    return _item(
        "transfer",
        "譲渡の制限・対抗要件",
        "Restrictions of transfer, perfection",
        f"保有できる投資家区分：{ja}。{method.ja}",
        f"May be held by: {en}. {method.en}",
    )


def _parties(kind: RegisterKind, facts: StatutoryFacts) -> tuple[Item, ...]:
    """The contract behind the right and its parties; of a bond its terms, its issuer and who keeps its register."""
    labels = _PARTIES | (_PARTIES_OF_BOND if kind is RegisterKind.BOND else {})
    items: list[Item] = []
    if facts.contract is not None:
        contract = f"{facts.contract.number}　{facts.contract.name}"
        label = labels["trust_contract"]
        items.append(_item("trust_contract", label.ja, label.en, contract, contract))
    for key, firm in (
        ("trustee", facts.trustee),
        ("settlor", facts.settlor),
        ("asset_manager", facts.asset_manager),
        ("beneficiary_agent", facts.beneficiary_agent),
    ):
        if firm is not None:
            words = firm_words(firm.name, firm.registered_address)
            items.append(_item(key, labels[key].ja, labels[key].en, words, words))
    note = facts.terms.register_note
    if note:
        items.append(_item("register_note", "注記", "Note", note, note))
    return tuple(items)


def _item(key: str, ja: str, en: str, text_ja: str, text_en: str) -> Item:
    return Item(key=key, label=Both(ja, en), text=Both(text_ja, text_en))


def _quantity(key: str, ja: str, en: str, units: int) -> Item:
    return _item(key, ja, en, f"{units:,}", f"{units:,}")


def _price(key: str, ja: str, en: str, terms: ProductTerms) -> Item:
    yen = terms.unit_price_yen
    return _item(key, ja, en, f"{yen:,}円", f"JPY {yen:,}")


def _day(key: str, ja: str, en: str, day: object) -> Item:
    return _item(key, ja, en, str(day), str(day))


def _none(key: str, ja: str, en: str) -> Item:
    return _item(
        key, ja, en, "発行しない（番号・発行日なし）", "none are issued (no number, no date)"
    )


_PARTIES = {
    "trust_contract": Both("信託契約", "Trust contract"),
    "trustee": Both("受託者（原簿管理者）", "Trustee, keeps this register"),
    "settlor": Both("委託者", "Settlor"),
    "asset_manager": Both("運用者", "Asset manager"),
    "beneficiary_agent": Both("受益者代理人", "Beneficiaries' agent"),
}
_PARTIES_OF_BOND = {
    "trust_contract": Both("社債要項", "Terms of issue"),
    "trustee": Both("社債原簿管理人", "Bond register administrator"),
    "settlor": Both("発行者", "Issuer"),
    "asset_manager": Both("発行事務", "Issuer's administration"),
}
_TIMES = {1: "once", 2: "twice", 4: "four times", 12: "twelve times"}
_MOVED = {
    HolidayAdjustment.NONE: Both(
        "銀行休業日でも繰り上げ、繰り下げをしない。", "A bank holiday moves no payment."
    ),
    HolidayAdjustment.FOLLOWING: Both(
        "銀行休業日に当たるときは翌営業日に支払う。",
        "Due on a bank holiday, it is paid on the next business day.",
    ),
    HolidayAdjustment.PRECEDING: Both(
        "銀行休業日に当たるときは前営業日に支払う。",
        "Due on a bank holiday, it is paid on the business day before.",
    ),
    HolidayAdjustment.MODIFIED_FOLLOWING: Both(
        "銀行休業日に当たるときは翌営業日（翌月となるときは前営業日）に支払う。",
        "Due on a bank holiday, it is paid on the next business day, or the one before where that is in another month.",
    ),
}
_RIGHT_KINDS = {
    RightKind.GENERAL: Both("一般", "general"),
    RightKind.PREFERRED: Both("優先", "preferred"),
    RightKind.SUBORDINATED: Both("劣後", "subordinated"),
}
_FORMS = {
    LegalForm.BENEFICIARY_CERTIFICATE_TRUST: Both(
        "受益証券発行信託の受益権", "right in a certificate-issuing trust"
    ),
    LegalForm.CORPORATE_BOND: Both("社債", "corporate bond"),
    LegalForm.SHARE: Both("株式", "share"),
    LegalForm.SPECIFIED_PURPOSE_TRUST: Both(
        "特定目的信託の受益権", "right in a specified purpose trust"
    ),
    LegalForm.PLAIN_TRUST: Both("信託受益権", "right in a trust"),
    LegalForm.SILENT_PARTNERSHIP: Both("匿名組合出資持分", "share in a silent partnership"),
}
_PERFECTION = {
    PerfectionMethod.REGISTER_ENTRY: Both(
        "譲渡は原簿への記録により対抗できる。", "A transfer takes effect by entry in this register."
    ),
    PerfectionMethod.DATED_NOTICE: Both(
        "譲渡は確定日付のある通知又は承諾により対抗できる。",
        "A transfer takes effect by notice or consent with a certified date.",
    ),
    PerfectionMethod.CERTIFIED_SYSTEM: Both(
        "譲渡は認定を受けたシステムによる通知又は承諾により対抗できる。",
        "A transfer takes effect by notice through a certified system.",
    ),
}
_CLASSES: dict[int, Both] = {
    InvestorClass.INDIVIDUAL: Both("一般個人", "individuals"),
    InvestorClass.CORPORATION: Both("一般法人", "corporations"),
    InvestorClass.PROFESSIONAL: Both("特定投資家", "professional investors"),
    InvestorClass.QUALIFIED_INSTITUTION: Both(
        "適格機関投資家", "qualified institutional investors"
    ),
    InvestorClass.INITIAL_BENEFICIARY: Both("当初受益者", "the initial beneficiary"),
}
