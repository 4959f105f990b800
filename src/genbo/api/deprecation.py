"""Deprecation (廃止予告): a route that will end says since when, until when, and what takes its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Deprecation:
    """The end of a route, announced."""

    since: datetime
    """UTC: from when on nothing new should use it."""
    sunset: datetime
    """UTC: from when on it may be gone."""
    successor: str
    """The path that takes its place."""

    def headers(self) -> Mapping[str, str]:
        """What every answer of the route carries (RFC 9745, RFC 8594, RFC 5829)."""
        return {
            "Deprecation": f"@{int(self.since.timestamp())}",
            "Sunset": format_datetime(self.sunset, usegmt=True),
            "Link": f'<{self.successor}>; rel="successor-version"',
        }
