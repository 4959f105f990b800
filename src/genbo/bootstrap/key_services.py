"""Which key-encryption keys the settings name, opened: files, a HashiCorp Vault, the key service of a cloud."""

from contextlib import ExitStack, closing
from pathlib import Path

from genbo.config import Settings
from genbo.governance.key_wrapping import KeyWrapper
from genbo.kernel import Fault, Reason
from genbo.storage.keyfile import read_kek
from genbo.storage.vault import Vault


def open_vault(settings: Settings, stack: ExitStack) -> Vault:
    """The vault with the keys of `GENBO_KEK`, in their order; connections to services end with the stack.

    Raises:
        Fault: `setting_invalid`; `key_service_unavailable`.
    """
    return Vault(*(_open(settings, scheme, place, stack) for scheme, place in settings.keks))


def _open(settings: Settings, scheme: str, place: str, stack: ExitStack) -> KeyWrapper:
    if scheme == "file":
        return read_kek(Path(place))
    # Their libraries take a moment to load.
    if scheme == "vault":
        from genbo.providers.keys.vault_transit import VaultTransit

        if settings.vault_url is None or settings.vault_token_file is None:
            raise Fault(
                Reason.SETTING_INVALID, setting="GENBO_VAULT_URL", problem="is needed for a Vault"
            )
        return stack.enter_context(
            closing(
                VaultTransit(
                    place,
                    url=settings.vault_url,
                    token_file=settings.vault_token_file,
                    namespace=settings.vault_namespace,
                    ca_file=settings.vault_ca_file,
                    seconds=settings.key_service_seconds,
                )
            )
        )
    from genbo.providers.keys.aws_kms import AwsKms

    return stack.enter_context(
        closing(
            AwsKms(
                place,
                endpoint_url=settings.aws_endpoint_url,
                seconds=settings.key_service_seconds,
            )
        )
    )
