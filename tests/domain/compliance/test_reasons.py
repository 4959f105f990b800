"""The reason table is complete, agrees with the contracts, and speaks both languages.

given every code of `Reason`
    it should have one entry with a sentence and a remedy in Japanese and in English
    it should ask the same facts in both languages
given the contracts' own declarations
    it should carry the numbers of `Reason.sol`
    it should know every error, and name one fact for each of its arguments
given a contract error that sender and recipient share
    it should be the sender's reason exactly when it names the sender
given a refusal
    it should be explained with its facts, and lose none
    it should be raised with every fact that its words do not do without
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from genbo.compliance.entry import Language
from genbo.compliance.reasons import (
    ERRORS,
    REASONS,
    SAFE_CODES,
    UNUSED_ERRORS,
    explain,
    reason_numbered,
    refusal_from_error,
)
from genbo.kernel import Reason, Refusal, to_bytes32

CONTRACTS = Path(__file__).parents[3] / "contracts"
SOURCES = Path(__file__).parents[3] / "src" / "genbo"
ERC6093 = """
    error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed);
    error ERC20InvalidSender(address sender);
    error ERC20InvalidReceiver(address receiver);
    error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed);
    error ERC20InvalidApprover(address approver);
    error ERC20InvalidSpender(address spender);
"""
ACCESS_MANAGER = "error AccessManagerUnauthorizedAccount(address msgsender, uint64 roleId);"

SENDER = "0x00000000000000000000000000000000000000A1"
OTHER = "0x00000000000000000000000000000000000000b2"


def _declared_errors() -> dict[str, int]:
    """Every error of our contracts and of the standards they use: name to number of arguments."""
    # .cache holds ape's copies of libraries, mocks/ stands for contracts of others.
    others = {".cache", "mocks"}
    paths = sorted(path for path in CONTRACTS.rglob("*.sol") if others.isdisjoint(path.parts))
    sources = [path.read_text() for path in paths]
    text = "\n".join(re.sub(r"//.*", "", source) for source in (*sources, ERC6093, ACCESS_MANAGER))
    return {
        name: len([each for each in arguments.split(",") if each.strip()])
        for name, arguments in re.findall(r"\berror (\w+)\(([^)]*)\)\s*;", text)
    }


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


@pytest.mark.parametrize("reason", Reason)
def test_table__every_reason__has_words_in_both_languages_over_the_same_facts(
    reason: Reason,
) -> None:
    entry = REASONS[reason]
    for text in (entry.ja, entry.en):
        assert text.sentence.strip()
        assert text.remedy.strip()
    assert re.search(r"[ぁ-んァ-ヶ一-龠]", entry.ja.sentence + entry.ja.remedy)
    assert entry.en.sentence.isascii()
    assert entry.en.remedy.isascii()
    assert entry.ja.required() == entry.en.required()
    assert entry.ja.placeholders() == entry.en.placeholders()


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("language", Language)
def test_explain__all_facts_given__leaves_no_brace_or_bracket(
    reason: Reason, language: Language
) -> None:
    entry = REASONS[reason]
    facts = {name: f"fact-{name}" for name in entry.text(language).placeholders()}
    explanation = explain(Refusal(reason, **facts), language)
    assert not re.search(r"[{}\[\]]", str(explanation))
    for fact in facts.values():
        assert fact in str(explanation)


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("language", Language)
def test_explain__no_facts_given__still_reads_without_braces(
    reason: Reason, language: Language
) -> None:
    explanation = explain(Refusal(reason), language)
    assert not re.search(r"[{}\[\]]", str(explanation))
    unknown = {"ja": "不明", "en": "unknown"}[language]
    assert (unknown in str(explanation)) == bool(REASONS[reason].en.required())


def test_numbers__compared_with_the_contract__are_the_same() -> None:
    source = re.sub(r"//.*", "", (CONTRACTS / "compliance" / "Reason.sol").read_text())
    body = re.search(r"enum Reason \{([^}]*)\}", source)
    assert body is not None
    names = [_snake(name.strip()) for name in body[1].split(",")]
    assert names[0] == "none"
    assert len(names) == 25
    for number, name in enumerate(names[1:], start=1):
        assert REASONS[Reason(name)].number == number
        assert reason_numbered(number) == name
    numbered = [entry for entry in REASONS.values() if entry.number is not None]
    assert len(numbered) == len(names) - 1
    assert reason_numbered(0) is None
    with pytest.raises(KeyError):
        reason_numbered(25)


def test_errors__compared_with_the_contracts__are_all_known_with_a_fact_per_argument() -> None:
    declared = _declared_errors()
    assert "TokenStopped" in declared
    assert "PlatformGroupUnknown" in declared
    known = set(ERRORS) - SAFE_CODES
    assert known - set(declared) == set(), "the table names errors that no contract declares"
    ours = {name for name in declared if not name.startswith("AccessManager")}
    assert ours - known - set(UNUSED_ERRORS) == set(), "a contract error has no reason"
    for name in known:
        for entry in ERRORS[name]:
            facts = next(error.facts for error in entry.errors if error.name == name)
            assert len(facts) == declared[name], name


def test_errors__shared_by_two_reasons__have_one_side_each() -> None:
    for name, entries in ERRORS.items():
        assert len(entries) in (1, 2), name
        sides = [entry.side for entry in entries]
        if len(entries) == 2:
            assert set(sides) == {"sender", "recipient"}, name
        else:
            assert sides == [None], name


@pytest.mark.parametrize(
    ("sender", "account", "expected"),
    [
        (SENDER, SENDER, Reason.SENDER_VERDICT_EXPIRED),
        (SENDER, SENDER.lower(), Reason.SENDER_VERDICT_EXPIRED),
        (SENDER, OTHER, Reason.RECIPIENT_VERDICT_EXPIRED),
        (None, SENDER, Reason.RECIPIENT_VERDICT_EXPIRED),
    ],
)
def test_refusal_from_error__shared_error__is_told_by_whose_address_it_names(
    sender: str | None, account: str, expected: Reason
) -> None:
    refusal = refusal_from_error("TokenVerdictExpired", (account, 1_643_641_200), sender=sender)
    assert refusal is not None
    assert refusal.reason is expected
    assert refusal.facts == {"account": account, "until": 1_643_641_200}


def test_refusal_from_error__bytes__become_text_or_hexadecimal() -> None:
    used = refusal_from_error("TokenReferenceUsed", (to_bytes32("ISSUE-1"),))
    assert used is not None
    assert used.facts == {"ref": "ISSUE-1"}
    missing = refusal_from_error("TokenDutyMissing", (SENDER, bytes.fromhex("a9059cbb")))
    assert missing is not None
    assert missing.reason is Reason.DUTY_MISSING
    assert missing.facts["selector"] == "0xa9059cbb"


def test_refusal_from_error__foreign_error__is_none() -> None:
    assert refusal_from_error("SomethingElse", (1,)) is None


def test_explain__time_and_quantity__read_as_people_write_them() -> None:
    expired = Refusal(Reason.RECIPIENT_VERDICT_EXPIRED, account=OTHER, until=1_643_641_200)
    assert "2022-02-01 00:00:00 JST" in explain(expired).sentence
    few = Refusal(Reason.INSUFFICIENT_BALANCE, account=OTHER, balance=2, needed=14_530)
    assert explain(few, Language.JA).sentence.endswith(
        "の利用可能数量は 2 口で、指定の 14,530 口に足りません。"
    )


def test_explain__fact_without_a_place__follows_in_parentheses() -> None:
    refusal = Refusal(Reason.ZERO_UNITS, ref="ISSUE-1")
    assert explain(refusal).sentence == "The act names zero units. (ref=ISSUE-1)"


def test_explain__optional_clause__is_there_exactly_when_its_fact_is() -> None:
    bare = explain(Refusal(Reason.FIELD_MISSING, field="isin"))
    assert bare.sentence == "The field 'isin' is missing."
    assert bare.remedy == "Add it."
    placed = explain(Refusal(Reason.FIELD_MISSING, field="isin", file="product.yaml", line=7))
    assert placed.sentence == "The field 'isin' is missing in product.yaml, line 7."


def _raised() -> Iterator[tuple[str, Reason, set[str]]]:
    """Where the service makes a refusal with facts that it names there: place, reason, names of facts."""
    for path in sorted(SOURCES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Name(id="Refusal" | "Fault"),
                    args=[ast.Attribute(value=ast.Name(id="Reason"), attr=name)],
                    keywords=given,
                ) if all(each.arg for each in given):
                    facts = {str(each.arg) for each in given}
                    yield f"{path.name}:{node.lineno}", Reason[name], facts


def test_refusals__each_that_is_made__has_the_facts_of_its_words() -> None:
    """Without one of them people read `unknown` in its place."""
    raised = list(_raised())
    assert len(raised) > 400
    lacking = {}
    for place, reason, facts in raised:
        text = REASONS[reason].text(Language.EN)
        words = re.sub(r"\[[^\[\]]*\]", "", f"{text.sentence} {text.remedy}")
        missing = set(re.findall(r"\{(\w+)", words)) - facts
        if missing and reason is not Reason.INDIVIDUAL_NUMBER_REFUSED:  # the field is named outside
            lacking[place] = (reason.value, missing)
    assert lacking == {}
