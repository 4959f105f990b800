"""Builders for screening: invented customers, entries and lists."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime

from genbo.compliance.screening import (
    Kind,
    Listed,
    ListVersion,
    SanctionsList,
    Screening,
    StatedName,
    Subject,
    Thresholds,
    Trigger,
    screen_all,
)
from genbo.kernel import Digest, InvestorId

NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)
THRESHOLDS = Thresholds(version="2026-04")
EVIDENCE = Digest("0x" + "ab" * 32)


def listed(id: str, *names: str, kind: Kind = Kind.PERSON, births: tuple[str, ...] = ()) -> Listed:
    return Listed(id=id, kind=kind, names=names, births=births)


def sanctions_list(
    entries: Iterable[Listed], *, name: str = "test-list", day: int = 1
) -> SanctionsList:
    entries = tuple(entries)
    content = repr([each.digest for each in entries]).encode()
    version = ListVersion(
        name=name,
        source="test",
        published=date(2026, 4, day),
        digest=Digest("0x" + hashlib.sha256(content).hexdigest()),
        entries=len(entries),
    )
    return SanctionsList(version=version, entries=entries)


def customer(
    romaji: str | None = None,
    *,
    written: str = "山田 太郎",
    kana: str | None = None,
    id: str = "inv-1",
    version: int = 1,
    kind: Kind = Kind.PERSON,
    born: date | None = None,
) -> Subject:
    name = StatedName(written=written, kana=kana, romaji=romaji)
    return Subject(investor=InvestorId(id), version=version, kind=kind, names=(name,), born=born)


def screened(
    subject: Subject,
    against: SanctionsList,
    *,
    entries: Iterable[Listed] | None = None,
    thresholds: Thresholds = THRESHOLDS,
    by: str = "user-screener",
    at: datetime = NOW,
) -> Screening:
    found = screen_all(
        [subject],
        entries=against.entries if entries is None else entries,
        version=against.version,
        thresholds=thresholds,
        trigger=Trigger.ONBOARDING,
        by=by,
        at=at,
    )
    return next(iter(found))
