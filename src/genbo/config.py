"""Settings: everything Genbo takes from its environment, read here and nowhere else.

Each setting is an environment variable `GENBO_<NAME>`. All problems are reported together, so an
operator corrects a configuration once. The address of a database or a node may carry a password, so
both are kept as secrets: they show as stars, and no problem repeats the value it is about.
"""

import difflib
import os
import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, NonNegativeInt, PositiveInt, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from genbo.kernel import REORGANISATION_DEPTH, Fault, Reason

PREFIX = "GENBO_"


def _address(value: SecretStr, schemes: tuple[str, ...], wanted: str) -> SecretStr:
    """`value` when it is an address with one of the schemes; the complaint never repeats the value."""
    try:
        parts = urlsplit(value.get_secret_value())
        _ = parts.port  # raises when it is no number
    except ValueError:
        raise ValueError(f"must be {wanted}") from None
    if parts.scheme not in schemes or parts.netloc.count("@") > 1:
        raise ValueError(f"must be {wanted}")
    return value


def _database(value: SecretStr) -> SecretStr:
    return _address(
        value,
        ("postgresql", "postgres", "postgresql+psycopg"),
        "like postgresql://user:password@host:5432/database (@ : / in a password percent-encoded)",
    )


def _nodes(value: SecretStr) -> SecretStr:
    """One address or several: each by itself, so that no complaint repeats one."""
    listed = _listed(value)
    for url in listed:
        _address(
            SecretStr(url), ("http", "https"), "like http://host:8545 (http or https), or several"
        )
    if not listed or len(set(listed)) < len(listed):
        raise ValueError("must name each node once, separated by commas")
    return value


def _listed(value: SecretStr) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.get_secret_value().split(",") if part.strip())


KEY_PLACES = ("file", "vault", "aws-kms")
"""Where a key-encryption key may be kept, as `GENBO_KEK` names it."""


def _keks(value: str) -> str:
    places = [part.strip() for part in value.split(",")]
    if any(
        scheme not in KEY_PLACES or not place
        for scheme, _, place in (part.partition(":") for part in places)
    ) or len(set(places)) < len(places):
        raise ValueError(
            "must name each key once, separated by commas: file:PATH, vault:MOUNT/KEY or aws-kms:ARN"
        )
    return value


def _vault_url(value: str) -> str:
    """The token travels there, so only a name of this machine goes without TLS."""
    parts = urlsplit(value)
    local = parts.hostname in ("127.0.0.1", "::1", "localhost")
    if not parts.hostname or "@" in parts.netloc or parts.scheme not in ("https", "http"):
        raise ValueError("must be like https://vault:8200")
    if parts.scheme == "http" and not local:
        raise ValueError("must begin with https: the token travels there")
    return value


def _api_url(value: str) -> str:
    """Secrets and tokens travel there, so only a name of this machine goes without TLS."""
    parts = urlsplit(value)
    local = parts.hostname in ("127.0.0.1", "::1", "localhost")
    if (
        not parts.hostname
        or "@" in parts.netloc
        or parts.scheme not in (("https", "http") if local else ("https",))
        or parts.query
        or parts.fragment
    ):
        raise ValueError("must be like https://genbo.example")
    return value.rstrip("/")


def _networks(value: str) -> str:
    try:
        found = _each_network(value)
    except ValueError:
        found = ()
    if not found:
        raise ValueError(
            "must name addresses or networks, separated by commas: 10.0.0.5, 10.1.0.0/24"
        )
    return value


def _each_network(value: str) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(part.strip()) for part in value.split(",") if part.strip())


def _header(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9-]{1,64}", value):
        raise ValueError("must be the name of a header, such as Client-Cert")
    return value


class Settings(BaseSettings):
    """What the environment says, read once at the start."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid"
    )

    database_url: Annotated[SecretStr, AfterValidator(_database)] | None = None
    """An external PostgreSQL. Unset: an embedded one is kept in the data folder."""

    data: Path = Path(".genbo")
    """The data folder of an embedded run: database, chain, development keys. One process at a time."""

    node_url: Annotated[SecretStr, AfterValidator(_nodes)] | None = None
    """JSON-RPC nodes of one chain, separated by commas, the preferred one first. Unset: a chain inside this
    process."""

    node_seconds: PositiveInt = 10
    """How long a node may take for an answer before it counts as away and the next one is asked."""

    confirmations: NonNegativeInt | None = None
    """Blocks that must stand upon a block before it counts as final. Unset: 0 on a development chain, where a block
    is final at once, 12 elsewhere."""

    reorganisation_depth: PositiveInt = REORGANISATION_DEPTH
    """How many of the latest blocks may be taken back when the chain is reorganised; what is deeper is refused."""

    chain_id: PositiveInt | None = None
    """The chain that must answer. Unset: whichever chain answers."""

    kek_file: Path | None = None
    """The file of the key-encryption key (32 bytes in base64). Unset: a development key is made in the
    data folder. An external database needs it set: the only key to its personal data must not lie in
    a working folder."""

    kek: Annotated[str, AfterValidator(_keks)] | None = None
    """The key-encryption keys, separated by commas: `file:PATH`, `vault:MOUNT/KEY` or `aws-kms:ARN`. The first wraps,
    all of them open, as is needed while keys are rotated. Unset: GENBO_KEK_FILE."""

    vault_url: Annotated[str, AfterValidator(_vault_url)] | None = None
    """The HashiCorp Vault of a `vault:` key."""

    vault_token_file: Path | None = None
    """The file of the token for it; read for every request, so that an agent may renew it."""

    vault_namespace: str | None = None
    """The namespace there. Unset: none."""

    vault_ca_file: Path | None = None
    """Certificates to trust there, in PEM. Unset: those of the system."""

    aws_endpoint_url: str | None = None
    """Another address for `aws-kms:` keys, such as that of a private network. Unset: that of the region."""

    key_service_seconds: PositiveInt = 10
    """How long a key service may take for an answer."""

    book_years: Annotated[int, Field(ge=7)] = 10
    """How many years books are kept, after which personal data may be erased at the earliest."""

    keys: Path | None = None
    """The folder of signing keys, an encrypted file each. Unset: on a development chain the keys of the development
    cast, elsewhere none, so that this process reads and does not sign."""

    keys_passphrase_file: Path | None = None
    """The file of the passphrase that opens them."""

    sign_in_failures: PositiveInt = 5
    """How many failed sign-ins in a row lock a user (R-PROGMAT-T14.11)."""

    disuse_days: PositiveInt = 90
    """After how many days without a sign-in a user is disabled (R-PROGMAT-T14.12)."""

    password_days: PositiveInt = 90
    """After how many days a password must be changed at the next sign-in (R-PROGMAT-T14.14)."""

    password_length: Annotated[int, Field(ge=8, le=64)] = 12
    """How many characters a new password has at least."""

    oidc_issuer: str | None = None
    """The identity provider for sign-in by OpenID Connect: its address, exactly as its tokens have it. Unset: users
    sign in by password and code."""

    oidc_client_id: str | None = None
    """How the identity provider calls this client."""

    oidc_client_secret_file: Path | None = None
    """The file of the secret that this client shares with the identity provider."""

    oidc_redirect_uri: str | None = None
    """Where the identity provider sends browsers back to, exactly as it is registered there."""

    oidc_acr: str | None = None
    """Ways to authenticate (`acr`), separated by spaces, of which the identity provider must have used one. Unset: what
    it does is enough."""

    screening: Literal["required", "off"] | None = None
    """Whether nobody gives or receives without a screening. Unset: required, but on a development chain only once a
    list is loaded. `off` is refused on a chain that is not for development."""

    kyc_file: Path | None = None
    """The file of the KYC provider: issuer, audience, addresses, token (JSON). Unset: no provider is asked."""

    api_url: Annotated[str, AfterValidator(_api_url)] | None = None
    """Where institutions reach the interface (API), such as https://genbo.example. Unset: whoever asks how
    to sign in is told the address it asked at."""

    token_seconds: Annotated[int, Field(ge=60, le=3600)] = 600
    """For how long an access token is good."""

    trusted_proxies: Annotated[str, AfterValidator(_networks)] | None = None
    """Addresses or networks, separated by commas, of the proxies that end TLS before the interface. What they say of a
    request is believed: from where it came (`X-Forwarded-For`), and with which certificate. Unset: nobody is."""

    client_certificate_header: Annotated[str, AfterValidator(_header)] | None = None
    """The header in which a trusted proxy passes the client's certificate: RFC 9440, or a percent-encoded PEM. Unset:
    no connection has one."""

    @property
    def proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The trusted proxies, each by itself."""
        return () if self.trusted_proxies is None else _each_network(self.trusted_proxies)

    api_rate: PositiveInt = 200
    """Requests a second that a credential may send for as long as it likes, to each process of the interface."""

    api_burst: PositiveInt = 400
    """How many it may send at once."""

    direct_rows: NonNegativeInt = 2_000
    """Rows up to which a register or a payment file is made while its request waits; above, a job makes it."""

    result_hours: Annotated[int, Field(ge=1, le=168)] = 24
    """How many hours the result of such a job is kept, sealed, for whoever asked."""

    webhook_networks: Annotated[str, AfterValidator(_networks)] | None = None
    """Networks that webhooks may lead into although they are not public, separated by commas. Unset: none."""

    @property
    def webhook_reach(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks of `webhook_networks`."""
        return _each_network(self.webhook_networks or "")

    @property
    def keks(self) -> tuple[tuple[str, str], ...]:
        """Where each key-encryption key is kept: scheme and place. None: a development key is made."""
        if self.kek is None:
            return () if self.kek_file is None else (("file", str(self.kek_file)),)
        listed = (part.strip().partition(":") for part in self.kek.split(","))
        return tuple((scheme, place) for scheme, _, place in listed)

    @property
    def embedded_database(self) -> bool:
        return self.database_url is None

    @property
    def node_urls(self) -> tuple[str, ...]:
        """The nodes, each by itself; they may hold secrets."""
        return () if self.node_url is None else _listed(self.node_url)


def read_settings(**instead: Any) -> Settings:
    """The settings of this process.

    Args:
        instead: values in the place of what the environment says.

    Raises:
        Fault: `setting_invalid`, naming every variable that is wrong, unknown or missing.
    """
    problems = _unknown()
    settings: Settings | None = None
    try:
        settings = Settings(**instead)
    except ValidationError as invalid:
        for error in invalid.errors(include_input=False, include_url=False, include_context=False):
            name = PREFIX + str(error["loc"][0]).upper()
            problems[name] = error["msg"].removeprefix("Value error, ")
    if settings:
        problems |= _key_problems(settings)
    if settings and (settings.keys is None) != (settings.keys_passphrase_file is None):
        missing = "KEYS" if settings.keys is None else "KEYS_PASSPHRASE_FILE"
        problems[PREFIX + missing] = (
            f"is needed: {PREFIX}KEYS and {PREFIX}KEYS_PASSPHRASE_FILE belong together"
        )
    if settings:
        problems |= _halves_of_oidc(settings)
    if settings and settings.client_certificate_header and not settings.trusted_proxies:
        problems[PREFIX + "TRUSTED_PROXIES"] = (
            f"is needed with {PREFIX}CLIENT_CERTIFICATE_HEADER: whose header it is"
        )
    if settings and (settings.confirmations or 0) > settings.reorganisation_depth:
        problems[PREFIX + "CONFIRMATIONS"] = (
            f"is more than {PREFIX}REORGANISATION_DEPTH ({settings.reorganisation_depth}): what is not final yet "
            "must be able to be taken back"
        )
    if settings is None or problems:
        raise Fault(
            Reason.SETTING_INVALID,
            setting=", ".join(sorted(problems)),
            problem="; ".join(
                f"{name} {problem}" if len(problems) > 1 else problem
                for name, problem in sorted(problems.items())
            ),
        )
    return settings


def settings_of_its_own(folder: Path) -> Settings:
    """Those of an installation with chain, database and keys of its own in `folder`, whatever the environment names.

    Raises:
        Fault: as `read_settings`.
    """
    elsewhere = ("database_url", "node_url", "chain_id", "kek", "kek_file", "keys")
    return read_settings(data=folder, keys_passphrase_file=None, **dict.fromkeys(elsewhere))


def _halves_of_oidc(settings: Settings) -> dict[str, str]:
    """An identity provider is set as a whole or not at all."""
    parts = {
        "OIDC_ISSUER": settings.oidc_issuer,
        "OIDC_CLIENT_ID": settings.oidc_client_id,
        "OIDC_CLIENT_SECRET_FILE": settings.oidc_client_secret_file,
        "OIDC_REDIRECT_URI": settings.oidc_redirect_uri,
    }
    if not any(parts.values()):
        return {}
    return {
        PREFIX + name: "is needed: the GENBO_OIDC_ settings belong together"
        for name, value in parts.items()
        if not value
    }


def _key_problems(settings: Settings) -> dict[str, str]:
    """What is missing, or said twice, about key-encryption keys."""
    problems = {}
    if settings.database_url and not settings.keks:
        problems[PREFIX + "KEK_FILE"] = (
            f"is needed with {PREFIX}DATABASE_URL: a file with 32 random bytes in base64 (or {PREFIX}KEK for a service)"
        )
    if settings.kek and settings.kek_file:
        problems[PREFIX + "KEK_FILE"] = f"is said twice: write it into {PREFIX}KEK as file:PATH"
    in_vault = any(scheme == "vault" for scheme, _ in settings.keks)
    for name, value in (
        ("VAULT_URL", settings.vault_url),
        ("VAULT_TOKEN_FILE", settings.vault_token_file),
    ):
        if in_vault and value is None:
            problems[PREFIX + name] = f"is needed: {PREFIX}KEK names a key in a Vault"
    return problems


def _unknown() -> dict[str, str]:
    """Variables with our prefix that name no setting: a misspelt name must not pass for a default."""
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    unknown = {}
    for name in os.environ:
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            near = difflib.get_close_matches(name.upper(), known, n=1)
            unknown[name] = (
                f"is not a setting; did you mean {near[0]}?" if near else "is not a setting"
            )
    return unknown
