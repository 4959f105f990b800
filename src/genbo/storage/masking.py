"""Masking (マスキング): a log that is handed personal data writes the mask.

What was opened (`sealing.Opened`) is known by its kind wherever it stands in a record; what was never sealed, by the
name that it is logged under. A log line that somebody puts together as text is beyond this: the canary test looks for
those.
"""

import logging
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

from genbo.storage.sealing import MASK, Opened

NAMES = frozenset(
    {"name", "registered_address", "password", "passphrase", "token", "birth_date", "my_number"}
)
"""Names under which no value is ever logged. Sealed columns are added to them by their prefix."""

_PREFIXES = ("contact_", "payee_", "corporate_number")


def masked(value: Any, *, name: str = "") -> Any:
    """`value` as a log may have it: the mask in place of whatever was opened, or is called like personal data."""
    if isinstance(value, Opened) or name in NAMES or name.startswith(_PREFIXES):
        return MASK if value is not None else None
    if isinstance(value, Mapping):
        return {key: masked(inner, name=str(key)) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [masked(inner) for inner in value]
    return value


def mask_event(
    logger: object, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A processor of structlog: the event with every value masked that must not be read."""
    for key in event:
        event[key] = masked(event[key], name=str(key))
    return event


class MaskedRecord(logging.LogRecord):
    """A record of the standard library's logging whose arguments are masked, whichever handler writes it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(self.args, Mapping):
            self.args = {key: masked(value, name=str(key)) for key, value in self.args.items()}
        elif self.args:
            self.args = tuple(masked(value) for value in self.args)
        if isinstance(self.msg, Opened):
            self.msg = MASK


def mask_logs() -> None:
    """From now on every record of this process is masked, and every event of structlog before anything else sees it."""
    logging.setLogRecordFactory(MaskedRecord)
    processors = structlog.get_config()["processors"]
    if mask_event not in processors:
        structlog.configure(processors=[mask_event, *processors])
