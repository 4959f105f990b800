"""What both clients are made of beside their calls.

The waiting form; the other one is made from this page.
"""

from __future__ import annotations

import time
from datetime import date
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from genbo_sdk._core import Core
from genbo_sdk._credential import Credential
from genbo_sdk._errors import NotAnswered, RateExceeded, Refused, Unavailable
from genbo_sdk._exchange import Policy, fresh_id
from genbo_sdk._explanation import Explanation, explained, refused
from genbo_sdk._final import Waiting
from genbo_sdk._settings import settings

if TYPE_CHECKING:
    import ssl

    import httpx

    from genbo_sdk._models import Command, Explained, TransferOrder


Ordered = TypeVar("Ordered", "TransferOrder", "Command")


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
            tls: for a registry that asks for a certificate (mutual TLS), or has one of its own authority.
            transport: how requests travel, where that is not over the network as usual.

        Raises:
            ValueError: the address is none or not secure; one credential for both scopes.
        """
        policy = Policy(deadline=deadline, timeout=timeout, language=language, clock=time.monotonic)
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

    def wait_final(self, ordered: Ordered, *, timeout: float = 60.0) -> Ordered:
        """What became of a transfer or a command, for good.

        Args:
            ordered: what `transfers.order`, `commands.approve` or an act under a duty gave.
            timeout: seconds.

        Raises:
            Refused: it was refused, by its kind, with the reason.
            TimedOut: it is still on its way; `last` is how it stood.
        """
        waiting = Waiting(ordered, timeout, self._core.policy)
        while (seconds := waiting.pause()) is not None:
            self._core.sleep(seconds)
            try:
                waiting.saw(self._core.call(waiting.name, path=waiting.path))
            except (NotAnswered, RateExceeded, Unavailable) as problem:
                waiting.missed(problem)
        ended: Ordered = waiting.end()
        return ended
