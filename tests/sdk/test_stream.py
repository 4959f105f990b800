"""A stream is read on, whatever becomes of its connections; both clients alike.

given a stream
├── when its connection ends within an event: that event comes again, whole, and once
├── when the registry is away for a while, or the token has ended: it goes on
├── when it may not be read: refused at once
└── when lines come in any form: the events they mean
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.sdk.conftest import Registry, Waiting

from genbo_sdk import NotAllowed
from genbo_sdk._async_stream import AsyncEvents
from genbo_sdk._sse import EventParser
from genbo_sdk._stream import Events

Asking = Callable[..., Waiting]


def stream(client: Waiting, **options: Any) -> Any:
    kind = Events if client.form == "waiting" else AsyncEvents
    return kind(client.client._core, "test.stream", query={}, **{"after": None, **options})


def test_stream__interrupted__goes_on_after_the_last_event(
    asking: Asking, registry: Registry
) -> None:
    registry.stream = [
        [b': hello\n\nid: 1\nevent: transfer\ndata: "a"\n\nid: 2\nda', b'ta: "half'],
        503,
        401,
        [b'id: 2\ndata: "whole"\ndata:\n\n', b"retry: 10\n\n"],
        [],
        [b'id: 3\ndata: "c"\n\n'],
    ]
    client = asking()
    assert client.rows(stream(client, after="0"), most=3) == ["a", "whole", "c"]
    told = [headers.get("last-event-id") for _, _, headers in registry.asked]
    assert told == ["0", "1", "1", "1", "2", "2"]


def test_stream__that_may_not_be_read__is_refused(asking: Asking, registry: Registry) -> None:
    registry.stream = [401, 401]
    client = asking()
    with pytest.raises(NotAllowed):
        client.rows(stream(client), most=1)
    assert len(registry.signed_in) == 2


def test_parser__each_form_of_a_line__is_read() -> None:
    parser = EventParser()
    lines = ["", "data", "data:x", "data:  y", "id", "id: a\0b", "retry: x", "unknown: z", ":", ""]
    (event,) = [each for each in map(parser.feed, lines) if each]
    assert (event.id, event.kind, event.data) == ("", "message", "\nx\n y")
    assert parser.retry is None
