"""AWS Key Management Service: a symmetric key of the cloud wraps data keys, with their owner as encryption context.

The service takes one key a request, so `WORKERS` requests are in flight. Credentials, region and proxies come from
where the AWS library always finds them (environment, profile, role of the machine). It has the library only when
`genbo[aws]` is installed. The service writes each encryption context into its own log (CloudTrail): it holds an
investor id and nothing else.

The id is `aws-kms:` and the ARN of the key. The service renews key material under one ARN and keeps the old material
for ever; only a new key, and the deletion of the old one, ends what the old one wraps.

Rights of the role: `kms:DescribeKey`, `kms:Encrypt`, `kms:Decrypt`, `kms:ReEncryptFrom`, `kms:ReEncryptTo`.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any

from genbo.governance.key_wrapping import OwnedKey
from genbo.kernel import Fault, Reason
from genbo.providers.keys.fault import tampered, unavailable

WORKERS = 16


class AwsKms:
    """One key of one account and region."""

    def __init__(self, key: str, *, endpoint_url: str | None = None, seconds: int = 10) -> None:
        """
        Args:
            key: ARN, id or alias of a symmetric key.
            endpoint_url: another address of the service, such as that of a private network.
            seconds: how long an answer may take.

        The service is asked when the key is first used, so that whatever needs no personal data works without it.

        Raises:
            Fault: `setting_invalid` when the library is not installed; `key_service_unavailable` without a region.
        """
        try:
            import boto3
            from botocore.config import Config
        except ImportError:
            raise Fault(
                Reason.SETTING_INVALID,
                setting="GENBO_KEK",
                problem='aws-kms needs a library that is not installed: pip install "genbo[aws]"',
            ) from None
        self._key = key
        self._service = f"aws-kms:{key}"
        config = Config(
            connect_timeout=seconds,
            read_timeout=seconds,
            max_pool_connections=WORKERS,
            retries={"total_max_attempts": 3, "mode": "standard"},
        )
        region = key.split(":")[3] if key.startswith("arn:") and key.count(":") >= 5 else None
        self._client = self._guarded(
            lambda: boto3.Session().client(
                "kms", region_name=region, endpoint_url=endpoint_url, config=config
            )
        )

    def __repr__(self) -> str:
        return f"AwsKms({self._service})"

    def close(self) -> None:
        """Ends its connections."""
        self._client.close()

    @property
    def id(self) -> str:
        """The ARN of the key.

        Raises:
            Fault: `key_service_unavailable`.
        """
        return f"aws-kms:{self._arn}"

    def reads(self, kek_id: str) -> bool:
        """Whether it is this key. Raises as `id`."""
        return kek_id.startswith("aws-kms:") and kek_id == self.id

    def wrap(self, keys: Sequence[OwnedKey]) -> list[bytes]:
        """As `KeyWrapper.wrap`."""
        return self._each(
            keys,
            lambda key: self._client.encrypt(
                KeyId=self._arn, Plaintext=key.content, EncryptionContext=_context(key)
            )["CiphertextBlob"],
        )

    def unwrap(self, keys: Sequence[OwnedKey]) -> list[bytes]:
        """As `KeyWrapper.unwrap`."""
        return self._each(
            keys,
            lambda key: self._client.decrypt(
                KeyId=self._arn, CiphertextBlob=key.content, EncryptionContext=_context(key)
            )["Plaintext"],
        )

    def rewrap(self, keys: Sequence[OwnedKey]) -> list[bytes]:
        """As `KeyWrapper.rewrap`; the plain keys stay in the service."""
        return self._each(
            keys,
            lambda key: self._client.re_encrypt(
                CiphertextBlob=key.content,
                SourceKeyId=self._arn,
                SourceEncryptionContext=_context(key),
                DestinationKeyId=self._arn,
                DestinationEncryptionContext=_context(key),
            )["CiphertextBlob"],
        )

    # Inside --------------------------------------------------------------------------------------

    @cached_property
    def _arn(self) -> str:
        described = self._guarded(lambda: self._client.describe_key(KeyId=self._key))["KeyMetadata"]
        if described.get("KeyState") != "Enabled":
            raise unavailable(self._service, "the key is not enabled", "enable it, or take another")
        return str(described["Arn"])

    def _each(self, keys: Sequence[OwnedKey], ask: Callable[[OwnedKey], bytes]) -> list[bytes]:
        def one(key: OwnedKey) -> bytes:
            return bytes(self._guarded(lambda: ask(key), name=key.name))

        if len(keys) < 2:
            return [one(key) for key in keys]
        with ThreadPoolExecutor(min(WORKERS, len(keys)), "aws-kms") as pool:
            asked = [pool.submit(one, key) for key in keys]
            try:
                return [each.result() for each in asked]
            except BaseException:
                pool.shutdown(cancel_futures=True)  # one refusal is enough
                raise

    def _guarded(self, ask: Callable[[], Any], *, name: str = "") -> Any:
        """What is asked; errors of the library as faults that repeat nothing of the service."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return ask()
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if code in ("InvalidCiphertextException", "IncorrectKeyException") and name:
                raise tampered(name) from None
            problem, remedy = _CODES.get(
                code, (f"it answered {code or 'with an error'}", "see the log of the service")
            )
            raise unavailable(self._service, problem, remedy) from None
        except BotoCoreError as error:
            problem, remedy = _LIBRARY.get(
                type(error).__name__, ("no connection", "see whether its address can be reached")
            )
            raise unavailable(self._service, problem, remedy) from None


_ROLE = "give the role kms:DescribeKey, Encrypt, Decrypt and ReEncrypt on the key"
_CODES = {
    "AccessDeniedException": ("it refuses this account", _ROLE),
    "UnrecognizedClientException": ("it refuses the credentials", "renew them"),
    "InvalidSignatureException": ("it refuses the credentials", "renew them"),
    "ExpiredTokenException": ("the credentials have run out", "renew them"),
    "NotFoundException": ("it has no such key", "correct GENBO_KEK, or the region"),
    "DisabledException": ("the key is disabled", "enable it"),
    "KMSInvalidStateException": ("the key is being deleted or not usable", "cancel the deletion"),
    "ThrottlingException": ("it has too many requests", "wait, or ask for a higher quota"),
}
_LIBRARY = {
    "NoCredentialsError": ("no credentials are found", "give the process a role or credentials"),
    "NoRegionError": ("no region is known", "write the whole ARN of the key into GENBO_KEK"),
    "ConnectTimeoutError": ("no answer in time", "see whether its address can be reached"),
    "ReadTimeoutError": ("no answer in time", "see whether its address can be reached"),
}


def _context(key: OwnedKey) -> dict[str, str]:
    return {"genbo-owner": key.owner.decode().replace("\x1f", "/")}
