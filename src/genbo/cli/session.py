"""What commands open before they work, who they say is asking, and how they name a block."""

import getpass
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from genbo.bootstrap.founding import open_office
from genbo.bootstrap.house import open_house
from genbo.bootstrap.office import Office
from genbo.bootstrap.settled import Settled
from genbo.config import Settings, read_settings
from genbo.kernel import JST, UTC, BlockStamp, Fault, Reason

if TYPE_CHECKING:
    from genbo.providers.kyc import WebhookKyc


def wall_clock() -> datetime:
    """The present, whole seconds: the time of new blocks of a chain that runs here and now."""
    return datetime.now(UTC).replace(microsecond=0)


def actor() -> str:
    """Who asks, for the records: the account of the operating system that runs the command."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):  # an account without a name, as in some containers
        return f"cli:{os.getuid()}"


@contextmanager
def office(*, read: bool = True) -> Iterator[Office]:
    """The office of the deployment that the environment names.

    Args:
        read: whether the register is brought up to date first.

    Raises:
        Fault: `deployment_missing` when nothing was deployed here yet, and as `open_house`, `open_office`.
    """
    with open_house(read_settings(), genesis_at=wall_clock(), clock=wall_clock) as house:
        working = open_office(house)
        if read:
            working.read()
        yield working


@contextmanager
def kyc_provider(settings: Settings) -> Iterator["WebhookKyc"]:
    """The KYC provider of the settings.

    Raises:
        Fault: `setting_invalid` when they name none, and as `read_parameters`.
    """
    if settings.kyc_file is None:
        raise Fault(
            Reason.SETTING_INVALID,
            setting="GENBO_KYC_FILE",
            problem="is not set",
            allowed="the file of a KYC provider",
        )
    from genbo.providers.kyc import (
        WebhookKyc,
        read_parameters,
    )  # its libraries take a moment to load

    with closing(WebhookKyc(read_parameters(settings.kyc_file))) as provider:
        yield provider


def jst(at: datetime) -> str:
    """An instant as people in Japan write it."""
    return f"{at.astimezone(JST):%Y-%m-%d %H:%M:%S} JST"


def block_line(stamp: BlockStamp) -> str:
    """The block an answer was read at, for people."""
    return f"block {stamp.number:,} of chain {stamp.chain_id}, {stamp.at:%Y-%m-%d %H:%M:%S} UTC"


def final_line(settled: Settled) -> str:
    """Whether an answer may still change, for people."""
    if settled.block is None:
        return "nothing yet"
    words = (
        "the answer is final (確定)" if settled.final else "the answer is not final yet (未確定)"
    )
    return f"up to block {settled.block.number:,}; {words}"
