"""Verify: does what stands on the chain match what was meant to stand there? Reads only.

Everything is read at one block: code, who holds which duty and who does not, which function needs which duty, who
owns the Safes and how many must sign. What differs is listed, each as one drift.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from genbo.chain import artifacts
from genbo.chain.code import live_hash
from genbo.chain.contracts.disbursement import Disbursement
from genbo.chain.contracts.document_registry import DocumentRegistry
from genbo.chain.contracts.duty_manager import DutyManager
from genbo.chain.contracts.managed import Managed
from genbo.chain.contracts.platform import Platform
from genbo.chain.contracts.safe import Safe
from genbo.chain.contracts.security_token import SecurityToken
from genbo.chain.contracts.token_factory import TokenFactory
from genbo.chain.deployments import Deployment, SafeRecord, TokenRecord, require_same_chain
from genbo.chain.node import Node, Pinned
from genbo.chain.parameters import PlatformParameters
from genbo.governance import Contract, Duty, bound_functions
from genbo.kernel import ZERO_ADDRESS, Address, BlockStamp, Fault, ProductId, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One difference between what was meant and what is."""

    reason: Reason
    """`bytecode_mismatch` or `wiring_mismatch`."""
    what: str
    expected: str
    actual: str

    def __str__(self) -> str:
        return f"{self.what}: expected {self.expected}, found {self.actual}"

    def as_fault(self) -> Fault:
        if self.reason is Reason.BYTECODE_MISMATCH:
            contract, _, address = self.what.partition(" at ")
            return Fault(self.reason, contract=contract, address=address)
        return Fault(self.reason, what=self.what, expected=self.expected, actual=self.actual)


def verify(
    node: Node, deployment: Deployment, parameters: PlatformParameters | None = None
) -> Pinned[list[Drift]]:
    """Every drift, at the latest block.

    Args:
        parameters: what the deployment was made from; without them it is compared with its own record.

    Raises:
        Fault: `chain_mismatch`, `node_unreachable`.
    """
    require_same_chain(deployment, node)
    stamp = node.stamp()
    check = _Check(node, deployment, stamp)
    drifts = [
        *(_record_drifts(deployment, parameters) if parameters else ()),
        *check.code(),
        *check.links(),
        *check.duties(),
        *check.wiring(),
        *check.safes(),
        *check.resumers(),
    ]
    return Pinned(drifts, stamp)


def require(
    node: Node, deployment: Deployment, parameters: PlatformParameters | None = None
) -> BlockStamp:
    """The block at which nothing differed.

    Raises:
        Fault: the first drift, `bytecode_mismatch` or `wiring_mismatch`; and as `verify`.
    """
    found = verify(node, deployment, parameters)
    for drift in found.value:
        raise drift.as_fault()
    return found.stamp


@dataclass(frozen=True, slots=True)
class _Check:
    node: Node
    deployment: Deployment
    stamp: BlockStamp

    # Code --------------------------------------------------------------------------------------------

    def code(self) -> Iterator[Drift]:
        """Every contract runs the code this package ships."""
        of = self.deployment
        yield from self._same_code("DutyManager", of.duty_manager)
        yield from self._same_code("Platform", of.platform)
        yield from self._same_code("TokenFactory", of.factory)
        yield from self._same_code("TokenActs", of.acts)
        yield from self._same_code("TokenServices", of.services)
        yield from self._same_code("Settlement", of.settlement)
        yield from self._same_code("RegisterAnchor", of.anchor)
        if of.disbursement is not None:
            yield from self._same_code("Disbursement", of.disbursement)
        yield from self._same_code("Safe", of.safe_singleton)
        yield from self._same_code("SafeProxyFactory", of.safe_factory)
        yield from self._same_code("CompatibilityFallbackHandler", of.safe_handler)
        for safe in of.safes.values():
            yield from self._same_code("SafeProxy", safe.address)
        for token in of.tokens.values():
            yield from self._token_code(token)
            if token.documents is not None:
                yield from self._same_code("DocumentRegistry", token.documents)

    def _token_code(self, token: TokenRecord) -> Iterator[Drift]:
        """A token of an earlier version runs what was recorded when the version changed."""
        if token.live_hash is None:
            yield from self._same_code("SecurityToken", token.address)
        elif not self._is_token(token):
            yield Drift(
                reason=Reason.BYTECODE_MISMATCH,
                what=f"SecurityToken at {token.address}",
                expected=token.live_hash[:18],
                actual="other code",
            )

    def _same_code(self, name: str, address: Address) -> Iterator[Drift]:
        if not self._is(name, address):
            live = self.node.code(address, self.stamp).value
            yield Drift(
                reason=Reason.BYTECODE_MISMATCH,
                what=f"{name} at {address}",
                expected=artifacts.load(name).running_hash[:18],
                actual="other code" if live else "no code",
            )

    # Who points at whom ---------------------------------------------------------------------------------

    def links(self) -> Iterator[Drift]:
        """Platform, factory and tokens know the right neighbours, and the platform knows the tokens."""
        of, at = self.deployment, self.stamp
        if self._is("Platform", of.platform):
            platform = Platform(self.node, of.platform)
            yield from _wire("authority of platform", of.duty_manager, platform.authority(at).value)
            for product, record in of.tokens.items():
                registered = platform.token_of(product, at).value
                yield from _wire(f"token of {product}", record.address, registered)
            recorded = {record.address for record in of.tokens.values()}
            for token in platform.tokens(0, platform.token_count(at).value, at).value:
                if token not in recorded:
                    yield from _wire(
                        "products registered", "those of the deployment", f"also {token}"
                    )
        if self._is("TokenFactory", of.factory):
            factory = TokenFactory(self.node, of.factory)
            yield from _wire("authority of factory", of.duty_manager, factory.authority(at).value)
            yield from _wire("platform of factory", of.platform, factory.platform(at).value)
            yield from self._approved_code(factory)
        managed = {
            "Settlement": of.settlement,
            "RegisterAnchor": of.anchor,
            "TokenActs": of.acts,
        }
        if of.disbursement is not None:
            managed["Disbursement"] = of.disbursement
        for name, address in managed.items():
            if self._is(name, address):
                authority = Managed(self.node, address).authority(at).value
                yield from _wire(f"authority of {name}", of.duty_manager, authority)
        if of.disbursement is not None and self._is("Disbursement", of.disbursement):
            payments = Disbursement(self.node, of.disbursement)
            yield from _wire("anchors of Disbursement", of.anchor, payments.anchor(at).value)
            yield from _wire(
                "settlement of Disbursement", of.settlement, payments.settlement(at).value
            )
        if self._is("TokenActs", of.acts):
            services = SecurityToken(self.node, of.acts).services(at).value
            yield from _wire("services of TokenActs", of.services, services)
        for product, record in of.tokens.items():
            if record.documents is not None and self._is("DocumentRegistry", record.documents):
                documents = DocumentRegistry(self.node, record.documents)
                yield from _wire(
                    f"authority of the documents of {product}",
                    of.duty_manager,
                    documents.authority(at).value,
                )
                yield from _wire(
                    f"token of the documents of {product}",
                    record.address,
                    documents.token(at).value,
                )
            if self._is_token(record):
                yield from self._token_links(product, record)

    def _approved_code(self, factory: TokenFactory) -> Iterator[Drift]:
        """Products can be created from the token code that this package ships, with the recorded acts, and no other."""
        of = self.deployment
        ours = artifacts.load("SecurityToken").code_hash
        for code_hash, acts in factory.approved(of.first_block, self.stamp).value.items():
            expected = of.acts if code_hash == ours else "not approved"
            yield from _wire(f"acts of token code {code_hash}", expected, acts)

    def _token_links(self, product: ProductId, record: TokenRecord) -> Iterator[Drift]:
        of, at = self.deployment, self.stamp
        token = SecurityToken(self.node, record.address)
        yield from _wire(f"product of the token of {product}", product, token.product(at).value)
        acts, services = record.acts or of.acts, record.services or of.services
        yield from _wire(f"acts of the token of {product}", acts, token.acts(at).value)
        yield from _wire(f"services of the token of {product}", services, token.services(at).value)
        yield from _wire(
            f"authority of the token of {product}", of.duty_manager, token.authority(at).value
        )
        yield from _wire(
            f"platform of the token of {product}", of.platform, token.platform(at).value
        )

    # Who holds what --------------------------------------------------------------------------------------

    def duties(self) -> Iterator[Drift]:
        """Each duty is held by exactly the accounts that shall hold it, at once and by nobody else."""
        of, at = self.deployment, self.stamp
        if not self._is("DutyManager", of.duty_manager):
            return
        manager = DutyManager(self.node, of.duty_manager)
        expected: dict[int, set[Address]] = {int(duty): set() for duty in Duty}
        for safe in of.safes.values():
            for duty in safe.duties:
                expected[duty].add(safe.address)
        for duty, accounts in of.operators.items():
            expected[duty].update(accounts)
        expected[Duty.FACTORY].add(of.factory)
        members = manager.members(of.first_block, at).value
        for role in sorted(expected.keys() | members.keys()):
            name = Duty(role).name if role in expected else f"role {role}"
            holds = members.get(role, {})
            for account in sorted(expected.get(role, set()) - holds.keys()):
                yield from _wire(f"{name} of {account}", "held", "not held")
            for account in sorted(holds.keys() - expected.get(role, set())):
                yield from _wire(f"{name} of {account}", "not held", "held")
            for account in sorted(holds):
                membership = (
                    manager.membership(Duty(role), account, at).value if role in expected else None
                )
                if membership is not None and (not membership.holds or membership.delay):
                    yield from _wire(f"{name} of {account}", "held, at once", str(membership))
            yield from _wire(f"keepers of {name}", (0, 0), manager.role_keepers(role, at).value)

    def wiring(self) -> Iterator[Drift]:
        """Every function needs exactly the duty that the table of duties gives it."""
        of, at = self.deployment, self.stamp
        if not self._is("DutyManager", of.duty_manager):
            return
        manager = DutyManager(self.node, of.duty_manager)
        targets = {of.platform: Contract.PLATFORM, of.factory: Contract.FACTORY}
        targets |= {of.settlement: Contract.SETTLEMENT, of.anchor: Contract.ANCHOR}
        if of.disbursement is not None:
            targets[of.disbursement] = Contract.DISBURSEMENT
        targets |= {token.address: Contract.TOKEN for token in of.tokens.values()}
        targets |= {
            token.documents: Contract.DOCUMENTS
            for token in of.tokens.values()
            if token.documents is not None
        }
        earlier = {token.address for token in of.tokens.values() if token.live_hash is not None}
        wired = manager.wired(of.first_block, at).value
        for target, contract in targets.items():
            expected = dict(bound_functions(contract))
            functions = {
                entry.selector: entry.signature
                for entry in artifacts.load(contract.value).interface.functions
                if entry.writes
            }
            selectors = list(functions)
            found = manager.target_duties(target, selectors, at).value
            for selector, role in zip(selectors, found, strict=True):
                if target in earlier and (target, selector) not in wired:
                    continue  # a function that the earlier version does not have
                duty = expected.get(functions[selector], Duty.ADMIN)
                yield from _wire(
                    f"{contract.value}.{functions[selector]} at {target}", _name(duty), _name(role)
                )
            yield from (
                _wire(f"{contract.value} at {target}", "open", "closed")
                if manager.is_target_closed(target, at).value
                else ()
            )
            yield from _wire(
                f"admin delay of {target}", 0, manager.target_admin_delay(target, at).value
            )
            for (elsewhere, selector), role in wired.items():
                strange = selector not in functions and target not in earlier
                if elsewhere == target and strange and role:
                    yield from _wire(f"0x{selector.hex()} at {target}", "not wired", _name(role))

    # Two persons ----------------------------------------------------------------------------------------

    def safes(self) -> Iterator[Drift]:
        """Each Safe has its owners and its threshold, and nothing by which it could act without them."""
        expected = self.deployment.safe_singleton
        for name, record in self.deployment.safes.items():
            if self._is("SafeProxy", record.address):
                singleton = Safe(self.node, record.address).singleton(self.stamp).value
                yield from _wire(f"singleton of Safe {name}", expected, singleton)
            if self._answers_as_safe(record):
                yield from self._safe(name, record)

    def _safe(self, name: str, record: SafeRecord) -> Iterator[Drift]:
        of, at = self.deployment, self.stamp
        safe = Safe(self.node, record.address)
        owners = safe.owners(at).value
        yield from _wire(f"owners of Safe {name}", sorted(record.owners), sorted(owners))
        yield from _wire(f"threshold of Safe {name}", record.threshold, safe.threshold(at).value)
        yield from _wire(f"modules of Safe {name}", [], safe.modules(at).value)
        yield from _wire(f"guard of Safe {name}", ZERO_ADDRESS, safe.guard(at).value)
        yield from _wire(
            f"handler of Safe {name}", of.safe_handler, safe.fallback_handler(at).value
        )

    def resumers(self) -> Iterator[Drift]:
        """Nobody who may stop is an owner of an account that may resume; as the chain has it now."""
        of, at = self.deployment, self.stamp
        stoppers = set(of.operators.get(Duty.STOPPER, ()))
        for name, record in of.safes.items():
            if Duty.RESUMER in record.duties and self._answers_as_safe(record):
                for owner in Safe(self.node, record.address).owners(at).value:
                    if owner in stoppers:
                        yield from _wire(f"owner {owner} of Safe {name}", "no STOPPER", "STOPPER")

    def _answers_as_safe(self, record: SafeRecord) -> bool:
        """Whether the account runs the Safe code; if not, it is not asked who owns it."""
        singleton = self.deployment.safe_singleton
        return (
            self._is("SafeProxy", record.address)
            and self._is("Safe", singleton)
            and Safe(self.node, record.address).singleton(self.stamp).value == singleton
        )

    def _is_token(self, record: TokenRecord) -> bool:
        if record.live_hash is None:
            return self._is("SecurityToken", record.address)
        return live_hash(self.node.code(record.address, self.stamp).value) == record.live_hash

    def _is(self, name: str, address: Address) -> bool:
        """Whether that contract stands there. If not, `code` says so, and it is not asked anything."""
        artifact = artifacts.load(name)
        live = self.node.code(address, self.stamp).value
        return artifact.masked(live) == artifact.masked(artifact.running_code)


def _record_drifts(deployment: Deployment, parameters: PlatformParameters) -> Iterator[Drift]:
    """Whether the record says what the parameters say; the chain is then compared with the record."""
    yield from _wire("Safes", sorted(parameters.safes), sorted(deployment.safes))
    for name in parameters.safes.keys() & deployment.safes.keys():
        meant, made = parameters.safes[name], deployment.safes[name]
        yield from _wire(f"owners of Safe {name}", sorted(meant.owners), sorted(made.owners))
        yield from _wire(f"threshold of Safe {name}", meant.threshold, made.threshold)
        yield from _wire(f"duties of Safe {name}", sorted(meant.duties), sorted(made.duties))
    for duty in sorted(parameters.operators.keys() | deployment.operators.keys()):
        yield from _wire(
            f"{duty.name}",
            sorted(parameters.operators.get(duty, ())),
            sorted(deployment.operators.get(duty, ())),
        )


def _name(role: int) -> str:
    return Duty(role).name if role in set(Duty) else f"role {role}"


def _wire(what: str, expected: object, actual: object) -> Iterator[Drift]:
    if expected != actual:
        yield Drift(
            reason=Reason.WIRING_MISMATCH, what=what, expected=str(expected), actual=str(actual)
        )
