"""Office: the registrar's work. An act goes to the ledger, comes back as events into the register, and leaves a
record of who did it, refused acts included.

The office decides nothing: what must not be, the contracts refuse. Where an act needs the ledger and the database
both, the database commits last, and doing it again does on the ledger only what is still missing there: an act that
was interrupted is simply ordered once more.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from genbo.bootstrap.house import House
from genbo.bootstrap.indexer import Indexer
from genbo.bootstrap.meter import Meter, MeteredSender
from genbo.chain.call import Call
from genbo.chain.contracts.platform import Platform
from genbo.chain.contracts.security_token import SecurityToken
from genbo.chain.deploy import (
    Echo,
    adopt_products,
    collect_from,
    deploy_platform,
    deploy_product,
    plan_platform,
    plan_product,
)
from genbo.chain.deployments import Deployment, path_of, save
from genbo.chain.desk import Desk, Done
from genbo.chain.development import cast, development_parameters, person
from genbo.chain.keys import Signer
from genbo.chain.verify import require
from genbo.governance import Duty
from genbo.kernel import (
    Address,
    BlockStamp,
    Digest,
    Fault,
    InvestorId,
    ProductId,
    Reason,
    Reference,
    Refusal,
    Units,
)
from genbo.storage.acts import Act as ActRecord
from genbo.storage.acts import Acts
from genbo.storage.deployments import Deployment as DeploymentRow
from genbo.storage.deployments import Deployments
from genbo.storage.investors import Investors, NewInvestor
from genbo.storage.products import Products
from genbo.storage.verdicts import Verdict, Verdicts
from genbo.storage.wallets import Wallet, Wallets
from genbo.token import ProductStatus, ProductTerms

BATCH = 200
"""Rows of a bulk act per transaction: about 5 million gas when accounts are opened, the dearest of them."""

T = TypeVar("T")


class Office:
    """The acts of one deployment, by the people whose keys this process can reach."""

    def __init__(self, house: House, deployment: Deployment, meter: Meter | None = None) -> None:
        self.house = house
        self.meter = meter or Meter()
        self._take_over(deployment)

    @classmethod
    def open(cls, house: House) -> "Office":
        """The office of the deployment that stands on this chain. A database sees it verified before it is bound to it.

        Raises:
            Fault: as `House.deployment`, `keep_deployment`, and for a new database `verify.require`.
        """
        office = cls(house, house.deployment())
        if not office._is_bound():
            require(house.node, office.deployment)
        office.keep_deployment()
        office._adopt_recorded()
        return office

    @classmethod
    def found(cls, house: House, *, echo: Echo) -> "Office":
        """Deploys a platform of the development cast.

        Raises:
            Fault: `development_key_refused` on a chain that is not for development; `wiring_mismatch` when the
                database belongs to a deployment on this chain whose file is gone.
        """
        with house.database.read() as connection:
            for bound in Deployments(connection).all():
                if bound.chain_id == house.node.chain_id:
                    raise Fault(
                        Reason.WIRING_MISMATCH,
                        what=f"deployment file {path_of(house.deployments, bound.chain_id)}",
                        actual="missing",
                        expected=f"that of the platform {bound.platform}, to which the database belongs",
                    )
        meter = Meter()
        sender = MeteredSender(house.node, meter)
        plan = plan_platform(
            house.node, development_parameters(), deployer=person("deployer").address
        )
        deployment = deploy_platform(plan, sender, deployer=person("deployer"), echo=echo)
        save(deployment, house.deployments)
        office = cls(house, deployment, meter)
        office.keep_deployment()
        return office

    def keep_deployment(self) -> None:
        """Binds the database to this chain's deployment.

        Raises:
            Fault: `chain_mismatch` or `wiring_mismatch` when the database belongs to another one.
        """
        deployment = self.deployment
        file = path_of(self.house.deployments, deployment.chain_id)
        with self.house.database.begin() as connection:
            Deployments(connection).record(
                DeploymentRow(
                    chain_id=deployment.chain_id,
                    first_block=deployment.first_block,
                    first_block_hash=deployment.first_block_hash,
                    duty_manager=deployment.duty_manager,
                    platform=deployment.platform,
                    factory=deployment.factory,
                    safes={name: safe.address for name, safe in deployment.safes.items()},
                    record=json.loads(file.read_text()),
                )
            )

    # Products and people -------------------------------------------------------------------------

    def create_product(
        self, terms: ProductTerms, *, initial_beneficiary: Address, by: str, echo: Echo
    ) -> SecurityToken:
        """Registers a product and creates its token; the database has it when the token stands.

        A token of these very terms that stands already (a creation that was interrupted, or one by the deployment
        scripts) is taken over.

        Raises:
            Refusal: `product_exists`, and as `plan_product`; nothing was changed.
        """
        product = terms.product_id
        at = self.now().at
        standing = self.platform.token_of(product).value
        if standing is not None and (
            SecurityToken(self.house.node, standing).terms_digest().value != terms.digest()
        ):
            raise Refusal(Reason.PRODUCT_EXISTS, product=product, token=standing)
        with self.house.database.begin() as connection:
            products = Products(connection)
            products.add(terms, at=at, by=by)
            if standing is None:
                on_ledger = terms.on_ledger(initial_beneficiary=initial_beneficiary)
                deployment = deploy_product(
                    plan_product(self.house.node, self.deployment, on_ledger),
                    self._desk.sender,
                    collect=collect_from([signer for _, signer in self._keys.values()]),
                    by=person("deployer"),
                    echo=echo,
                )
            else:
                deployment = adopt_products(self.house.node, self.deployment)
            products.deployed(
                product,
                chain_id=deployment.chain_id,
                address=deployment.token_of(product).address,
                at=at,
                by=by,
            )
            products.move_on(product, ProductStatus.SET, at=at, by=by)
        save(deployment, self.house.deployments)
        self._take_over(deployment)
        with suppress_reason(Reason.PRODUCT_UNRECORDED):  # another product's
            self.read()
        return self.token(product)

    def register_investors(
        self, new: Sequence[NewInvestor], verdicts: Sequence[Verdict], *, by: str
    ) -> None:
        """Takes investors and their verdicts into the registry, all or none. The ledger hears nothing of it."""
        at = self.now().at
        with self.house.database.begin() as connection:
            Investors(connection, self.house.vault).register(new, at=at, by=by)
            Verdicts(connection).record(verdicts, at=at, by=by)

    def admit_investors(
        self,
        product: ProductId,
        new: Sequence[NewInvestor],
        verdicts: Sequence[Verdict],
        accounts: Mapping[InvestorId, Address],
        *,
        by: str,
        progress: Callable[[int], None] = lambda _: None,
    ) -> list[Done]:
        """Registers investors, opens an account in the product for each and writes their verdicts into its token:
        all of it, or nothing in the registry.

        Args:
            progress: told how many more verdicts stand on the ledger.

        Raises:
            Refusal: as `register_investors`, `Wallets.assign` and `act`.
        """
        self.token(product)  # an unknown product is refused before anything is done
        at = self.now().at
        acts = []
        with self.house.database.begin() as connection:
            Investors(connection, self.house.vault).register(new, at=at, by=by)
            Verdicts(connection).record(verdicts, at=at, by=by)
            Wallets(connection).assign(_wallets(product, accounts, at))
            on_ledger = {accounts[verdict.investor_id]: verdict for verdict in verdicts}
            for count, done in self._write_verdicts(product, on_ledger):
                acts.append(done)
                progress(count)
        return acts

    def open_accounts(self, product: ProductId, accounts: Mapping[InvestorId, Address]) -> None:
        """Notes which address speaks for which investor in this product."""
        at = self.now().at
        with self.house.database.begin() as connection:
            Wallets(connection).assign(_wallets(product, accounts, at))

    def verify_accounts(
        self, product: ProductId, investors: Sequence[InvestorId]
    ) -> Iterator[tuple[int, Done]]:
        """Writes the latest verdict of each investor into the token, batch by batch: how many, and the act."""
        with self.house.database.read() as connection:
            accounts = Wallets(connection).active(product)
            verdicts = Verdicts(connection).latest(investors, at=self.now().at)
        yield from self._write_verdicts(
            product, {accounts[investor]: verdict for investor, verdict in verdicts.items()}
        )

    def _write_verdicts(
        self, product: ProductId, verdicts: Mapping[Address, Verdict]
    ) -> Iterator[tuple[int, Done]]:
        """One call per verdict in common and batch: the ledger hears how long and as what, and not why."""
        groups: dict[tuple[datetime, int, bool], list[Address]] = {}
        for address, verdict in verdicts.items():
            key = (verdict.expires_at, verdict.investor_class, verdict.blocked)
            groups.setdefault(key, []).append(address)
        token = self.token(product)
        for (until, investor_class, blocked), addresses in sorted(groups.items()):
            for chunk in batches(addresses, BATCH):
                call = token.batch_set_verdict(
                    chunk, until=until, investor_class=investor_class, blocked=blocked
                )
                yield len(chunk), self.act(call, Duty.RESTRICTOR, product=product)

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
        """Makes the call under its duty, reads its events and records the act.

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

    def replace_account(
        self, product: ProductId, investor: InvestorId, *, new: Address, at: datetime
    ) -> None:
        """Notes that another address speaks for the investor from `at` on; the ledger was re-keyed before."""
        with self.house.database.begin() as connection:
            Wallets(connection).replace(product, investor, new=new, at=at)

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

    def read(self) -> BlockStamp | None:
        """Brings the register up to the latest block."""
        return self._indexer.catch_up()

    def reload(self) -> None:
        """Takes over the deployment file where another process changed it."""
        deployment = self.house.deployment()
        if deployment != self.deployment:
            self._take_over(deployment)

    # Inside --------------------------------------------------------------------------------------

    def _is_bound(self) -> bool:
        with self.house.database.read() as connection:
            bound = Deployments(connection).all()
        return self.deployment.chain_id in {each.chain_id for each in bound}

    def _adopt_recorded(self) -> None:
        """Brings the deployment file up to the database: who was killed between the two left it behind."""
        with self.house.database.read() as connection:
            recorded = Products(connection).tokens(self.deployment.chain_id)
        if set(recorded.values()) - self.deployment.tokens.keys():
            deployment = adopt_products(self.house.node, self.deployment)
            save(deployment, self.house.deployments)
            self._take_over(deployment)

    def _take_over(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self._keys = cast()
        self._desk = Desk(
            MeteredSender(self.house.node, self.meter),
            deployment,
            keys=self._keys,
            carrier=person("deployer"),
        )
        self._indexer = Indexer(self.house.node, self.house.database, deployment)

    def _finish(self, done: Done, product: ProductId | None, ref: Reference | None) -> Done:
        self.read()
        self._record(done.what, done.by, product, ref, done=done)
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


@contextmanager
def suppress_reason(reason: Reason) -> Iterator[None]:
    """Passes over a refusal for this one reason."""
    try:
        yield
    except Refusal as refusal:
        if refusal.reason is not reason:
            raise


def _wallets(
    product: ProductId, accounts: Mapping[InvestorId, Address], at: datetime
) -> list[Wallet]:
    return [
        Wallet(product_id=product, address=address, investor_id=investor, valid_from=at)
        for investor, address in accounts.items()
    ]


def batches(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The rows in runs of at most `size`."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
