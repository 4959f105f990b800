"""Settings: everything Genbo takes from its environment, read here and nowhere else.

Each setting is an environment variable `GENBO_<NAME>`. All problems are reported together, so an
operator corrects a configuration once. The address of a database or a node may carry a password, so
both are kept as secrets: they show as stars, and no problem repeats the value it is about.
"""

import difflib
import os
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, PositiveInt, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from genbo.kernel import Fault, Reason

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


def _node(value: SecretStr) -> SecretStr:
    return _address(
        value, ("http", "https", "ws", "wss"), "like http://host:8545 (http, https, ws or wss)"
    )


class Settings(BaseSettings):
    """What the environment says, read once at the start."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid"
    )

    database_url: Annotated[SecretStr, AfterValidator(_database)] | None = None
    """An external PostgreSQL. Unset: an embedded one is kept in the data folder."""

    data: Path = Path(".genbo")
    """The data folder of an embedded run: database, chain, development keys. One process at a time."""

    node_url: Annotated[SecretStr, AfterValidator(_node)] | None = None
    """A JSON-RPC node. Unset: a chain inside this process."""

    chain_id: PositiveInt | None = None
    """The chain that must answer. Unset: whichever chain answers."""

    kek_file: Path | None = None
    """The file of the key-encryption key (32 bytes in base64). Unset: a development key is made in the
    data folder. An external database needs it set: the only key to its personal data must not lie in
    a working folder."""

    @property
    def embedded_database(self) -> bool:
        return self.database_url is None

    @property
    def embedded_chain(self) -> bool:
        return self.node_url is None


def read_settings() -> Settings:
    """The settings of this process.

    Raises:
        Fault: `setting_invalid`, naming every variable that is wrong, unknown or missing.
    """
    problems = _unknown()
    settings: Settings | None = None
    try:
        settings = Settings()
    except ValidationError as invalid:
        for error in invalid.errors(include_input=False, include_url=False, include_context=False):
            name = PREFIX + str(error["loc"][0]).upper()
            problems[name] = error["msg"].removeprefix("Value error, ")
    if settings and settings.database_url and not settings.kek_file:
        problems[PREFIX + "KEK_FILE"] = (
            f"is needed with {PREFIX}DATABASE_URL: a file with 32 random bytes in base64"
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
