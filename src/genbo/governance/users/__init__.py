"""Users (利用者): the people and the machines of an institution, how they sign in, and what they may do.

Everything is a function of its arguments: the user as it was, the instant, the actor. Storing what comes out, and
writing the audit entry that each act names, is up to the caller, in one transaction.
"""

from genbo.governance.users.conflict import EXCLUDED_WORKS, conflict, exclude_each_other
from genbo.governance.users.founding import Founder, found
from genbo.governance.users.grant import GrantAct, Proposal, approve, propose
from genbo.governance.users.identity_sign_in import sign_in_by_identity
from genbo.governance.users.machine import (
    Caller,
    CredentialChanged,
    CredentialId,
    CredentialProposal,
    MachineCredential,
    Scope,
    authenticate,
    issue_credential,
    new_credential_secret,
    propose_credential,
    revoke_credential,
)
from genbo.governance.users.machine_key import ALGORITHMS, PublicKey, certificate_of, public_key_of
from genbo.governance.users.means import MeansAct, MeansProposal, approve_means, propose_means
from genbo.governance.users.one_time_code import (
    CodeVerdict,
    SecondFactor,
    check_code,
    new_secret,
    provisioning_uri,
)
from genbo.governance.users.own_account import change_password, enrol_second_factor
from genbo.governance.users.password import HashParameters, PasswordRules
from genbo.governance.users.ports import UserDirectory
from genbo.governance.users.signing_in import (
    Admission,
    Attempt,
    Cause,
    SignInOutcome,
    SignInRules,
    sign_in,
)
from genbo.governance.users.standing import (
    delete,
    disable,
    enable,
    erase,
    register_user,
    reset_password,
    unlock,
)
from genbo.governance.users.suspension import confirm, suspended
from genbo.governance.users.user import AccountKind, Changed, User, UserId, UserStatus
from genbo.governance.users.work import (
    DUTIES_OF_WORK,
    OFF_LEDGER,
    Level,
    Permission,
    Work,
    permission_named,
    permitted,
    permitted_to_post,
)

__all__ = [
    "ALGORITHMS",
    "DUTIES_OF_WORK",
    "EXCLUDED_WORKS",
    "OFF_LEDGER",
    "AccountKind",
    "Admission",
    "Attempt",
    "Caller",
    "Cause",
    "Changed",
    "CodeVerdict",
    "CredentialChanged",
    "CredentialId",
    "CredentialProposal",
    "Founder",
    "GrantAct",
    "HashParameters",
    "Level",
    "MachineCredential",
    "MeansAct",
    "MeansProposal",
    "PasswordRules",
    "Permission",
    "Proposal",
    "PublicKey",
    "Scope",
    "SecondFactor",
    "SignInOutcome",
    "SignInRules",
    "User",
    "UserDirectory",
    "UserId",
    "UserStatus",
    "Work",
    "approve",
    "approve_means",
    "authenticate",
    "certificate_of",
    "change_password",
    "check_code",
    "confirm",
    "conflict",
    "delete",
    "disable",
    "enable",
    "enrol_second_factor",
    "erase",
    "exclude_each_other",
    "found",
    "issue_credential",
    "new_credential_secret",
    "new_secret",
    "permission_named",
    "permitted",
    "permitted_to_post",
    "propose",
    "propose_credential",
    "propose_means",
    "provisioning_uri",
    "public_key_of",
    "register_user",
    "reset_password",
    "revoke_credential",
    "sign_in",
    "sign_in_by_identity",
    "suspended",
    "unlock",
]
