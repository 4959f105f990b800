"""Masks: what was opened shows its mask wherever it is logged or represented, and its value where it is asked for.

given a value that was opened
├── when it is represented, alone or inside of anything
│   └── it should be the mask
├── when it is printed where it was asked for
│   └── it should be the value
└── when it is logged, by structlog or by the standard library
    └── it should be the mask, by its kind or by the name it stands under
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import structlog
from sqlalchemy import Connection
from tests.storage.builders import new_investor

from genbo.kernel import InvestorId
from genbo.storage.investors import Investors
from genbo.storage.masking import mask_event, mask_logs
from genbo.storage.sealing import MASK, Opened
from genbo.storage.vault import Purpose, Reading, Vault

NOW = datetime(2022, 1, 31, 15, tzinfo=UTC)
SECRET = "銘菓院 隠太郎"


@pytest.fixture
def opened(connection: Connection, vault: Vault) -> dict[str, object]:
    """What the vault gives out."""
    investors = Investors(connection, vault)
    one = InvestorId("IV-1")
    investors.register([new_investor(one, contact_addressee=SECRET)], at=NOW, by="x")
    reading = Reading(purpose=Purpose.NOTICE, actor="x", at=NOW)
    found = investors.personal([one], fields=["contact_addressee"], reading=reading)
    return dict(found[one])


def test_opened__represented__is_the_mask(opened: dict[str, object]) -> None:
    value = opened["contact_addressee"]
    assert isinstance(value, Opened)
    assert SECRET not in repr(value) + repr(opened) + repr([(value,)]) + f"{opened}"
    assert MASK in repr(opened)
    assert SECRET not in repr(ValueError(value))


def test_opened__asked_for__is_the_value(opened: dict[str, object]) -> None:
    value = opened["contact_addressee"]
    assert value == SECRET
    assert str(value) == f"{value}" == SECRET
    assert hash(value) == hash(SECRET)


@pytest.fixture
def records() -> Iterator[None]:
    before = logging.getLogRecordFactory()
    mask_logs()
    yield
    logging.setLogRecordFactory(before)


def test_logging__arguments__are_masked(
    records: None, caplog: pytest.LogCaptureFixture, opened: dict[str, object]
) -> None:
    log = logging.getLogger("genbo.test")
    caplog.set_level(logging.DEBUG)
    value = opened["contact_addressee"]
    log.warning("sent to %s", value)
    log.warning("sent to %s at %s", "IV-1", [value])
    log.warning("sent to %(who)s by %(password)s", {"who": value, "password": "hush"})
    log.warning("%s", {"contact_phone": "03-1234-5678", "units": 7})
    log.warning(value)
    assert SECRET not in caplog.text
    assert "hush" not in caplog.text
    assert "03-1234-5678" not in caplog.text
    assert caplog.text.count(MASK) == 6
    assert "IV-1" in caplog.text
    assert "'units': 7" in caplog.text


def test_structlog__event__is_masked(opened: dict[str, object]) -> None:
    with structlog.testing.capture_logs(processors=[mask_event]) as logs:
        structlog.get_logger().info(
            "notice",
            investor="IV-1",
            to=opened["contact_addressee"],
            deep={"name": "plain", "list": [opened["contact_addressee"], 3]},
            payee_account_number="1234567",
            token=None,
        )
    (event,) = logs
    assert SECRET not in str(event)
    assert event["investor"] == "IV-1"
    assert event["to"] == event["payee_account_number"] == MASK
    assert event["deep"] == {"name": MASK, "list": [MASK, 3]}
    assert event["token"] is None


def test_mask_logs__structlog__masks_before_anything_else(
    opened: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    before = structlog.get_config()["processors"]
    try:
        mask_logs()
        mask_logs()
        assert structlog.get_config()["processors"].count(mask_event) == 1
        structlog.get_logger().info("notice", to=opened["contact_addressee"])
    finally:
        structlog.configure(processors=before)
    said = capsys.readouterr()
    assert SECRET not in said.out + said.err
    assert "notice" in said.out
