"""What both clients are made of beside their calls.

The waiting form; the other one is made from this page.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from genbo_sdk._core import Core
from genbo_sdk._credential import Credential
from genbo_sdk._errors import NotAnswered, RateExceeded, Refused, TimedOut, Unavailable
from genbo_sdk._exchange import Policy, fresh_id
from genbo_sdk._explanation import Explanation, explained, refused
from genbo_sdk._final import Waiting
from genbo_sdk._settings import settings
from genbo_sdk._upload import MEDIA_TYPE, Sending

if TYPE_CHECKING:
    import ssl

    import httpx

    from genbo_sdk._models import (
        Command,
        Explained,
        ImportTarget,
        Job,
        ProcessingKind,
        TotalsAt,
        TransferOrder,
        Upload,
    )


Ordered = TypeVar("Ordered", "TransferOrder", "Command", "Job")


class ClientBase:
    """Making, using and closing a client."""

    def __init__(
        self,
        base_url: str,
        *,
        reference: Credential | None = None,
        update: Credential | None = None,
        language: str = "en",
        deadline: float = 30.0,
        timeout: float = 10.0,
        patience: float = 600.0,
        tls: ssl.SSLContext | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """
        Args:
            base_url: where the registry is, such as `https://registry.example`.
            reference: the credential that reads (参照系).
            update: the credential that changes (更新系); each call uses the one that it needs.
            language: of the words of refusals: `en` or `ja`.
            deadline: seconds for a call with all its repetitions.
            timeout: seconds for one answer.
            patience: seconds that a job may take whose document a call waits for.
            tls: for a registry that asks for a certificate (mutual TLS), or has one of its own authority.
            transport: how requests travel, where that is not over the network as usual.

        Raises:
            ValueError: the address is none or not secure; one credential for both scopes.
        """
        policy = Policy(
            deadline=deadline,
            timeout=timeout,
            patience=patience,
            language=language,
            clock=time.monotonic,
        )
        made = settings(base_url, reference=reference, update=update, policy=policy)
        self._core = Core(made, tls=tls, transport=transport)
        self._open()

    def _open(self) -> None:
        """Makes the groups of calls."""

    def __repr__(self) -> str:
        scopes = ", ".join(sorted(self._core.settings.credentials))
        return (
            f"<{type(self).__name__} {self._core.settings.base_url} ({scopes or 'no credential'})>"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Gives up the connections."""
        self._core.close()

    def explain_transfer(
        self,
        *,
        product: str,
        from_: str,
        to: str,
        units: int,
        trade: str | None = None,
        delivery_date: date | None = None,
        lag: int | None = None,
    ) -> Explanation:
        """Why a transfer would be refused at this moment, and what to do about it. Nothing is ordered.

        Args:
            product: its id.
            from_: the giver's investor id.
            to: the taker's investor id, or the address that speaks for another broker's customer in this product.
            units: whole units.
            trade: 取引ID, where there is one already.
            delivery_date: where one was agreed on.
            lag: otherwise business days after the trade date.

        Raises:
            NotAllowed, RateExceeded, Unavailable, NotAnswered: the question could not be asked. A refusal of the
                transfer is an explanation, never an error.
        """
        body = {
            "product": product,
            "trade": trade or f"explain-{fresh_id()[:24]}",
            "from": from_,
            "to": to,
            "units": units,
            "delivery_date": delivery_date,
            "lag": lag,
        }
        language = self._core.policy.language
        try:
            told: Explained = self._core.call("transfers.order_dry_run", body=body)
        except Refused as error:
            return refused(error, language)
        return explained(told, language)

    def wait_final(
        self,
        ordered: Ordered,
        *,
        timeout: float = 60.0,
        progress: Callable[[Ordered], None] | None = None,
    ) -> Ordered:
        """What became of a transfer, a command or a job, for good.

        Args:
            ordered: what `transfers.order`, `commands.approve`, an act under a duty or `jobs.get` gave.
            timeout: seconds.
            progress: hears how it stands, each time it is looked at.

        Raises:
            Refused: it was refused, by its kind, with the reason.
            TimedOut: it is still on its way; `last` is how it stood.
        """
        waiting = Waiting(ordered, timeout, self._core.policy)
        while (seconds := waiting.pause()) is not None:
            self._core.sleep(seconds)
            try:
                seen: Ordered = self._core.call(waiting.name, path=waiting.path)
            except (NotAnswered, RateExceeded, Unavailable) as problem:
                waiting.missed(problem)
                continue
            waiting.saw(seen)
            if progress is not None:
                progress(seen)
        ended: Ordered = waiting.end()
        return ended

    def upload(
        self,
        source: bytes | str | Path,
        *,
        target: ImportTarget | str,
        kind: ProcessingKind | str,
        timestamp: datetime | None = None,
        progress: Callable[[int, int], None] | None = None,
        timeout: float = 600.0,
    ) -> Upload:
        """Sends a file of a master in parts, and waits until the registry has checked it. It is applied when another
        credential approves it (`files.approve`). Broken off, the same call goes on where it stood.

        Args:
            source: the file, by its path or its bytes.
            target: which master, such as `investor`.
            kind: `new`, `correction` or `cancel`.
            timestamp: when its source made it, with a zone; of a path, by default when it was last changed.
            progress: hears how many bytes are there, and of how many.
            timeout: seconds that the registry may take to check it.

        Returns:
            How it stands: `checked`, or `failed`; `files.problems` tells which rows cannot be applied.

        Raises:
            Refused: another file of that timestamp and content was taken, or it came differently than announced.
            TimedOut: it is still being checked; `last` is how it stands.
        """
        sending = Sending(
            source,
            target=str(target),
            kind=str(kind),
            timestamp=timestamp,
            timeout=timeout,
            policy=self._core.policy,
        )
        announced: Upload = self._core.call(
            "files.announce", body=sending.announcement, key=sending.key
        )
        where = {"file": announced.file}
        upload: Upload = self._core.call("files.parts", path=where)
        for part in sending.missing(upload):
            upload = self._core.call(
                "files.send_part",
                path={**where, "part": part.number},
                headers={"x-part-sha256": part.digest},
                content=part.content,
                media_type=MEDIA_TYPE,
                key=part.key,
            )
            if progress is not None:
                progress(sending.sent(upload), sending.size)
        if upload.status == "announced":
            upload = self._core.call("files.complete", path=where, key=f"complete-{announced.file}")
        while (seconds := sending.pause(upload)) is not None:
            self._core.sleep(seconds)
            upload = self._core.call("files.parts", path=where)
        return upload

    def wait_read(self, product: str, block: int | None, *, timeout: float = 30.0) -> None:
        """Until the register has read a block: what is final on the ledger is in the register a moment later.

        Args:
            product: any that the institution holds or keeps.
            block: that of a delivered transfer or a final command; None waits for nothing.

        Raises:
            TimedOut: it has not read it yet; `last` is the block that it has read.
        """
        ends = self._core.policy.clock() + timeout
        while block is not None:
            totals: TotalsAt = self._core.call("positions.totals", path={"product": product})
            if totals.block.number >= block:
                return
            if self._core.policy.clock() >= ends:
                raise TimedOut(f"the register has not read block {block}", last=totals.block)
            self._core.sleep(0.05)
