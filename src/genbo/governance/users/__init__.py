"""Users (利用者): the people and the machines of an institution, how they sign in, and what they may do.

Everything is a function of its arguments: the user as it was, the instant, the actor. Storing what comes out, and
writing the audit entry that each act names, is up to the caller, in one transaction.
"""

from genbo.governance.users.conflict import EXCLUDED_WORKS, conflict, exclude_each_other
from genbo.governance.users.grant import GrantAct, Proposal, approve, propose
from genbo.governance.users.machine import (
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
    register_user,
    remove_second_factor,
    reset_password,
    unlock,
)
from genbo.governance.users.user import AccountKind, Changed, User, UserId, UserStatus
from genbo.governance.users.work import (
    DUTIES_OF_WORK,
    OFF_LEDGER,
    Level,
    Permission,
    Work,
    permitted,
    permitted_to_post,
)

__all__ = [
    "DUTIES_OF_WORK",
    "EXCLUDED_WORKS",
    "OFF_LEDGER",
    "AccountKind",
    "Admission",
    "Attempt",
    "Cause",
    "Changed",
    "CodeVerdict",
    "CredentialChanged",
    "CredentialId",
    "CredentialProposal",
    "GrantAct",
    "HashParameters",
    "Level",
    "MachineCredential",
    "PasswordRules",
    "Permission",
    "Proposal",
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
    "authenticate",
    "change_password",
    "check_code",
    "conflict",
    "delete",
    "disable",
    "enable",
    "enrol_second_factor",
    "exclude_each_other",
    "issue_credential",
    "new_credential_secret",
    "new_secret",
    "permitted",
    "permitted_to_post",
    "propose",
    "propose_credential",
    "provisioning_uri",
    "register_user",
    "remove_second_factor",
    "reset_password",
    "revoke_credential",
    "sign_in",
    "unlock",
]
