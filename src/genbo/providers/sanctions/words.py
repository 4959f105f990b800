"""What the formats call things: kinds of entries, and dates of birth as they are written."""

import re
from collections.abc import Iterable

from genbo.compliance.screening import Kind

SCHEMATA = {
    "Person": Kind.PERSON,
    "Company": Kind.ORGANISATION,
    "Organization": Kind.ORGANISATION,
    "PublicBody": Kind.ORGANISATION,
    "LegalEntity": Kind.UNKNOWN,
    "Vessel": Kind.OTHER,
    "Airplane": Kind.OTHER,
    "Vehicle": Kind.OTHER,
    "CryptoWallet": Kind.OTHER,
    "Security": Kind.OTHER,
}
"""FollowTheMoney schemata that can be listed. One that is not here and has a name is of an unknown kind."""

SDN_TYPES = {
    "Individual": Kind.PERSON,
    "Entity": Kind.ORGANISATION,
    "Vessel": Kind.OTHER,
    "Aircraft": Kind.OTHER,
}

_MONTHS = {
    month: f"{number:02}"
    for number, month in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}
_ISO = re.compile(r"(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?:T.*)?")
_WORDED = re.compile(r"(?:circa\s+)?(?:(?:(\d{1,2})\s+)?([A-Z][a-z]{2})\s+)?(\d{4})")
_SPAN_AT_MOST = 20


def iso_births(texts: Iterable[str]) -> list[str]:
    """Dates as OpenSanctions writes them, cut to the day. What is no date is left out: nothing is then known."""
    return [match[1] for text in texts if (match := _ISO.fullmatch(text.strip()))]


def worded_births(text: str) -> list[str]:
    """A date as OFAC writes it (`07 Oct 1952`, `Oct 1952`, `circa 1952`), or each year of `1950 to 1955`, as ISO."""
    ends = [_WORDED.fullmatch(part.strip()) for part in re.split(r"\s+to\s+", text.strip())]
    found = [_iso(match) for match in ends if match]
    if len(found) != len(ends) or None in found:
        return []
    dates = [each for each in found if each]
    if len(dates) == 2 and 0 <= int(dates[1][:4]) - int(dates[0][:4]) <= _SPAN_AT_MOST:
        return [str(year) for year in range(int(dates[0][:4]), int(dates[1][:4]) + 1)]
    return dates if len(dates) == 1 else []


def _iso(match: re.Match[str]) -> str | None:
    day, month, year = match.groups()
    if month is None:
        return year
    if month not in _MONTHS:
        return None
    return f"{year}-{_MONTHS[month]}" + (f"-{int(day):02}" if day else "")
