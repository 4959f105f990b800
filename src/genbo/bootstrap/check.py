"""Check: every invariant that a live system can be asked about, asked."""

from dataclasses import dataclass

from genbo.bootstrap.auditing import audit_finding, verify_stored
from genbo.bootstrap.house import House
from genbo.bootstrap.inspection import Inspection, inspect
from genbo.bootstrap.sending_check import sending_findings
from genbo.chain.deployments import Deployment
from genbo.reconciliation.invariants import Finding, check_all, visibility
from genbo.storage.tables import metadata
from genbo.storage.tables.visibility import POLICIES
from genbo.storage.viewing import holes


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at, and what was found."""

    inspection: Inspection
    findings: list[Finding]


def check_system(house: House, deployment: Deployment) -> Checked:
    """Invariants 1, 2, 8, 9 and 10 of each product, then 3, 5, 6 and 11 of the system, at the block to which the
    register was read. Changes nothing.

    Raises:
        Fault: as `inspect`.
    """
    inspection = inspect(house.node, house.database, deployment)
    verified = verify_stored(house.database, house.node, deployment)
    return Checked(
        inspection,
        [
            *check_all(inspection.accounts),
            *sending_findings(house.node, house.database, deployment, at=inspection.stamp),
            audit_finding(verified),
            _visibility(house),
        ],
    )


def _visibility(house: House) -> Finding:
    """11. Every table is under row-level security, and the policies and rights are the ones that were decided on."""
    with house.database.read() as connection:
        return visibility(
            tables=len(metadata.tables), policies=len(POLICIES), wrong=holes(connection)
        )
