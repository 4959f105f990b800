"""HashiCorp Vault, transit secrets engine: a derived AES-256-GCM key wraps data keys, with their owner as its context.

The key must be derived (`derived=true`): only then another context means another key, so that a wrapped key opens for
its owner alone. Each version of the key has an id of its own, `vault:<mount>/<name>:v<version>`. Up to `AT_ONCE` keys
travel in one request, as `batch_input`. The token is read from its file for every request, so an agent may renew it.

The policy of the token: `read` on `<mount>/keys/<name>`, `update` on `<mount>/encrypt/<name>`,
`<mount>/decrypt/<name>` and `<mount>/rewrap/<name>`. It needs no right to make, rotate or delete keys, and should
have none.
"""

import base64
import re
import ssl
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx

from genbo.governance.key_wrapping import OwnedKey
from genbo.kernel import Fault, Reason
from genbo.providers.keys.fault import tampered, unavailable

AT_ONCE = 250
_KINDS = ("aes256-gcm96", "chacha20-poly1305")
_PLACE = re.compile(r"[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)+")


class VaultTransit:
    """One key of one Vault. Close it when it is not needed any more."""

    def __init__(
        self,
        place: str,
        *,
        url: str,
        token_file: Path,
        namespace: str | None = None,
        ca_file: Path | None = None,
        seconds: float = 10.0,
    ) -> None:
        """
        Args:
            place: mount and name of the key, such as `transit/genbo`.
            url: address of the Vault, such as `https://vault.example.jp:8200`.
            namespace: of Vault Enterprise.
            ca_file: certificates to trust instead of the system's, in PEM.
            seconds: how long an answer may take.

        The Vault is asked when the key is first used, so that whatever needs no personal data works without it.

        Raises:
            Fault: `setting_invalid`.
        """
        if not _PLACE.fullmatch(place):
            raise _setting("GENBO_KEK", "after vault: give mount and key, such as transit/genbo")
        self._mount, _, self._name = place.rpartition("/")
        self._place = place
        self._family = f"vault:{place}:v"
        self._token_file = token_file
        self._client = httpx.Client(
            base_url=f"{url.rstrip('/')}/v1/{self._mount}/",
            headers={"X-Vault-Request": "true"}
            | ({"X-Vault-Namespace": namespace} if namespace else {}),
            verify=_trust(ca_file),
            timeout=seconds,
            trust_env=False,
        )

    def __repr__(self) -> str:
        return f"VaultTransit({self._place})"

    def close(self) -> None:
        """Ends its connections."""
        self._client.close()

    @property
    def id(self) -> str:
        """Mount, name and the version that was the latest when this process first asked.

        Raises:
            Fault: `key_service_unavailable`.
        """
        return f"{self._family}{self._version}"

    def reads(self, kek_id: str) -> bool:
        """Whether it is a version of this key; whether the Vault still has that version, it says when asked."""
        return kek_id.startswith(self._family) and kek_id[len(self._family) :].isdigit()

    def wrap(self, keys: Sequence[OwnedKey]) -> list[bytes]:
        """As `KeyWrapper.wrap`."""
        answers = self._batches(
            "encrypt",
            keys,
            lambda key: {"plaintext": _base64(key.content), "key_version": self._version},
        )
        return [self._text(answer, "ciphertext").encode() for answer in answers]

    def unwrap(self, keys: Sequence[OwnedKey]) -> list[bytes]:
        """As `KeyWrapper.unwrap`."""
        answers = self._batches("decrypt", keys, lambda key: {"ciphertext": _ascii(key)})
        return [base64.b64decode(self._text(answer, "plaintext")) for answer in answers]

    def rewrap(self, keys: Sequence[OwnedKey]) -> list[bytes]:
        """As `KeyWrapper.rewrap`; the plain keys stay in the Vault."""
        answers = self._batches(
            "rewrap",
            keys,
            lambda key: {"ciphertext": _ascii(key), "key_version": self._version},
        )
        return [self._text(answer, "ciphertext").encode() for answer in answers]

    # Inside --------------------------------------------------------------------------------------

    @cached_property
    def _version(self) -> int:
        answer = self._ask("GET", f"keys/{self._name}")
        data = answer.get("data", {})
        if data.get("type") not in _KINDS or data.get("derived") is not True:
            raise unavailable(
                self._service,
                "the key is not a derived aes256-gcm96 key",
                f"make it with `vault write -f {self._mount}/keys/{self._name} derived=true`",
            )
        return int(data["latest_version"])

    def _batches(
        self,
        act: str,
        keys: Sequence[OwnedKey],
        item: Callable[[OwnedKey], Mapping[str, object]],
    ) -> list[dict[str, Any]]:
        """The answer for each key."""
        found: list[dict[str, Any]] = []
        for start in range(0, len(keys), AT_ONCE):
            batch = keys[start : start + AT_ONCE]
            body = {"batch_input": [{**item(key), "context": _base64(key.owner)} for key in batch]}
            answer = self._ask("POST", f"{act}/{self._name}", json=body)
            results = answer.get("data", {}).get("batch_results", [])
            if len(results) != len(batch):
                raise self._strange()
            for key, result in zip(batch, results, strict=True):
                if result.get("error"):
                    raise self._refused_key(key, str(result["error"]))
            found += results
        return found

    def _refused_key(self, key: OwnedKey, error: str) -> Fault:
        """Why one key of a batch was not done. The Vault's words are classified, not repeated."""
        told = error.lower()
        if "version" in told:
            return unavailable(
                self._service,
                "it does not use the version of the key any more that is asked for",
                "start this process again; a version that still wraps keys must be allowed "
                "(min_decryption_version) until `genbo vault rotate` has ended",
            )
        return tampered(key.name)

    def _ask(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        try:
            answer = self._client.request(
                method, path, headers={"X-Vault-Token": self._token()}, **more
            )
        except httpx.TimeoutException:
            raise unavailable(
                self._service, "no answer in time", "see whether the Vault is up"
            ) from None
        except httpx.HTTPError as error:
            problem = "its certificate is not trusted" if _untrusted(error) else "no connection"
            raise unavailable(
                self._service,
                problem,
                "correct GENBO_VAULT_URL or GENBO_VAULT_CA_FILE, or start the Vault",
            ) from None
        try:
            document = dict(answer.json())
        except ValueError:
            document = {}
        # A batch of which some keys failed comes with their errors one by one.
        if answer.status_code == 200 or "batch_results" in (document.get("data") or {}):
            return document
        raise self._refused(answer.status_code)

    def _refused(self, status: int) -> Fault:
        problem, remedy = _STATUS.get(
            status, (f"it answered with status {status}", "see the log of the Vault")
        )
        return unavailable(self._service, problem, remedy)

    def _strange(self) -> Fault:
        return unavailable(
            self._service, "its answer is not understood", "see whether that address is a Vault"
        )

    def _text(self, answer: Mapping[str, Any], name: str) -> str:
        value = answer.get(name)
        if not isinstance(value, str):
            raise self._strange()
        return value

    def _token(self) -> str:
        try:
            if self._token_file.stat().st_mode & 0o007:
                raise _setting("GENBO_VAULT_TOKEN_FILE", "everybody may read the file: chmod 600")
            token = self._token_file.read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
            raise _setting("GENBO_VAULT_TOKEN_FILE", "the file cannot be read") from None
        if not token or not token.isprintable():
            raise _setting("GENBO_VAULT_TOKEN_FILE", "the file holds no token")
        return token

    @property
    def _service(self) -> str:
        return f"vault:{self._mount}/{self._name}"


_STATUS = {
    403: ("it refuses the token", "give a token whose policy allows encrypt, decrypt and rewrap"),
    404: ("it has no such key", "correct the name in GENBO_KEK, or make the key"),
    429: ("it has too many requests", "wait"),
    503: ("it is sealed", "unseal it"),
}


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _ascii(key: OwnedKey) -> str:
    try:
        return key.content.decode("ascii")
    except UnicodeDecodeError:
        raise tampered(key.name) from None


def _trust(ca_file: Path | None) -> ssl.SSLContext | bool:
    if ca_file is None:
        return True
    try:
        return ssl.create_default_context(cafile=str(ca_file))
    except (OSError, ssl.SSLError):
        raise _setting("GENBO_VAULT_CA_FILE", "the file holds no certificates in PEM") from None


def _untrusted(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _setting(name: str, problem: str) -> Fault:
    return Fault(Reason.SETTING_INVALID, setting=name, problem=problem)
