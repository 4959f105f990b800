"""What the library asks, how often, and what it makes of the answer; both clients alike.

given a call
├── when all is well: one sign-in for many calls, a typed result, one request
├── when an act's answer is lost: the same key again, and the act is done once
├── when the registry is away for a while: the same again, until it is there
├── when it says when to ask again: not before
├── when it says no for good: a refusal of its kind, at once
├── when something else answers: told without its words
├── when the token no longer holds: one fresh one, once
├── when time is up
│   ├── no connection was ever made: unreachable, nothing was done
│   └── a request went out: not answered, with the key to ask again with
└── when it cannot be repeated without harm: it is not
given a list: page after page, as it is read
given an error or a client: no secret, no token, nothing that was sent
"""

from __future__ import annotations

import gzip
import socket
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from tests.sdk.conftest import (
    READS,
    WRITES,
    Registry,
    Waiting,
    answering,
    dripping,
    dropped,
    lost,
    of_sign_in,
    refusing,
    slow,
)

import genbo_sdk
from genbo_sdk import (
    EMPTY,
    Client,
    ClientSecret,
    Conflict,
    CredentialMissing,
    GenboError,
    Invalid,
    NotAllowed,
    NotAnswered,
    NotFound,
    NotUnderstood,
    RateExceeded,
    Reason,
    Refused,
    TimedOut,
    Unavailable,
    Unreachable,
    VersionDiffers,
    Words,
    _errors,
    _final,
)
from genbo_sdk._errors import Told
from genbo_sdk._exchange import Policy
from genbo_sdk._json import as_of, plain

Asking = Callable[..., Waiting]


def test_call__all_is_well__gives_a_typed_result_with_one_sign_in(
    asking: Asking, registry: Registry
) -> None:
    client = asking()
    found = client.call("test.get", path={"product": "A/../B?x"})
    assert (found.product, found.set_date, found.etag) == (
        "A%2F..%2FB%3Fx",
        date(2026, 4, 1),
        '"v1"',
    )
    assert found.status == "paused_by_a_later_registry"
    assert not found.status.is_known
    client.call("test.get", path={"product": "B"})
    assert [len(registry.signed_in), len(registry.asked)] == [1, 2]
    assert registry.asked[0][2]["accept-language"] == "en"


def test_call__each_scope__has_its_own_credential_and_token(
    asking: Asking, registry: Registry
) -> None:
    client = asking()
    client.make()
    client.call("test.get", path={"product": "A"})
    assert [each["scope"] for each in registry.signed_in] == ["update", "reference"]
    assert sorted(registry.tokens.values()) == ["reference", "update"]


def test_call__without_the_credential_for_it__is_not_sent(
    asking: Asking, registry: Registry
) -> None:
    with pytest.raises(CredentialMissing, match="update"):
        asking(update=None).make()
    assert (registry.asked, registry.signed_in) == ([], [])


@pytest.mark.parametrize("faults", [[lost], [lost, dropped, lost], [answering(502), lost]])
def test_act__its_answer_is_lost__is_done_once_under_one_key(
    asking: Asking, registry: Registry, faults: list[Any]
) -> None:
    registry.faults = list(faults)
    asking().make()
    assert len(registry.asked) == len(faults) + 1
    assert len(set(registry.keys)) == len(registry.done) == 1
    assert len({headers["x-request-id"] for _, _, headers in registry.asked}) == len(faults) + 1


def test_act__key_of_the_caller__is_sent(asking: Asking, registry: Registry) -> None:
    asking().make(key="order-7")
    assert registry.keys == ["order-7"]


def test_act__ordered_without_a_key__is_never_repeated(asking: Asking, registry: Registry) -> None:
    registry.faults = [dropped]
    with pytest.raises(NotAnswered):
        asking().call("test.unkeyed", body={"units": 1})
    assert len(registry.asked) == 1


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_call__registry_is_away_for_a_while__is_answered_at_last(
    asking: Asking, registry: Registry, status: int
) -> None:
    registry.faults = [answering(status), refusing(status, "node_unreachable")]
    assert asking().make().product == "P-1"
    assert len(registry.asked) == 3


def test_call__told_when_to_ask_again__waits_so_long(asking: Asking, registry: Registry) -> None:
    registry.faults = [refusing(429, "rate_exceeded", Retry_After="1")]
    began = time.monotonic()
    asking().make()
    assert time.monotonic() - began >= 1.0


def test_call__told_to_wait_beyond_its_deadline__says_so_at_once(
    asking: Asking, registry: Registry
) -> None:
    registry.faults = [refusing(429, "rate_exceeded", Retry_After="600")]
    began = time.monotonic()
    with pytest.raises(RateExceeded) as told:
        asking().make()
    assert (told.value.retry_after, told.value.reason) == (600.0, Reason.RATE_EXCEEDED)
    assert time.monotonic() - began < 1.0


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Invalid), (403, NotAllowed), (404, NotFound), (405, Invalid), (409, Conflict), (412, VersionDiffers),
        (413, Invalid), (422, Invalid), (428, VersionDiffers), (500, Unavailable),
    ],
)  # fmt: skip
def test_call__refused_for_good__raises_its_kind_at_once(
    asking: Asking, registry: Registry, status: int, kind: type[Refused]
) -> None:
    registry.faults = [refusing(status, "insufficient_balance")]
    with pytest.raises(kind) as told:
        asking(language="ja").make(key="K")
    refused = told.value
    assert type(refused) is kind
    assert (refused.status, refused.reason) == (status, Reason.INSUFFICIENT_BALANCE)
    assert (refused.facts, refused.sentence, refused.remedy) == (
        {"units": 3}, "できません。", "やめてください。",
    )  # fmt: skip
    assert str(refused.words_in("en")) == "It cannot be done. Do not do it."
    assert refused.idempotency_key == "K"
    assert refused.request_id == registry.asked[0][2]["x-request-id"]
    assert refused.request_id in str(refused)
    assert len(registry.asked) == 1


@pytest.mark.parametrize("content", [b"<html>secret of a proxy", b"[]", b'{"reason": 7}', b"\xff"])
def test_call__something_else_says_no__is_told_by_its_status(
    asking: Asking, registry: Registry, content: bytes
) -> None:
    registry.faults = [answering(418, content)]
    with pytest.raises(Invalid) as told:
        asking().make()
    assert (told.value.reason, told.value.words, told.value.facts) == (None, None, {})
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    "content", [b"<html>personal", b'{"product": 7}', b"[]", b'{"product": "personal"}', b"\xff"]
)
def test_call__answer_is_not_as_described__is_not_understood(
    asking: Asking, registry: Registry, content: bytes
) -> None:
    registry.faults = [answering(200, content)]
    with pytest.raises(NotUnderstood) as told:
        asking().make(key="K")
    assert told.value.idempotency_key == "K"
    assert "personal" not in str(told.value)


_DEEP = b'{"a":' * 200_000
_HIDDEN = ('["\u2200",' + "[" * 200_000).encode("utf-16-le")
"""Where one byte of a character is that of a quote, the brackets behind it look like a text."""


@pytest.mark.parametrize("deep", [_DEEP, _HIDDEN], ids=["utf-8", "utf-16"])
@pytest.mark.parametrize("status", [200, 418])
def test_call__answer_is_nested_without_end__is_an_error_of_ours(
    asking: Asking, registry: Registry, status: int, deep: bytes
) -> None:
    """Even in a program whose libraries let it recurse deeper than its stack, as those of Ethereum do."""
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(100_000)
    try:
        registry.faults = [answering(status, deep)]
        with pytest.raises(NotUnderstood if status == 200 else Invalid):
            asking().make()
    finally:
        sys.setrecursionlimit(usual)


def test_call__answer_that_cannot_be_unpacked__is_asked_for_again(
    asking: Asking, registry: Registry
) -> None:
    registry.faults = [answering(200, b"no gzip", Content_Encoding="gzip")]
    asking().make(key="K")
    assert registry.keys == ["K", "K"]


def test_call__answer_without_end__is_not_kept(asking: Asking, registry: Registry) -> None:
    bomb = gzip.compress(bytes(80 * 2**20))
    registry.faults = [answering(200, bomb, Content_Encoding="gzip")]
    asking().make(key="K")
    assert registry.keys == ["K", "K"]


@pytest.mark.parametrize("header", ["\u00b2", "9" * 400, "-1", "Fri, 31 Dec 9999 23:59:59 -0000"])
def test_call__told_nonsense_about_when_to_ask_again__asks_again(
    asking: Asking, registry: Registry, header: str
) -> None:
    registry.faults = [refusing(503, "node_unreachable", Retry_After=header)]
    asking().make()
    assert len(registry.asked) == 2


def test_call__sent_elsewhere__does_not_follow(asking: Asking, registry: Registry) -> None:
    registry.faults = [answering(302, b"", Location="http://127.0.0.1:9/v1/products")]
    with pytest.raises(NotUnderstood, match="302"):
        asking().make()


def test_token__no_longer_holds__one_fresh_one_is_fetched(
    asking: Asking, registry: Registry
) -> None:
    client = asking()
    client.make()
    registry.tokens.clear()
    client.make()
    assert [len(registry.signed_in), len(registry.done)] == [2, 2]


def test_token__never_holds__is_refused_after_one_more(asking: Asking, registry: Registry) -> None:
    registry.faults = [refusing(401, "credential_refused"), refusing(401, "credential_refused")]
    with pytest.raises(NotAllowed):
        asking().make()
    assert [len(registry.signed_in), len(registry.asked)] == [2, 2]


def test_token__about_to_end__is_renewed_before(asking: Asking, registry: Registry) -> None:
    registry.lives = 0.0
    client = asking()
    client.make()
    client.make()
    assert len(registry.signed_in) == 2


def test_sign_in__wrong_secret__is_refused_without_repeating_it(
    asking: Asking, registry: Registry
) -> None:
    with pytest.raises(NotAllowed) as told:
        asking(update=ClientSecret("K-writes", "hidden")).make()
    assert len(registry.signed_in) == 1
    assert "hidden" not in repr(told.value) + str(told.value)


def test_sign_in__lost_and_away__is_repeated(asking: Asking, registry: Registry) -> None:
    registry.faults = [of_sign_in(dropped), of_sign_in(answering(503))]
    asking().make()
    assert len(registry.signed_in) == 3


def test_call__nobody_listens__is_unreachable_and_nothing_was_done(asking: Asking) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    client = asking(deadline=0.3)
    client.client._core._http.base_url = f"http://127.0.0.1:{port}"
    began = time.monotonic()
    with pytest.raises(Unreachable, match="nothing was done"):
        client.make()
    assert time.monotonic() - began < 2.0


@pytest.mark.parametrize("fault", [lost, slow(0.3), dripping], ids=["lost", "slow", "dripping"])
def test_act__time_is_up_without_an_answer__tells_the_key_to_ask_again_with(
    asking: Asking, registry: Registry, fault: Any
) -> None:
    registry.faults = [fault] * 50
    began = time.monotonic()
    with pytest.raises(NotAnswered) as told:
        asking(deadline=0.4, timeout=0.1).make(key="K")
    assert time.monotonic() - began < 2.0
    assert not isinstance(told.value, Unreachable)
    assert (told.value.idempotency_key, set(registry.keys)) == ("K", {"K"})


def test_act__lost_once_and_away_from_then_on__may_have_been_done(
    asking: Asking, registry: Registry
) -> None:
    registry.faults = [lost, *[refusing(503, "node_unreachable")] * 50]
    with pytest.raises(NotAnswered) as told:
        asking(deadline=0.4).make()
    assert isinstance(told.value.__cause__, Unavailable)


def test_list__of_several_pages__is_read_as_it_is_asked_for(
    asking: Asking, registry: Registry
) -> None:
    client = asking()
    products = client.client.products.list(limit=10)
    assert registry.asked == []
    assert [each.product for each in client.rows(products, most=11)] == [
        f"P-{n}" for n in range(11)
    ]
    assert len(registry.asked) == 2
    assert len(client.result(client.client.products.list(limit=10).all())) == 25
    assert [each.product for each in client.rows(client.client.products.list(cursor="23"))] == [
        "P-23",
        "P-24",
    ]
    pages = client.rows(client.client.products.list(limit=10).pages())
    assert [each.next for each in pages] == ["10", "20", None]


def test_path__that_would_lead_elsewhere__is_not_asked(asking: Asking, registry: Registry) -> None:
    for name in ("", ".", ".."):
        with pytest.raises(ValueError, match="product"):
            asking().call("test.get", path={"product": name})
    assert registry.asked == []


def test_client__shown__tells_no_secret(registry: Registry) -> None:
    with Client(registry.base_url, reference=READS, update=WRITES) as client:
        client.products.get("A")
        told = repr([client, READS, vars(client._core), client._core.settings])
    assert "secret" not in told.lower().replace("clientsecret", "")
    assert "token-1" not in told


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("http://registry.example", {}),
        ("registry.example", {}),
        ("https://user:pass@registry.example", {}),
        ("https://registry.example?x=1", {}),
        ("https://registry.example", {"language": "fr"}),
        ("https://registry.example", {"reference": READS, "update": READS}),
    ],
)
def test_client__that_cannot_be_safe__is_not_made(url: str, options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".") as told:
        Client(url, **options)
    assert "pass" not in str(told.value)


def test_arguments__each_kind__go_out_as_the_interface_has_them() -> None:
    at = datetime(2026, 4, 1, 12, tzinfo=UTC)
    assert plain({"a": None, "b": at, "c": date(2026, 4, 1), "d": Decimal("1E+2"), "e": (1, None)}) == {
        "b": "2026-04-01T12:00:00+00:00", "c": "2026-04-01", "d": "100", "e": [1, None],
    }  # fmt: skip
    assert [as_of(date(2026, 4, 1)), as_of(7), as_of(at)] == [
        "2026-04-01",
        "block:7",
        at.isoformat(),
    ]
    assert plain({"a": None, "b": EMPTY}) == {"b": None}
    with pytest.raises(ValueError, match="zone"):
        plain(datetime(2026, 4, 1))  # noqa: DTZ001
    with pytest.raises(TypeError, match="float"):
        plain({"units": 1.5})


def test_act__same_key_from_many_threads__is_one_act_with_one_sign_in(registry: Registry) -> None:
    with Client(registry.base_url, update=WRITES) as client:

        def make(_: int) -> str:
            made = client._core.call("test.make", body={"units": 3}, key="K")
            return str(made.product)

        with ThreadPoolExecutor(16) as pool:
            assert set(pool.map(make, range(100))) == {"P-1"}
    assert [len(registry.asked), len(registry.done), len(registry.signed_in)] == [100, 1, 1]


@dataclass
class Order:
    """As a transfer stands."""

    state: str
    product: str = "P1"
    trade: str = "T-1"
    problem: Any = None


def test_waiting__for_an_order__looks_until_it_stays_or_time_is_up() -> None:
    now = [0.0]
    policy = Policy(clock=lambda: now[0])
    waiting = _final.Waiting(Order("waiting"), 10.0, policy)
    assert (waiting.name, dict(waiting.path)) == (
        "transfers.get",
        {"product": "P1", "trade": "T-1"},
    )
    pauses = [waiting.pause() or 0 for _ in range(20)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (0.05, 2.0)
    waiting.missed(Unreachable("away"))
    now[0] = 10.0
    assert waiting.pause() is None
    with pytest.raises(TimedOut, match="still waiting") as told:
        waiting.end()
    assert isinstance(told.value.__cause__, Unreachable)
    assert told.value.last == Order("waiting")
    waiting.saw(Order("delivered"))
    assert waiting.pause() is None
    assert waiting.end() == Order("delivered")
    words = {"en": Words("It cannot be.", "Do not.")}
    problem = Told(status=409, reason=Reason.INSUFFICIENT_BALANCE, words=words)
    waiting.saw(Order("refused", problem=problem))
    with pytest.raises(Conflict, match="It cannot be") as refused:
        waiting.end()
    assert refused.value.reason is Reason.INSUFFICIENT_BALANCE


def test_errors__each_kind__is_public_and_in_the_tree() -> None:
    kinds = [
        each
        for each in vars(_errors).values()
        if isinstance(each, type) and issubclass(each, Exception)
    ]
    assert len(kinds) > 10
    for each in kinds:
        assert issubclass(each, GenboError)
        assert each.__name__ in genbo_sdk.__all__
        assert f" {each.__name__} " in (_errors.__doc__ or "")
