"""Writes the people of the example: investors, allotments, and those who are refused.

    python examples/shibuya-jinnan/make_investors.py            write the CSV files beside this script
    python examples/shibuya-jinnan/make_investors.py FOLDER     write them there instead

Everybody is invented. Family names are common ones, given names are taken from nature, and a fixed seed puts
them together. Prefectures and municipalities are real; the towns, blocks and house numbers below them are not.
The quantities are those of the common fixture: 503 holders, 1,453 units. The same seed gives the same bytes, and
a test compares them.
"""

import csv
import random
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from pathlib import Path

SEED = 20210811
"""The payment day of the offering. Another seed gives other people, and other ids."""

OFFERED = 1_453
"""Units of the offering."""

BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

INDIVIDUAL, CORPORATION, INITIAL_BENEFICIARY = "individual", "corporation", "initial_beneficiary"
"""Investor classes by the names that files use."""

VERIFIED_UNTIL = date(2025, 3, 31)
"""Beyond the redemption of 2024 and everything the demo does after it."""

FAMILY_NAMES = (
    "佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村", "小林", "加藤", "吉田", "山田",
    "佐々木", "山口", "松本", "井上", "木村", "林", "斎藤", "清水", "山崎", "森", "池田", "橋本",
    "阿部", "石川", "山下", "中島", "石井", "小川", "前田", "岡田", "長谷川", "藤田", "後藤",
    "近藤", "村上", "遠藤", "青木", "坂本", "福田", "太田", "西村", "藤井", "金子", "岡本", "藤原",
    "中野", "三浦", "原田", "中川", "松田", "竹内", "小野", "田村", "中山", "和田", "石田", "森田",
    "上田", "原", "内田", "柴田", "酒井", "宮崎", "横山", "高木", "安藤", "宮本", "大野", "小島",
    "谷口", "今井", "工藤", "高田", "増田", "丸山", "杉山", "村田", "大塚", "新井", "小山", "平野",
    "藤本", "河野", "上野", "野口", "武田", "松井", "千葉", "岩崎", "菅原", "木下", "久保", "佐野",
    "野村", "松尾", "市川", "菊地", "杉本", "古川", "大西", "島田", "水野", "桜井", "渡部", "山内",
    "吉川", "髙橋", "𠮷田", "山﨑",
)  # fmt: skip
"""The last three are spelled with characters outside the common set, as real registers have them."""

GIVEN_NAMES = (
    "睦月", "如月", "卯月", "皐月", "文月", "葉月", "長月", "霜月", "小春", "初夏", "秋穂", "冬馬",
    "春風", "夏空", "秋晴", "初雪", "朝日", "夕凪", "青空", "若葉", "紅葉", "白波", "松風", "山吹",
    "桔梗", "撫子", "菖蒲", "椿", "橘", "柊", "岬", "汐", "澪", "霞", "雫", "暁", "曙", "北斗",
    "銀河", "七星", "千歳", "万里", "十和", "一葉", "深雪", "千鶴", "常磐", "玄武", "いずみ",
    "なぎさ", "すみれ", "わかば", "みなと", "ひなた", "カエデ", "ジョウジ", "トワ",
)  # fmt: skip
"""Months, seasons, plants and places of nature: people could bear them, hardly anybody known does."""

PLACES = {
    "100-0000": "東京都千代田区",
    "103-0000": "東京都中央区",
    "105-0000": "東京都港区",
    "160-0000": "東京都新宿区",
    "112-0000": "東京都文京区",
    "130-0000": "東京都墨田区",
    "135-0000": "東京都江東区",
    "140-0000": "東京都品川区",
    "152-0000": "東京都目黒区",
    "154-0000": "東京都世田谷区",
    "150-0000": "東京都渋谷区",
    "164-0000": "東京都中野区",
    "166-0000": "東京都杉並区",
    "173-0000": "東京都板橋区",
    "176-0000": "東京都練馬区",
    "180-0000": "東京都武蔵野市",
    "192-0000": "東京都八王子市",
    "231-0000": "神奈川県横浜市中区",
    "210-0000": "神奈川県川崎市川崎区",
    "251-0000": "神奈川県藤沢市",
    "330-0000": "埼玉県さいたま市浦和区",
    "350-0000": "埼玉県川越市",
    "260-0000": "千葉県千葉市中央区",
    "273-0000": "千葉県船橋市",
    "060-0000": "北海道札幌市中央区",
    "980-0000": "宮城県仙台市青葉区",
    "950-0000": "新潟県新潟市中央区",
    "920-0000": "石川県金沢市",
    "380-0000": "長野県長野市",
    "460-0000": "愛知県名古屋市中区",
    "604-0000": "京都府京都市中京区",
    "530-0000": "大阪府大阪市北区",
    "540-0000": "大阪府大阪市中央区",
    "650-0000": "兵庫県神戸市中央区",
    "662-0000": "兵庫県西宮市",
    "700-0000": "岡山県岡山市北区",
    "730-0000": "広島県広島市中区",
    "760-0000": "香川県高松市",
    "810-0000": "福岡県福岡市中央区",
    "900-0000": "沖縄県那覇市",
}
"""Real municipalities, each with the postal code for "no town of the list"."""

TOWNS = ("架空町", "見本町", "仮名台", "例示が丘", "想定通", "例題本町")
"""Towns that do not exist."""


@dataclass(frozen=True, kw_only=True)
class Investor:
    """One row of an investor file; the columns in the order of the file. README.md explains each."""

    investor_id: str
    fixture: str
    investor_type: str
    investor_class: str
    investor_name: str
    contact_postal_code: str
    registered_address: str
    corporate_number: str
    safekeeping_kind: str
    safekeeping_id: str
    custodian_id: str
    verified_at: str
    verified_until: str
    kyc_evidence: str


@dataclass(frozen=True, kw_only=True)
class Custody:
    """Who keeps the investor's keys (保護預り区分, 保護預り先, カストディアン)."""

    kind: str
    broker: str
    custodian: str = ""


B1 = Custody(kind="direct", broker="B1")
B2 = Custody(kind="delegated", broker="B2", custodian="C1")
B3 = Custody(kind="direct", broker="B3")


class People:
    """Invents one investor after the other."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._ids: set[str] = set()
        self._names: set[str] = set()
        self._evidence = 0

    def individual(
        self, fixture: str, custody: Custody = B1, *, until: date | None = VERIFIED_UNTIL
    ) -> Investor:
        """A private person."""
        return self._investor(fixture, "individual", INDIVIDUAL, self._name(), "", custody, until)

    def corporation(
        self,
        fixture: str,
        name: str,
        number: str,
        custody: Custody = B1,
        *,
        investor_class: str = CORPORATION,
    ) -> Investor:
        """A company, with its corporate number (法人番号)."""
        return self._investor(
            fixture, "corporation", investor_class, name, number, custody, VERIFIED_UNTIL
        )

    def _investor(
        self,
        fixture: str,
        kind: str,
        investor_class: str,
        name: str,
        number: str,
        custody: Custody,
        until: date | None,
    ) -> Investor:
        investor_id = self._id()
        postal_code, address = self._address()
        self._evidence += 1
        verified_at = date(2021, 7, 12) + timedelta(days=self._random.randrange(26))
        return Investor(
            investor_id=investor_id,
            fixture=fixture,
            investor_type=kind,
            investor_class=investor_class,
            investor_name=name,
            contact_postal_code=postal_code,
            registered_address=address,
            corporate_number=number,
            safekeeping_kind=custody.kind,
            safekeeping_id=custody.broker,
            custodian_id=custody.custodian,
            verified_at=verified_at.isoformat() if until else "",
            verified_until=until.isoformat() if until else "",
            kyc_evidence=f"KYC-{custody.broker}-2021-{self._evidence:05}" if until else "",
        )

    def _id(self) -> str:
        """Random, so that nothing about the person can be read off it (R-PROGMAT-T7.1)."""
        while (found := "IV-" + "".join(self._random.choices(BASE32, k=12))) in self._ids:
            pass
        self._ids.add(found)
        return found

    def _name(self) -> str:
        while (
            name := f"{self._random.choice(FAMILY_NAMES)}　{self._random.choice(GIVEN_NAMES)}"
        ) in self._names:
            pass
        self._names.add(name)
        return name

    def _address(self) -> tuple[str, str]:
        postal_code = self._random.choice(list(PLACES))
        town = self._random.choice(TOWNS)
        chome, ban, go = (self._random.randint(1, most) for most in (7, 28, 21))
        return postal_code, f"{PLACES[postal_code]}{town}{chome}丁目{ban}番{go}号"


def check_digit(base: str) -> str:
    """The corporate number whose last twelve digits are `base` (requirements B.7)."""
    total = sum(
        int(digit) * (1 if place % 2 == 0 else 2) for place, digit in enumerate(reversed(base))
    )
    return f"{9 - total % 9}{base}"


def holders(people: People) -> Iterator[tuple[Investor, int]]:
    """H1 to H503 with their units."""
    yield people.individual("H1"), 2
    yield people.individual("H2"), 51
    # The number of the National Tax Agency: the published example of a number that checks.
    yield people.corporation("H3", "株式会社見本商会", "7000012050002", B2), 400
    for number in range(4, 504):
        yield people.individual(f"H{number}"), 2


def others(people: People) -> list[Investor]:
    """Everybody else the story needs: the settlor, buyers, a creditor, and those who are refused."""
    return [
        people.corporation(
            "DS1", "株式会社DS1", check_digit("999901000001"), investor_class=INITIAL_BENEFICIARY
        ),
        people.individual("H504"),
        people.individual("H505", B3),
        people.individual("H600"),
        people.corporation("H601", "架空興産株式会社", check_digit("999901000601")),
        people.individual("H900"),
        people.individual("H901", until=None),
        people.individual("H902", until=date(2021, 8, 10)),
        people.individual("H903"),
        people.individual("H904"),
        people.individual("H905"),
    ]


def write_investors(path: Path, investors: Iterable[Investor]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(
            file, [field.name for field in fields(Investor)], lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows(asdict(investor) for investor in investors)


def write_allotment(path: Path, rows: Iterable[tuple[Investor, int]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["investor_id", "units"])
        writer.writerows((investor.investor_id, units) for investor, units in rows)


def main(folder: Path) -> None:
    people = People(SEED)
    allotted = list(holders(people))
    rest = others(people)
    by_fixture = {investor.fixture: investor for investor in rest}
    over = [(by_fixture["H903"], 3), (by_fixture["H904"], 2), (by_fixture["H905"], 2)]
    if sum(units for _, units in allotted) != OFFERED:
        raise ValueError("the holders of the fixture do not add up to the offering")

    write_investors(folder / "investors.csv", (investor for investor, _ in allotted))
    write_investors(folder / "other-investors.csv", rest)
    write_allotment(folder / "allotment.csv", allotted)
    write_allotment(folder / "allotment-over.csv", [*allotted, *over])
    write_allotment(folder / "allotment-small.csv", [(by_fixture["H900"], 1)])
    write_allotment(folder / "allotment-unverified.csv", [(by_fixture["H901"], 2)])
    write_allotment(folder / "allotment-expired.csv", [(by_fixture["H902"], 2)])


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent)
