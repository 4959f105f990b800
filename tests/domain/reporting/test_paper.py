"""Pages: every line stands where it fits, and the pages add up.

given a text and a width
├── it should be broken into lines that fit, with nothing lost but the spaces at the breaks
├── it should keep words whole where it can, and begin no line with a mark that belongs to the one before
└── a character that the font lacks should become 〓, and one that only chooses a form should go
given a paper with rows of any height
├── nothing should stand beyond the edges of its page, and no row on two pages
├── the subtotals of the pages should add up to the total
└── every page should have head, foot and its number
given a paper that is to be drawn
├── another process draws it, and ends when it has drawn many pages
├── what cannot be drawn is a fault, without the words of the paper
└── when nobody wants it any more, it ends in the middle
given no font
└── it should be a fault that says where it comes from
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.documents import LONG_ADDRESS, LONG_NAME, a_line, a_register

from genbo.compliance.reasons import Language
from genbo.kernel import Fault, Reason
from genbo.reporting.certificate_paper import certificate_paper
from genbo.reporting.paper import Paper, as_pictures
from genbo.reporting.paper.drawer import end_drawers
from genbo.reporting.paper.font import BOLD, MISSING, REGULAR, font_file
from genbo.reporting.paper.font import font as a_font
from genbo.reporting.paper.layout import Page, broken, lay_out
from genbo.reporting.register_paper import register_paper
from genbo.reporting.ticking import silent

POINT = 25.4 / 72
FONTS = import_module("genbo.reporting.paper.font")
DRAWER = import_module("genbo.reporting.paper.drawer")
FONT, HEAVY = a_font(REGULAR), a_font(BOLD)
KANJI = st.text(st.sampled_from("架空信託銀行株式会社、。ーっ（）"), max_size=80)
WORDS = st.text(st.sampled_from("abcXYZ 0123-.,"), max_size=80)


def laid(paper: Paper) -> list[Page]:
    return lay_out(paper, FONT, HEAVY)


@given(text=st.one_of(KANJI, WORDS, st.text(max_size=60)), width=st.floats(12.0, 80.0))
@settings(max_examples=200, deadline=None)
def test_broken__any_text__fits_and_loses_nothing(text: str, width: float) -> None:
    text = " ".join(text.split())
    lines = broken(text, width, FONT)
    assert all(FONT.width(line) * 7.5 * POINT <= width + 1e-6 for line in lines)
    kept = re.sub(r"\s", "", FONT.printable(text))
    assert re.sub(r"\s", "", "".join(lines)) == kept


def test_broken__words_and_marks__stay_together() -> None:
    assert broken("Sample Holdings International", 30.0, FONT) == [
        "Sample Holdings",
        "International",
    ]
    lines = broken("架空信託銀行株式会社、架空支店。" * 4, 33.0, FONT)
    assert len(lines) > 3
    assert not [line for line in lines if line[0] in "、。"]
    name = "ヴァン・デル・カクウ・アレクサンドラ・マリア"
    assert broken(name, 48.0, FONT) == ["ヴァン・デル・カクウ・", "アレクサンドラ・マリア"]


def test_printable__what_the_font_lacks__is_shown_as_missing() -> None:
    assert FONT.printable("架空한") == "架空" + MISSING
    assert FONT.printable("葛\U000e0100城") == "葛城"
    assert FONT.printable("か\u3099") == "が"


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("count", [0, 1, 7, 40, 400])
def test_register__any_number_of_lines__stays_within_its_pages_and_adds_up(
    count: int, language: Language
) -> None:
    lines = [
        a_line(
            number,
            units=number + 1,
            **({"name": LONG_NAME, "registered_address": LONG_ADDRESS} if number % 5 == 1 else {}),
        )
        for number in range(count)
    ]
    register = a_register(lines)
    paper = register_paper(register, language)
    pages = laid(paper)
    for number, page in enumerate(pages, 1):
        numbered = [
            text for *_, text in page.texts if re.search(rf"\b{number}\b.*\b{len(pages)}\b", text)
        ]
        assert numbered
        assert any(register.digest in text for *_, text in page.texts)
        for x, y, size, weight, text in page.texts:
            used = (HEAVY if weight == 700 else FONT).width(text) * size * POINT
            assert 12.0 - 1e-6 <= x <= x + used <= 285.0 + 0.1, text
            assert 0 < y < 205.0
        body = [y for _, y, size, _, _ in page.texts if size == 7.5]
        assert not body or max(body) < 210.0 - 14.0 - 3
    told = [text for page in pages for *_, text in page.texts]
    assert told.count("合計" if language is Language.JA else "Total") == 1
    assert f"{register.units:,}" in told
    pattern = r"累計 ([\d,]+)" if language is Language.JA else r"up to here ([\d,]+)"
    sums = [int(found[1].replace(",", "")) for text in told if (found := re.search(pattern, text))]
    assert sums == sorted(sums)
    assert len(sums) >= (len(pages) - 1 if count > 40 else 0)
    if sums:
        assert sums[-1] == register.units
    assert all(told.count(str(line.lot)) == 1 for line in lines)


def test_register__long_name_and_unknown_signs__are_printed_whole_and_said() -> None:
    pages = laid(register_paper(a_register(), Language.JA))
    told = "".join(text for page in pages for *_, text in page.texts)
    assert "".join(LONG_NAME.split()) in told
    assert MISSING in told
    assert "U+1F600" in told
    assert "U+D55C" in told
    assert "口座凍結" in told
    assert "名義人不明" in told


def test_certificate__one_page__has_statement_and_place_for_a_seal() -> None:
    register = a_register([a_line(1)], holder=a_line(1).holder)
    pages = laid(certificate_paper(register, Language.JA))
    told = [text for page in pages for *_, text in page.texts]
    assert len(pages) == 1
    assert "上記の者について、受益権原簿に次のとおり記録されていることを証明する。" in told
    assert any("㊞" in text for text in told)
    assert not any("累計" in text for text in told)  # one page: its sum is the total


@pytest.mark.parametrize("language", Language)
def test_register__name_longer_than_a_page__goes_on_on_the_next(language: Language) -> None:
    register = a_register([a_line(1), a_line(2, name="架空" * 900, units=5), a_line(3)])
    pages = laid(register_paper(register, language))
    told = "".join(text for page in pages for *_, text in page.texts)
    assert told.count("架空") >= 900
    assert all(y < 210.0 - 17.0 for page in pages for _, y, size, _, _ in page.texts if size == 7.5)
    total = "合計" if language is Language.JA else "Total"
    assert [text for page in pages for *_, text in page.texts].count(total) == 1


def test_pictures__a_paper__is_one_for_each_page() -> None:
    paper = register_paper(a_register([a_line(n) for n in range(40)]), Language.EN)
    pictures = as_pictures(paper, dots_per_inch=40)
    assert len(pictures) == len(laid(paper)) > 1
    assert all(each.startswith(b"\x89PNG") for each in pictures)


# Drawers ----------------------------------------------------------------------------------------------


@pytest.fixture
def alone() -> Iterator[None]:
    """No drawer waits before, and none after."""
    end_drawers()
    yield
    end_drawers()


def test_drawer__that_has_drawn_many_pages__ends(
    alone: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = register_paper(a_register(), Language.EN)
    as_pictures(paper)
    (kept,) = DRAWER._idle
    as_pictures(paper)
    assert DRAWER._idle == [kept], "the next paper is drawn by the same"
    kept._process.kill()
    kept._process.wait()
    as_pictures(paper)
    (another,) = DRAWER._idle
    assert another is not kept, "one that somebody ended is not asked"
    monkeypatch.setattr(DRAWER, "_MOST_PAGES", 1)
    as_pictures(paper)
    assert DRAWER._idle == []
    assert not another.lives


def test_drawer__what_cannot_be_drawn__is_a_fault_without_its_words(alone: None) -> None:
    for template in (b'#panic("secret")', b"#sys.inputs.nothing"):
        with pytest.raises(Fault) as broken_page:
            DRAWER.draw(template, {}, [], {"format": "pdf"}, pages=1, rows=0, tick=silent)
        assert broken_page.value.reason is Reason.INVARIANT_BROKEN
        assert "secret" not in str(broken_page.value)
    assert as_pictures(register_paper(a_register(), Language.EN)), "the next one is drawn"


def test_drawer__nobody_wants_it_any_more__ends_in_the_middle(
    alone: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DRAWER, "_HEARD_EVERY", 0.01)

    def enough(rows: int) -> None:
        raise KeyboardInterrupt

    endless = b"#let n = 0\n#while n < 100000000 { n += 1 }"
    with pytest.raises(KeyboardInterrupt):
        DRAWER.draw(endless, {}, [], {"format": "pdf"}, pages=1, rows=7, tick=enough)
    assert DRAWER._idle == []


def test_font__missing__is_a_fault_that_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(FONTS, "_PACKAGE", tmp_path)
    monkeypatch.setattr(FONTS, "_CHECKOUT", tmp_path)
    with pytest.raises(Fault) as fault:
        font_file(REGULAR)
    assert fault.value.reason is Reason.FILE_UNREADABLE
    assert "make setup" in str(fault.value.facts["problem"])
