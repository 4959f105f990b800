"""The client that does not wait is made from the one that does: the same lines, and `await` where it waits."""

from __future__ import annotations

import re

PAGES = ("core", "pages", "stream", "client")
"""Modules of which there are two forms: `_core` is written by hand, `_async_core` is made."""

_WAITING = (
    "close", "run", "call", "_send", "token", "sleep", "all",
    "stream", "explain_transfer", "wait_final", "wait_read", "upload",
)  # fmt: skip
"""Functions that touch the network or the clock."""

_RULES: tuple[tuple[str, str], ...] = (
    (r"^(\s*)def (lines|pages|events)\(", r"\1async def \2("),
    (rf"^(\s*)def ({'|'.join(_WAITING)})\(", r"\1async def \2("),
    (rf"\bself\.(_core\.)?({'|'.join(_WAITING)})\(", r"await self.\1\2("),
    (r"\bself\._http\.close\(", "await self._http.aclose("),
    (r"^( +)time\.sleep\(", r"\1import asyncio\n\n\1await asyncio.sleep("),
    (r"\bthreading\.Lock\(", "asyncio.Lock("),
    (r"import threading\n", "import asyncio\n"),
    (r"\banswer\.read\(\)", "await answer.aread()"),
    (r"\biter_(lines|bytes)\(", r"aiter_\1("),
    (r"\bwith (self\._lock|self\._http\.stream|self\._core\.lines)\b", r"async with \1"),
    (r"@contextmanager", "@asynccontextmanager"),
    (r"import contextmanager", "import asynccontextmanager"),
    (r"\bIterator\b", "AsyncIterator"),
    (r"\bdef __(iter)__\(", "async def __aiter__("),
    (r"\bdef __enter__\(", "async def __aenter__("),
    (r"\bdef __exit__\(", "async def __aexit__("),
    (r"\bfor (\w+) in (self\._answer\.|self\.pages\(|self\b|answer\b)", r"async for \1 in \2"),
    (r"\bhttpx\.Client\(", "httpx.AsyncClient("),
    (r"\bhttpx\.BaseTransport\b", "httpx.AsyncBaseTransport"),
    (r"\b(Core|Lines|Pages|ClientBase|Events)\b", r"Async\1"),
    (r"\b(AsyncPages|Async\w+)Base\b", r"\1Base"),
    (r"_(core|pages|client|stream) import", r"_async_\1 import"),
    (r"\bwith Client\(", "async with AsyncClient("),
    (r"\bfor (\w+) in client\.", r"async for \1 in client."),
    (r"The core of the client that waits:", "The core of the client that does not wait:"),
    (r"The waiting form; the other one is made from this page\.", "Made from the waiting form by tools/make_sdk.py."),
)  # fmt: skip


def unwaiting(text: str) -> str:
    """The page of the client that does not wait."""
    for pattern, replacement in _RULES:
        text = re.sub(pattern, replacement, text, flags=re.MULTILINE)
    return text
