"""Anchoring (アンカリング): what is committed to on the ledger by order of a system, by one ANCHORER (R-STSUM-4).

The roots are those that the command line anchors; what stands there already, the contract says (`anchor_exists`).
"""

from datetime import date

from genbo.bootstrap.acts.desk import ActDesk
from genbo.bootstrap.acts.planned import Planned
from genbo.bootstrap.acts.table import ActName
from genbo.bootstrap.record_dates import verify_record_date
from genbo.bootstrap.register_anchor import root_of
from genbo.bootstrap.register_output import Asker, make_register
from genbo.bootstrap.settled import settled
from genbo.chain.contracts.register_anchor import AnchorKind, RegisterAnchor
from genbo.entitlements import Run
from genbo.governance import Duty
from genbo.kernel import Digest, Reason, Refusal
from genbo.reporting import Extent
from genbo.storage.payments import require_approved
from genbo.storage.register import AsOf


def anchor_register(desk: ActDesk, as_of: AsOf, *, asker: Asker) -> Planned:
    """The register as of an instant, without a name in what is hashed.

    Raises:
        Refusal: `field_invalid` for an instant whose register may still change; as `make_register`.
    """
    register = make_register(
        desk.office, desk.product, as_of=as_of, extent=Extent.REDUCED, asker=asker
    )
    block = as_of if isinstance(as_of, int) else None
    instant = None if isinstance(as_of, int) else as_of
    if not settled(
        desk.office.house, register.stamp, as_of=instant, block=block, now=asker.at
    ).final:
        allowed = "an instant that is over, and below which the chain is final"
        raise Refusal(Reason.FIELD_INVALID, field="as_of", value=str(as_of), allowed=allowed)
    with desk.office.house.database.read() as connection:
        root = root_of(connection, desk.office, register)
    return _anchor(desk, AnchorKind.REGISTER, root.subject, root.day, root=root.root, leaves=1)


def anchor_record_date(desk: ActDesk, day: date) -> Planned:
    """Who held at a record date that was fixed, after comparing the root with the rows.

    Raises:
        Refusal: `record_date_unknown`.
        Fault: `invariant_broken`.
    """
    fixed = verify_record_date(desk.office, desk.product, day)
    return _anchor(
        desk, AnchorKind.REGISTER, desk.product, day, root=fixed.root, leaves=fixed.holders
    )


def anchor_payees(desk: ActDesk, run: Run) -> Planned:
    """The payee list of an approved run. Raises Refusal(distribution_not_open)."""
    require_approved(run)
    leaves = run.totals.payees + 1
    return _anchor(
        desk, AnchorKind.PAYEE_LIST, run.id, run.record_day, root=run.root, leaves=leaves
    )


def _anchor(
    desk: ActDesk, kind: AnchorKind, subject: str, day: date, *, root: Digest, leaves: int
) -> Planned:
    office = desk.office
    contract = RegisterAnchor(office.house.node, office.deployment.anchor)
    return Planned(
        name=ActName.ANCHOR,
        call=contract.anchor(kind, subject, day, root=root, leaves=leaves),
        duty=Duty.ANCHORER,
        product=desk.product,
    )
