"""Logs (ログ): what a running system writes about its requests, a JSON line each, on standard error."""

import logging
import sys

import structlog

from genbo.storage.masking import mask_event


def write_logs(level: int = logging.INFO) -> None:
    """From now on events of at least that level are written, masked before anything else sees them.

    Standard output stays the command's answer.
    """
    structlog.configure(
        processors=[
            mask_event,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
