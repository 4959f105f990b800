"""One rule, one reason: every code says the same in each of its views, and is known to be reachable, or why not.

given each reason of the table, with a fact of the case for each place of its sentences
├── the interface should say its status, its facts and its words in both languages
├── the library should raise it by its kind, with the same words
├── the command line should say the same sentence and remedy, in lines and as JSON
├── the page of reasons should have its sentence and remedy in both languages
├── its Japanese should be Japanese and its English should not be
└── what is not there should be named in the language of the sentence
given the list of what requests reach (`reached.py`)
├── each reason should stand in it once: reached by a test of the interface, by an act whose rule is tested where it
│   lives, or by no request, with the reason why; or it is owned to be a gap
└── what it says should be so: the tests that it names speak of the reason
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from tests.api.reached import BY_ACTS, NOT_BY_REQUESTS, NOT_TRIED, Group

import genbo.api
from genbo.api.access import Access
from genbo.api.app import make_app
from genbo.api.problem import MEDIA_TYPE
from genbo.api.reason import list_reasons
from genbo.api.router import router as a_router
from genbo.api.status import STATUSES
from genbo.cli.output import Output
from genbo.compliance.reasons import REASONS, Language, explain
from genbo.governance.institutions import Subject
from genbo.kernel import UTC, Fact, Fault, Reason, Refusal
from genbo_sdk import Client, Refused
from genbo_sdk import Reason as SdkReason
from genbo_sdk._errors import kind_of

TESTS = Path(__file__).resolve().parents[1]
PAGE = TESTS.parent / "docs" / "reasons.md"
OF_THE_INTERFACE = ("api/test_*.py", "sdk/test_*.py", "scenarios/test_by_sdk.py")
SURROUNDINGS = 503


def refusal_of(reason: Reason) -> Refusal:
    """The refusal with a fact for each place that its sentences have, and one more that has none."""
    entry = REASONS[reason]
    places = entry.text(Language.EN).placeholders() | entry.text(Language.JA).placeholders()
    facts: dict[str, Fact] = {name: f"a-{name}" for name in sorted(places)}
    kind = Fault if STATUSES[reason] == SURROUNDINGS else Refusal
    return kind(reason, **{**facts, "more": 2**60})


class Refuses:
    """Whoever asks for the reasons is refused with the one that is set."""

    reason: Reason


class Patient(httpx.BaseTransport):
    """A registry that says to come back later than the library waits, so that it asks once."""

    def __init__(self, served: TestClient) -> None:
        self._served = served._transport

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._served.handle_request(request)
        answer.headers["Retry-After"] = "3600"
        return answer


class NobodyAsks:
    """No route asks for a token."""

    def caller(self, *_: Any, **__: Any) -> Any:
        raise AssertionError

    remembered = refused = caller


@pytest.fixture(scope="module")
def served() -> Iterator[TestClient]:
    router = a_router("reasons")

    @router.get("/reasons")
    def refuse() -> None:
        raise refusal_of(Refuses.reason)

    app = make_app(
        [router],
        {("GET", "/v1/reasons"): Access(None)},
        NobodyAsks(),
        now=lambda: datetime(2026, 4, 1, tzinfo=UTC),
    )
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def words_of(reason: Reason) -> dict[str, dict[str, str]]:
    """What the table says of the case."""
    return {
        language.value: {"sentence": told.sentence, "remedy": told.remedy}
        for language in Language
        for told in (explain(refusal_of(reason), language),)
    }


@pytest.mark.parametrize("reason", Reason)
def test_reason__in_each_view__says_the_same(
    reason: Reason, served: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    Refuses.reason = reason
    words, refusal = words_of(reason), refusal_of(reason)
    facts = {**refusal.facts, "more": str(2**60)}  # as text, where JSON would lose digits

    # the interface
    for language in Language:
        answer = served.get("/v1/reasons", headers={"Accept-Language": language.value})
        problem = answer.json()
        assert answer.headers["Content-Type"] == MEDIA_TYPE
        assert (answer.status_code, problem["status"]) == (STATUSES[reason], STATUSES[reason])
        assert problem["type"] == f"urn:genbo:reason:{reason.value}"
        assert (problem["reason"], problem["facts"]) == (reason.value, facts)
        assert problem["words"] == words
        told = words[language.value]
        assert problem["detail"] == f"{told['sentence']} {told['remedy']}"

    # the library
    for language in Language:
        with (
            Client(
                "https://testserver",
                transport=Patient(served),
                language=language.value,
            ) as client,
            pytest.raises(Refused) as raised,
        ):
            client.reasons.table()
        error = raised.value
        assert type(error) is kind_of(STATUSES[reason])
        assert error.reason is SdkReason(reason.value)
        assert (error.status, dict(error.facts)) == (STATUSES[reason], facts)
        assert {"sentence": error.sentence, "remedy": error.remedy} == words[language.value]
        for other in Language:
            said = error.words_in(other.value)
            assert said is not None
            assert {"sentence": said.sentence, "remedy": said.remedy} == words[other.value]

    # the command line
    for language in Language:
        told = words[language.value]
        capsys.readouterr()
        Output(language=language).refusal(refusal)
        line = " ".join(capsys.readouterr().err.split())
        whole = " ".join(f"{reason.value}: {told['sentence']} {told['remedy']}".split())
        assert line == whole
        Output(as_json=True, language=language).refusal(refusal)
        said = json.loads(capsys.readouterr().out)["error"]
        assert said == {"reason": reason.value, "facts": refusal.facts, **told}


@cache
def page() -> dict[str, str]:
    """Code to its entry of the page."""
    parts = re.split(r"^### (\w+)\n", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def plain(template: str) -> str:
    """As the page has it: every clause kept, without the brackets around it."""
    kept = re.sub(r"\[([^\[\]]*)\]", r"\1", template).strip().removeprefix(":").lstrip()
    return kept.replace("*", r"\*")


@pytest.mark.parametrize("reason", Reason)
def test_reason__on_its_page_and_in_the_table_of_the_interface__has_both_languages(
    reason: Reason,
) -> None:
    entry = REASONS[reason]
    row = next(each for each in list_reasons().items if each.reason is reason)
    assert row.status == STATUSES[reason]
    for language in Language:
        text = entry.text(language)
        assert f"- {plain(text.sentence)} *{plain(text.remedy)}*" in page()[reason.value]
        shown = row.words[language]
        assert (shown.sentence, shown.remedy) == (text.sentence, text.remedy)
        japanese = [
            bool(re.search(r"[\u3040-\u30ff]", each)) for each in (text.sentence, text.remedy)
        ]
        assert japanese == [language is Language.JA] * 2, (text.sentence, text.remedy)


SUBJECTS = {each.value for each in Subject} | {
    "command", "job", "file", "group", "user", "credential", "webhook", "audit day", "provider of checks",
}  # fmt: skip


@pytest.mark.parametrize("subject", sorted(SUBJECTS))
def test_not_found__in_japanese__names_what_in_japanese(subject: str) -> None:
    refusal = Refusal(Reason.NOT_FOUND, subject=subject, asked="X-1")
    sentence = explain(refusal, Language.JA).sentence
    assert re.fullmatch(r"該当する [^a-z]+「X-1」はありません。", sentence)
    assert subject in explain(refusal, Language.EN).sentence


def test_subjects__that_the_code_says_are_not_found__are_those() -> None:
    source = Path(str(genbo.api.__file__)).parents[1]
    said = {
        subject
        for folder in ("api", "bootstrap")
        for each in (source / folder).rglob("*.py")
        for subject in re.findall(
            r"""(?:NOT_FOUND, subject=|not_found\(|_found\(.*, )"([a-z ]+)\"""",
            each.read_text("utf-8"),
        )
    }
    assert said
    assert said <= SUBJECTS


# What requests reach --------------------------------------------------------------------------------


@cache
def spoken_of(pattern: str) -> str:
    """The text of tests."""
    return "\n".join(
        each.read_text("utf-8")
        for each in sorted(TESTS.glob(pattern))
        if each.name not in (Path(__file__).name, "reached.py")
    )


def speaks(text: str, reason: Reason, *, of_the_contract: bool = False) -> bool:
    """Whether it is spoken of, by its code, or by the name of a contract's error that means it."""
    names = [rf"\bReason\.{reason.name}\b", rf"[\"']{reason.value}[\"']"]
    if of_the_contract:
        names += [rf"\b{each.name}\b" for each in REASONS[reason].errors]
    return bool(re.search("|".join(names), text))


def is_reached(reason: Reason) -> bool:
    """Whether a test of the interface meets it."""
    return any(speaks(spoken_of(pattern), reason) for pattern in OF_THE_INTERFACE)


@pytest.mark.parametrize("reason", Reason)
def test_reason__of_the_table__is_reached_by_requests_or_it_is_known_why_not(
    reason: Reason,
) -> None:
    acts = [group for group in BY_ACTS if reason in group.reasons]
    never = [group for group in (*NOT_BY_REQUESTS, *NOT_TRIED) if reason in group.reasons]
    assert len(acts) + len(never) <= 1, "it stands in the list twice"
    if is_reached(reason):
        assert not never, "a test of the interface meets it: take it off the list"
        return
    assert acts or never, "no test of the interface meets it, and the list does not say why"
    for group in acts:
        assert any(
            speaks(spoken_of(pattern), reason, of_the_contract=True) for pattern in group.tests
        ), f"none of {group.tests} speaks of it"


@pytest.mark.parametrize("group", NOT_BY_REQUESTS, ids=lambda group: group.how[:30])
def test_list__of_what_no_request_reaches__is_raised_by_no_route(group: Group) -> None:
    routes = "".join(
        each.read_text("utf-8")
        for each in Path(str(genbo.api.__file__)).parent.glob("*.py")
        # The one says of every reason what its status would be, the other serves before any request.
        if each.name not in ("status.py", "server.py")
    )
    assert [each for each in group.reasons if f"Reason.{each.name}" in routes] == []


def test_list__of_what_requests_reach__says_why_everywhere() -> None:
    assert all(len(group.how) > 20 for group in (*BY_ACTS, *NOT_BY_REQUESTS))
