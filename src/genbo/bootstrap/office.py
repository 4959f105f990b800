"""Office: the registrar's work. An act goes to the ledger, comes back as events into the register, and leaves a
record of who did it, refused acts included.

The office decides nothing: what must not be, the contracts refuse. Where an act needs the ledger and the database
both, the database commits last, and doing it again does on the ledger only what is still missing there: an act that
was interrupted is simply ordered once more.
"""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from genbo.bootstrap.house import House
from genbo.bootstrap.indexer import Indexer
from genbo.bootstrap.meter import Meter, MeteredSender
from genbo.bootstrap.patience import SECONDS, patiently
from genbo.chain.call import Call
from genbo.chain.contracts.platform import Platform
from genbo.chain.contracts.security_token import SecurityToken
from genbo.chain.deployments import Deployment
from genbo.chain.desk import Desk, Done
from genbo.chain.development import cast, person
from genbo.chain.keys import Signer
from genbo.chain.sender import Sender
from genbo.governance import Duty
from genbo.kernel import (
    Address,
    BlockStamp,
    Digest,
    InvestorId,
    ProductId,
    Reference,
    Refusal,
    Units,
)
from genbo.storage.acts import Act as ActRecord
from genbo.storage.acts import Acts

BATCH = 200
"""Rows of a bulk act per transaction: about 5 million gas when accounts are opened, the dearest of them."""

T = TypeVar("T")


class Office:
    """The acts of one deployment, by the people whose keys this process can reach."""

    def __init__(self, house: House, deployment: Deployment, meter: Meter | None = None) -> None:
        self.house = house
        self.meter = meter or Meter()
        self.take_over(deployment)

    def take_over(self, deployment: Deployment) -> None:
        """Works with this deployment from now on: the same one, with more products."""
        self.deployment = deployment
        self._keys = cast()
        self._desk = Desk(
            MeteredSender(self.house.node, self.meter),
            deployment,
            keys=self._keys,
            carrier=person("deployer"),
        )
        self._indexer = Indexer(self.house.node, self.house.database, deployment)

    # Acts ----------------------------------------------------------------------------------------

    def act(
        self,
        call: Call,
        duty: Duty,
        *,
        product: ProductId | None = None,
        ref: Reference | None = None,
        by: Sequence[str] = (),
    ) -> Done:
        """Makes the call under its duty, records the act and reads its events.

        Raises:
            Refusal: the contract's own reason, which is recorded as well.
        """
        try:
            done = self._desk.act(call, duty, by=by)
        except Refusal as refusal:
            self._record(call.what, by or (duty.name,), product, ref, refusal=refusal)
            raise
        return self._finish(done, product, ref)

    def act_as_holder(
        self,
        call: Call,
        *,
        investor: InvestorId,
        signer: Signer,
        product: ProductId,
        ref: Reference | None = None,
    ) -> Done:
        """Makes a holder's own call. Raises as `act`."""
        try:
            done = self._desk.act_as_holder(call, name=investor, by=signer)
        except Refusal as refusal:
            self._record(call.what, (investor,), product, ref, refusal=refusal)
            raise
        return self._finish(done, product, ref)

    def distribute(
        self, product: ProductId, allotment: Sequence[tuple[Address, Units]], *, ref: Reference
    ) -> Iterator[tuple[int, Done]]:
        """Distributes to the allotted investors, batch by batch: how many, and the act."""
        token = self.token(product)
        for number, chunk in enumerate(batches(allotment, BATCH), 1):
            part = Reference(f"{ref}/{number}")
            call = token.distribute(
                [address for address, _ in chunk], [int(units) for _, units in chunk], part
            )
            yield len(chunk), self.act(call, Duty.DISTRIBUTOR, product=product, ref=part)

    # Reading -------------------------------------------------------------------------------------

    def token(self, product: ProductId) -> SecurityToken:
        """The product's token. Raises Refusal(product_unknown)."""
        return SecurityToken(self.house.node, self.deployment.token_of(product).address)

    @property
    def platform(self) -> Platform:
        """The platform."""
        return Platform(self.house.node, self.deployment.platform)

    def now(self) -> BlockStamp:
        """The latest block."""
        return self.house.node.stamp()

    def read(self, *, patience: float = SECONDS) -> BlockStamp | None:
        """Brings the register up to the latest block.

        Args:
            patience: seconds to wait for somebody else who is just creating a product.

        Raises:
            Fault: as `Indexer.catch_up`.
        """
        return patiently(self._indexer.catch_up, patience)

    def reload(self) -> None:
        """Takes over the deployment file where another process changed it."""
        deployment = self.house.deployment()
        if deployment != self.deployment:
            self.take_over(deployment)

    @property
    def sender(self) -> Sender:
        """Sends and counts."""
        return self._desk.sender

    @property
    def signers(self) -> list[Signer]:
        """Everybody whose key this process can reach."""
        return [signer for _, signer in self._keys.values()]

    # Inside --------------------------------------------------------------------------------------

    def _finish(self, done: Done, product: ProductId | None, ref: Reference | None) -> Done:
        self._record(done.what, done.by, product, ref, done=done)
        self.read()
        return done

    def _record(
        self,
        what: str,
        by: Sequence[str],
        product: ProductId | None,
        ref: Reference | None,
        *,
        done: Done | None = None,
        refusal: Refusal | None = None,
    ) -> None:
        outcome: dict[str, Any] = {}
        if done is not None:
            outcome = {
                "chain_id": done.sent.stamp.chain_id,
                "tx": Digest(done.sent.tx),
                "block": done.sent.stamp.number,
                "gas": done.sent.gas_used,
            }
        if refusal is not None:
            outcome = {"reason": refusal.reason, "facts": refusal.facts}
        record = ActRecord(
            at=done.sent.stamp.at if done else self.now().at,
            command=what,
            maker=by[0],
            approvers=tuple(by[1:]),
            product_id=product,
            ref=ref,
            **outcome,
        )
        with self.house.database.begin() as connection:
            Acts(connection).add(record)


def batches(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The rows in runs of at most `size`."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
