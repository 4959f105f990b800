"""Thresholds (閾値) of screening: one person makes them stricter; to make them looser takes two who may release.

Looser thresholds make clear what was possible, for everybody and without a file on anybody: a release of all at once.
"""

from collections.abc import Sequence

from genbo.bootstrap.office import Office
from genbo.bootstrap.screening import require_releaser
from genbo.compliance.screening import Thresholds
from genbo.kernel import Reason, Refusal
from genbo.storage.sanctions import SanctionsLists


def set_thresholds(office: Office, new: Thresholds, *, by: Sequence[str]) -> None:
    """Brings thresholds into force; everybody is due again.

    Args:
        by: who does it; for looser ones the names of two owners of the account that holds the duty RELEASER.

    Raises:
        Refusal: `approvals_too_few`, `duty_missing`, `same_person` for looser ones; as
            `SanctionsLists.set_thresholds`.
    """
    with office.house.database.begin() as connection:
        lists = SanctionsLists(connection)
        if new.is_looser_than(lists.thresholds()):
            _require_two(office, by)
        lists.set_thresholds(new, at=office.house.now(), by=by[0], approvers=by[1:])


def _require_two(office: Office, names: Sequence[str]) -> None:
    if len(names) < 2:
        act = "make the thresholds of screening looser"
        raise Refusal(Reason.APPROVALS_TOO_FEW, given=len(names), needed=2, act=act)
    for name in names:
        require_releaser(office, name)
    if len(set(names)) < len(names):
        raise Refusal(Reason.SAME_PERSON, account=names[0], role="approver", other="maker")
