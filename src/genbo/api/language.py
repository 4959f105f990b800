"""Language (言語): in which of the two an answer is told first."""

from fastapi import Request

from genbo.compliance.reasons import Language


def language_of(request: Request) -> Language:
    """Japanese where it is asked for before English."""
    accepted = request.headers.get("Accept-Language", "").lower()
    ja, en = accepted.find("ja"), accepted.find("en")
    return Language.JA if ja >= 0 and (en < 0 or ja < en) else Language.EN
