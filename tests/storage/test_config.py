"""Settings.

given an environment
    when nothing is set
        it should describe an embedded run in `.genbo`
    when several variables are wrong, misspelt or missing
        it should name them all at once, and repeat no value
    when several nodes are named
        it should take them in order, and refuse what cannot work
    when keys are kept in several places
        it should take them in order, and name what a place needs
    when systems of institutions come through a proxy
        it should take whom it trusts, and refuse what nobody could trust
    when an installation has everything of its own
        it should take no chain, database or key from elsewhere, and name what is wrong as ever
    when an address carries a password
        it should show it nowhere
"""

import os
from pathlib import Path

import pytest

from genbo.config import Settings, read_settings, settings_of_its_own
from genbo.kernel import Fault, Reason


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("GENBO_"):
            monkeypatch.delenv(name)


def problems(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, object]:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Fault) as caught:
        read_settings()
    assert caught.value.reason is Reason.SETTING_INVALID
    return dict(caught.value.facts)


def test_read__nothing_set__embedded() -> None:
    settings = read_settings()
    assert settings == Settings(data=Path(".genbo"))
    assert settings.embedded_database
    assert settings.node_urls == ()


def test_read__everything_set__taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENBO_DATABASE_URL", "postgresql://genbo:hush@db:5432/genbo")
    monkeypatch.setenv("GENBO_NODE_URL", "http://node:8545")
    monkeypatch.setenv("GENBO_CHAIN_ID", "1337")
    monkeypatch.setenv("GENBO_DATA", "/srv/genbo")
    monkeypatch.setenv("GENBO_KEK_FILE", "/run/secrets/kek")
    settings = read_settings()
    assert settings.database_url is not None
    assert settings.database_url.get_secret_value() == "postgresql://genbo:hush@db:5432/genbo"
    assert settings.chain_id == 1337
    assert settings.data == Path("/srv/genbo")
    assert not settings.embedded_database
    assert settings.node_urls
    assert "hush" not in repr(settings) + str(settings) + str(settings.model_dump())


def test_read__empty_value__counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENBO_DATABASE_URL", "")
    assert read_settings().embedded_database


def test_read__many_problems__all_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = problems(
        monkeypatch,
        GENBO_DATABASE_URL="mysql://genbo:hush@db/genbo",
        GENBO_NODE_URL="http://key-hush@node:notaport",
        GENBO_CHAIN_ID="minus one",
        GENBO_DATABSE_URL="x",
    )
    assert facts["setting"] == (
        "GENBO_CHAIN_ID, GENBO_DATABASE_URL, GENBO_DATABSE_URL, GENBO_NODE_URL"
    )
    told = str(facts["problem"])
    assert "did you mean GENBO_DATABASE_URL?" in told
    assert "hush" not in told
    assert "notaport" not in told
    assert told.count("; GENBO_") == 3


@pytest.mark.parametrize("value", ["0", "-5", "1.5"])
def test_read__chain_id_not_positive__refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    assert problems(monkeypatch, GENBO_CHAIN_ID=value)["setting"] == "GENBO_CHAIN_ID"


def test_read__external_database_without_key__refused(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = problems(monkeypatch, GENBO_DATABASE_URL="postgresql://genbo@db/genbo")
    assert facts["setting"] == "GENBO_KEK_FILE"


def test_read__keys__taken_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    arn = "arn:aws:kms:ap-northeast-1:111122223333:key/1"
    monkeypatch.setenv("GENBO_KEK", f"vault:transit/genbo, file:/run/old.key ,aws-kms:{arn}")
    monkeypatch.setenv("GENBO_VAULT_URL", "https://vault:8200")
    monkeypatch.setenv("GENBO_VAULT_TOKEN_FILE", "/run/token")
    monkeypatch.setenv("GENBO_DATABASE_URL", "postgresql://genbo@db/genbo")
    assert read_settings().keks == (
        ("vault", "transit/genbo"),
        ("file", "/run/old.key"),
        ("aws-kms", arn),
    )


def test_read__key_file_alone__is_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().keks == ()
    monkeypatch.setenv("GENBO_KEK_FILE", "/run/kek")
    assert read_settings().keks == (("file", "/run/kek"),)


@pytest.mark.parametrize(
    ("environment", "setting"),
    [
        ({"GENBO_KEK": "/run/kek"}, "GENBO_KEK"),
        ({"GENBO_KEK": "file:"}, "GENBO_KEK"),
        ({"GENBO_KEK": "file:a,file:a"}, "GENBO_KEK"),
        ({"GENBO_KEK": "file:a,gcp:b"}, "GENBO_KEK"),
        ({"GENBO_KEK": "file:a", "GENBO_KEK_FILE": "b"}, "GENBO_KEK_FILE"),
        ({"GENBO_KEK": "vault:transit/x"}, "GENBO_VAULT_TOKEN_FILE, GENBO_VAULT_URL"),
        ({"GENBO_VAULT_URL": "http://vault:8200"}, "GENBO_VAULT_URL"),
        ({"GENBO_VAULT_URL": "https://user@vault"}, "GENBO_VAULT_URL"),
        ({"GENBO_BOOK_YEARS": "6"}, "GENBO_BOOK_YEARS"),
    ],
)
def test_read__keys_wrong__are_named(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], setting: str
) -> None:
    assert problems(monkeypatch, **environment)["setting"] == setting


def test_read__several_nodes__taken_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENBO_NODE_URL", "http://a:8545, https://user:hush@b/v1 ,http://a:8546")
    settings = read_settings()
    assert settings.node_urls == ("http://a:8545", "https://user:hush@b/v1", "http://a:8546")
    assert "hush" not in repr(settings) + str(settings.model_dump())


@pytest.mark.parametrize(
    "urls",
    [
        "ws://node:8546",  # nothing of ours speaks it
        "wss://hush@node",
        "http://a:8545,hush://b",
        "http://a:8545,http://a:8545",
        " , ",
        "http://a:hush",
    ],
)
def test_read__node_that_cannot_work__refused(monkeypatch: pytest.MonkeyPatch, urls: str) -> None:
    facts = problems(monkeypatch, GENBO_NODE_URL=urls)
    assert facts["setting"] == "GENBO_NODE_URL"
    assert "hush" not in str(facts)


def test_read__confirmations_beyond_the_depth__refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENBO_REORGANISATION_DEPTH", "20")
    monkeypatch.setenv("GENBO_CONFIRMATIONS", "20")
    assert read_settings().confirmations == 20
    facts = problems(monkeypatch, GENBO_CONFIRMATIONS="21")
    assert facts["setting"] == "GENBO_CONFIRMATIONS"
    assert "GENBO_REORGANISATION_DEPTH (20)" in str(facts["problem"])


def test_read__interface_behind_proxies__taken(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (read_settings().proxies, read_settings().token_seconds) == ((), 600)
    monkeypatch.setenv("GENBO_API_URL", "https://genbo.invalid/")
    monkeypatch.setenv("GENBO_TOKEN_SECONDS", "300")
    monkeypatch.setenv("GENBO_TRUSTED_PROXIES", "10.0.0.5, 10.1.0.0/24,::1")
    monkeypatch.setenv("GENBO_CLIENT_CERTIFICATE_HEADER", "Client-Cert")
    settings = read_settings()
    assert settings.api_url == "https://genbo.invalid"
    assert settings.token_seconds == 300
    assert [str(each) for each in settings.proxies] == ["10.0.0.5/32", "10.1.0.0/24", "::1/128"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GENBO_API_URL", "http://genbo.invalid"),
        ("GENBO_API_URL", "https://user:hush@genbo.invalid"),
        ("GENBO_API_URL", "https://genbo.invalid/?a=b"),
        ("GENBO_API_URL", "genbo.invalid"),
        ("GENBO_TOKEN_SECONDS", "59"),
        ("GENBO_TOKEN_SECONDS", "3601"),
        ("GENBO_TRUSTED_PROXIES", "proxy.invalid"),
        ("GENBO_TRUSTED_PROXIES", "10.1.0.7/24"),
        ("GENBO_TRUSTED_PROXIES", ", ,"),
        ("GENBO_CLIENT_CERTIFICATE_HEADER", "Client Cert"),
    ],
)
def test_read__interface_that_nobody_can_trust__refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv("GENBO_TRUSTED_PROXIES", "10.0.0.5")
    facts = problems(monkeypatch, **{name: value})
    assert facts["setting"] == name
    assert value not in str(facts["problem"])


def test_read__certificates_from_anybody__refused(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = problems(monkeypatch, GENBO_CLIENT_CERTIFICATE_HEADER="Client-Cert")
    assert facts["setting"] == "GENBO_TRUSTED_PROXIES"


def test_own__chain_database_and_keys_named__are_left_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in (
        ("DATABASE_URL", "postgresql://u:p@h/d"),
        ("NODE_URL", "http://127.0.0.1:8545"),
        ("CHAIN_ID", "2025"),
        ("KEK", "file:/run/secrets/kek"),
        ("KEYS", "/keys"),
        ("KEYS_PASSPHRASE_FILE", "/passphrase"),
        ("DIRECT_ROWS", "7"),
    ):
        monkeypatch.setenv(f"GENBO_{name}", value)
    settings = settings_of_its_own(tmp_path)
    assert (settings.data, settings.direct_rows) == (tmp_path, 7)
    assert (settings.embedded_database, settings.node_urls, settings.keks) == (True, (), ())
    assert (settings.chain_id, settings.keys) == (None, None)
    monkeypatch.setenv("GENBO_RESULT_HOURS", "0")
    with pytest.raises(Fault) as caught:
        settings_of_its_own(tmp_path)
    assert caught.value.facts["setting"] == "GENBO_RESULT_HOURS"
