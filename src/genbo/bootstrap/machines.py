"""Machines (機関のシステム): whose system is asking, and for which scope (R-PROGMAT-API-1 to 4)."""

from datetime import datetime

from genbo.governance.institutions import Institution
from genbo.governance.users import (
    CredentialId,
    Scope,
    UserId,
    authenticate,
    revoke_credential,
)
from genbo.kernel import Reason, Refusal
from genbo.storage.credentials import Credentials
from genbo.storage.engine import Database
from genbo.storage.users import Users
from genbo.storage.vault import Vault


class Machines:
    """The door of machines."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def authenticate(
        self, credential: CredentialId, secret: str, *, scope: Scope, at: datetime
    ) -> Institution:
        """The institution whose system shows a credential that is good for the scope.

        Raises:
            Refusal: `credential_refused`, `scope_missing`, once it is noted.
        """
        with self._database.read() as connection:
            known = Credentials(connection).find(credential)
        try:
            return authenticate(known, secret=secret, scope=scope, at=at)
        except Refusal as refusal:
            with self._database.begin() as connection:
                Credentials(connection).refused(known, refusal, scope=scope, at=at)
            raise

    def revoke(self, credential: CredentialId, *, by: UserId, at: datetime) -> None:
        """Ends a credential, by one administrator: a leak does not wait.

        Raises:
            Refusal: `not_found`, `user_not_active`, `permission_missing`, `powers_suspended`.
        """
        with self._database.begin() as connection:
            credentials = Credentials(connection)
            (who,) = Users(connection, self._vault).hold(by)
            known = credentials.find(credential, hold=True)
            if known is None:
                raise Refusal(Reason.NOT_FOUND, subject="credential", asked=credential[:64])
            credentials.revoke(revoke_credential(known, by=who, at=at), by=by, at=at)
