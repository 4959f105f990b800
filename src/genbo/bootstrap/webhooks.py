"""Webhooks (通知の送信先の登録): what an institution registers, changes, replays; and the operator for all of them.

A secret is shown once, by the act that makes it. Whatever is another institution's is not found.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from genbo.bootstrap.office import Office
from genbo.bootstrap.webhook_post import secrets_of
from genbo.chain.networks import is_development
from genbo.governance.institutions import InstitutionId
from genbo.governance.notices import (
    Delivery,
    DeliveryState,
    Webhook,
    WebhookId,
    WebhookState,
    position_in,
    require_url,
    require_wanted,
    shown,
)
from genbo.kernel import ProductId, Reason, Refusal, to_bytes32
from genbo.storage.webhook_deliveries import WebhookDeliveries
from genbo.storage.webhooks import Webhooks


@dataclass(frozen=True, slots=True)
class Registered:
    """A webhook, with its secret where it was just made."""

    webhook: Webhook
    secret: str | None = field(repr=False)
    """`whsec_...`; None where it was shown before."""


def _any(_: Webhook) -> None:
    """Whatever version it is."""


class WebhookDesk:
    """The webhooks of one institution; of all of them for the operator."""

    def __init__(
        self,
        office: Office,
        institution: InstitutionId | None,
        *,
        by: str,
        at: datetime,
        connection: Connection | None = None,
    ) -> None:
        """
        Args:
            institution: whose; None: the operator, who looks after all.
            by: who asks, as the records name it.
            connection: the transaction in which things change; None: one for each change.
        """
        self._office = office
        self._institution = institution
        self._by = by
        self._at = at
        self._connection = connection

    def register(
        self, key: str, *, url: str, types: Sequence[str] = (), products: Sequence[str] = ()
    ) -> Registered:
        """Registers an address. The same key once more gives what is stored, without the secret.

        Raises:
            Refusal: `webhook_url_refused`, `field_invalid`, `key_malformed`, `webhooks_exceeded`;
                `command_key_reused` when something else was registered under the key.
        """
        institution = self._institution
        assert institution is not None, "the operator registers none"
        new = Webhook(
            id=webhook_id(institution, key),
            institution=institution,
            url=self._proper(url),
            types=require_wanted(list(types)),
            products=_products(products),
            state=WebhookState.ACTIVE,
            secret_number=1,
            previous_until=None,
            created_at=self._at,
            created_by=self._by,
            updated_at=self._at,
            updated_by=self._by,
        )
        with self._office.house.database.within(self._connection) as connection:
            webhooks = Webhooks(connection)
            known = webhooks.find(new.id)
            if known is not None:
                if (known.url, known.types, known.products) != (new.url, new.types, new.products):
                    raise Refusal(Reason.COMMAND_KEY_REUSED, key=key)
                return Registered(known, None)
            secrets = self._office.house.vault.secrets
            webhooks.register(new, secrets, at=self._at, by=self._by)
            return Registered(webhooks.get(new.id), self._newest(connection, new))

    def change(
        self,
        id: WebhookId,
        *,
        url: str | None = None,
        types: Sequence[str] | None = None,
        products: Sequence[str] | None = None,
        state: WebhookState | None = None,
        require: Callable[[Webhook], None] = _any,
    ) -> Webhook:
        """Changes what is given. One that is paused or deactivated goes on, made active, where it stood.

        Args:
            require: is asked about the webhook as it stands, before anything is changed; it raises what it refuses.

        Raises:
            Refusal: `not_found`, `webhook_url_refused`, `field_invalid`, `key_malformed`.
        """
        if state is WebhookState.DEACTIVATED:
            raise Refusal(
                Reason.FIELD_INVALID, field="state", value=state.value, allowed="active, paused"
            )
        with self._office.house.database.within(self._connection) as connection:
            known = self._own(connection, id, to_change=True)
            require(known)
            return Webhooks(connection).change(
                id,
                url=known.url if url is None else self._proper(url),
                types=known.types if types is None else require_wanted(list(types)),
                products=known.products if products is None else _products(products),
                state=state or known.state,
                at=self._at,
                by=self._by,
            )

    def delete(self, id: WebhookId) -> None:
        """Nothing more is posted to it. Raises Refusal(not_found)."""
        self.change(id, state=WebhookState.DELETED)

    def rotate(self, id: WebhookId, *, require: Callable[[Webhook], None] = _any) -> Registered:
        """Makes a further secret; the one before counts beside it for a day.

        Args:
            require: as for `change`.

        Raises:
            Refusal: `not_found`.
        """
        with self._office.house.database.within(self._connection) as connection:
            require(self._own(connection, id, to_change=True))
            secrets = self._office.house.vault.secrets
            rotated = Webhooks(connection).rotate(id, secrets, at=self._at, by=self._by)
            return Registered(rotated, self._newest(connection, rotated))

    def all(self) -> list[Webhook]:
        """Those that were not deleted."""
        with self._office.house.database.read() as connection:
            return Webhooks(connection).all(self._institution)

    def get(self, id: WebhookId) -> Webhook:
        """One of them. Raises Refusal(not_found)."""
        with self._office.house.database.read() as connection:
            return self._own(connection, id)

    def deliveries(
        self, id: WebhookId, *, state: DeliveryState | None = None, after: int = 0, most: int = 100
    ) -> list[Delivery]:
        """What was posted to it, in the order of the notices. Raises Refusal(not_found)."""
        with self._office.house.database.read() as connection:
            self._own(connection, id)
            return WebhookDeliveries(connection).all(id, state=state, after=after, most=most)

    def dead(self) -> dict[WebhookId, int]:
        """How many dead letters each webhook has; for the operator."""
        with self._office.house.database.read() as connection:
            return WebhookDeliveries(connection).dead()

    def replay_one(self, id: WebhookId, event: str) -> Delivery:
        """Posts one notice once more, by itself. Raises Refusal(not_found, cursor_invalid)."""
        with self._office.house.database.within(self._connection) as connection:
            known = self._own(connection, id)
            position = position_in(event, known.institution)
            return WebhookDeliveries(connection).replay_one(
                known, position, at=self._at, by=self._by
            )

    def replay_from(self, id: WebhookId, product: ProductId | None, number: int) -> None:
        """Posts everything of a product from a number on once more. Raises Refusal(not_found, field_invalid)."""
        with self._office.house.database.within(self._connection) as connection:
            known = self._own(connection, id)
            WebhookDeliveries(connection).replay_from(
                known, product, number, at=self._at, by=self._by
            )

    # Inside --------------------------------------------------------------------------------------

    def _own(self, connection: Connection, id: WebhookId, *, to_change: bool = False) -> Webhook:
        found = Webhooks(connection).get(id, to_change=to_change)
        if self._institution not in (None, found.institution):
            raise Refusal(Reason.NOT_FOUND, subject="webhook", asked=id[:64])
        return found

    def _proper(self, url: str) -> str:
        require_url(
            url,
            development=is_development(self._office.deployment.chain_id),
            networks=self._office.house.webhook_networks,
        )
        return url

    def _newest(self, connection: Connection, webhook: Webhook) -> str:
        return shown(secrets_of(self._office, connection, webhook, at=self._at)[0])


def webhook_id(institution: InstitutionId, key: str) -> WebhookId:
    """The same for the same key of the same institution."""
    named = f"genbo webhook\n{institution}\n{key}".encode()
    return WebhookId("wh_" + hashlib.sha256(named).hexdigest()[:24])


def _products(given: Sequence[str]) -> tuple[ProductId, ...]:
    for each in given:
        to_bytes32(each)
    return tuple(ProductId(each) for each in dict.fromkeys(given))
