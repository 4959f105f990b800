"""Decisions on units from the command line, beside a running system.

given a system that runs, and a product with 40 units issued
├── a split should be decided, refused to its maker, approved, carried out once, and be documented before and after
├── a decision that was taken back should stay so
├── an additional issue should come on top within the cap
├── a redemption without a record date, or without saying how many, should be refused
└── decisions should be listed, each by its own word
"""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.support.command import EXAMPLE, Ran, inside, running

from genbo.cli.session import office, wall_clock
from genbo.governance import Duty
from genbo.kernel import Digest, ProductId, Reference, business_date
from genbo.token import Act

PRODUCT = "SHIBUYA-JINNAN"


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("corporate")
    data = folder / "data"
    terms = (EXAMPLE / "product.yaml").read_text("utf-8").replace("2024-08-01", "2040-08-01")
    terms = terms.replace("authorised_cap: 1453", "authorised_cap: 50")
    (folder / "product.yaml").write_text(terms.replace("set_quantity: 1453", "set_quantity: 40"))
    (folder / "resolution.pdf").write_bytes(b"a resolution")
    with running("up", "--port", 0, "--json", data=data) as up:
        up.await_document()
        for words in (
            ("firm", "register", EXAMPLE / "firms.yaml"),
            ("product", "create", folder / "product.yaml"),
        ):
            ran = inside(*words, data=data)
            assert ran.code == 0, ran.err
        _issue(data)
        yield folder
        assert up.end().code == 0


def _issue(data: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GENBO_DATA", str(data))
        with office() as working:
            product = ProductId(PRODUCT)
            token = working.token(product)
            beneficiary = token.initial_beneficiary().value
            assert beneficiary is not None
            working.act(
                token.set_verdict(
                    beneficiary, until=wall_clock() + timedelta(days=99), investor_class=5
                ),
                Duty.RESTRICTOR,
                product=product,
            )
            act = Act(ref=Reference("I-1"), evidence=Digest("0x" + 64 * "a"))
            working.act(token.issue([beneficiary], [40], act), Duty.ISSUER, product=product)


@pytest.fixture
def genbo(system: Path) -> Callable[..., Ran]:
    return lambda *words: inside(*words, data=system / "data")


def _papers(system: Path, day: object = None) -> tuple[object, ...]:
    on = day or business_date(wall_clock())
    return (
        *("--product", PRODUCT, "--day", on, "--resolution", "R-1"),
        *("--evidence", system / "resolution.pdf"),
    )


def test_split__by_two_persons__is_carried_out_and_documented(
    genbo: Callable[..., Ran], system: Path
) -> None:
    papers = _papers(system)
    assert "split_factor_invalid" in genbo("split", "decide", "SP-1", "--factor", 1, *papers).line
    draft = genbo("split", "decide", "SP-1", "--factor", 10, *papers, "--as", "issue-1", "--json")
    sha = "0x" + hashlib.sha256(b"a resolution").hexdigest()
    found = draft.document
    assert (found["state"], found["factor"], found["evidence"]) == ("draft", 10, sha)
    assert genbo("split", "approve", "SP-1", "--as", "issue-1").line.startswith("same_person")
    assert genbo("split", "carry-out", "SP-1").line.startswith("action_not_open")
    approved = genbo("split", "approve", "SP-1", "--as", "issue-2", "--json").document
    assert (approved["state"], approved["decided_by"]) == ("approved", "issue-2")
    done = genbo("split", "carry-out", "SP-1", "--json").document
    assert done["state"] == "done"
    assert genbo("split", "carry-out", "SP-1", "--json").document == done
    paper = system / "before.pdf"
    before = genbo("split", "document", "SP-1", "--before", "--out", paper, "--json").document
    assert (before["total_issued"], before["digest"]) == (40, done["before"]["digest"])
    assert paper.read_bytes().startswith(b"%PDF")
    assert stat.S_IMODE(paper.stat().st_mode) == 0o600
    after = genbo("split", "document", "SP-1", "--anchor", "--json").document
    assert (after["total_issued"], len(after["anchored"])) == (400, 2)
    told = genbo("split", "show", "SP-1")
    assert "1:10" in told.out
    assert "done" in told.out


def test_decision__taken_back__stays_so(genbo: Callable[..., Ran], system: Path) -> None:
    tomorrow = business_date(wall_clock()) + timedelta(days=1)
    papers = _papers(system, tomorrow)
    assert genbo("split", "decide", "SP-2", "--factor", 2, *papers, "--as", "issue-1").code == 0
    assert genbo("split", "reject", "SP-2", "--as", "issue-1").code == 0
    assert genbo("split", "approve", "SP-2", "--as", "issue-2").line.startswith("action_not_open")
    assert genbo("split", "decide", "SP-3", "--factor", 2, *papers, "--as", "issue-1").code == 0
    assert genbo("split", "approve", "SP-3", "--as", "issue-2").code == 0
    early = genbo("split", "carry-out", "SP-3")
    assert (early.code, early.line.split(":")[0]) == (1, "action_not_due")


def test_additional_issue__within_the_cap__comes_on_top(
    genbo: Callable[..., Ran], system: Path
) -> None:
    papers = _papers(system)
    word = "additional-issue"
    over = genbo(word, "decide", "AI-1", "--units", 101, *papers)
    assert over.line.startswith("cap_exceeded")
    assert genbo(word, "decide", "AI-1", "--units", 100, *papers, "--as", "issue-2").code == 0
    assert genbo(word, "approve", "AI-1", "--as", "issue-1").code == 0
    assert genbo(word, "carry-out", "AI-1", "--json").document["state"] == "done"
    after = genbo(word, "document", "AI-1", "--json").document
    assert after["total_issued"] == 500


def test_redemption__without_record_date_or_number__is_refused(
    genbo: Callable[..., Ran], system: Path
) -> None:
    words = ("redemption", "decide", "RD-1", *_papers(system), "--record-date", "2026-01-31")
    both = genbo(*words, "--capital", 1, "--all", "--units", 3)
    assert (both.code, both.line.split(":")[0]) == (2, "command_invalid")
    assert "See `genbo redemption decide --help`." in both.line
    unknown = genbo(*words, "--capital", 1, "--all")
    assert (unknown.code, unknown.line.split(":")[0]) == (1, "record_date_unknown")
    nothing = genbo(*words, "--all")
    assert nothing.line.startswith("field_invalid")


def test_decisions__listed__are_those_of_the_word(genbo: Callable[..., Ran], system: Path) -> None:
    listed = genbo("split", "show", "--json").document["decisions"]
    assert [(each["decision"], each["state"]) for each in listed] == [
        ("SP-1", "done"),
        ("SP-2", "rejected"),
        ("SP-3", "approved"),
    ]
    assert genbo("redemption", "show", "--json").document["decisions"] == []
    other = genbo("redemption", "show", "SP-1")
    assert (other.code, other.line.split(":")[0]) == (1, "action_unknown")
    assert "AI-1" in genbo("additional-issue", "show", "--product", PRODUCT).out
