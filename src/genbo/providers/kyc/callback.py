"""What a callback says, in the shape of OpenID Connect for Identity Assurance.

iss, aud, iat, jti    who says it to whom, when, under which number
sub                   the session
event                 verified, review, failed, revoked
valid_until           until when a check that passed holds
verified_claims
    verification      trust_framework, assurance_level?, time, verification_process, evidence[]
    claims            name or family_name and given_name, address
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from genbo.compliance.kyc import Callback, Claims, KycOutcome, SessionId
from genbo.kernel import UTC, Reason, Refusal

_OUTCOMES = {
    "verified": KycOutcome.PASSED,
    "review": KycOutcome.REVIEW,
    "failed": KycOutcome.FAILED,
    "revoked": KycOutcome.REVOKED,
}
_TEXT_AT_MOST = 200
_MOST_EVIDENCE = 20


def read_callback(payload: Mapping[str, Any], *, content: bytes) -> Callback:
    """The callback in a verified payload.

    Raises:
        Refusal: `kyc_callback_malformed` with the claim, never with its value.
    """
    event = _text(payload, "event")
    if event not in _OUTCOMES:
        raise malformed("event", f"not one of {', '.join(_OUTCOMES)}")
    verified = _object(payload, "verified_claims")
    verification = _object(verified, "verification")
    claims = verified.get("claims", {})
    if not isinstance(claims, Mapping):
        raise malformed("claims", "not an object")
    framework = _text(verification, "trust_framework")
    level = _text(verification, "assurance_level") if "assurance_level" in verification else None
    return Callback(
        id=_text(payload, "jti"),
        provider=_text(payload, "iss"),
        session=SessionId(_text(payload, "sub")),
        outcome=_OUTCOMES[event],
        method=_method(verification),
        rule_version=framework if level is None else f"{framework}/{level}",
        evidence_ref=_text(verification, "verification_process"),
        checked_at=_time(verification, "time"),
        expires_at=_time(payload, "valid_until") if "valid_until" in payload else None,
        issued_at=datetime.fromtimestamp(_seconds(payload), UTC),
        claims=Claims(name=_name(claims), address=_address(claims)),
        content=content,
    )


def malformed(claim: str, problem: str) -> Refusal:
    return Refusal(Reason.KYC_CALLBACK_MALFORMED, claim=claim, problem=problem)


def _method(verification: Mapping[str, Any]) -> str:
    """How the person was checked: the kinds of the evidence, and how each was looked at."""
    evidence = verification.get("evidence")
    if not isinstance(evidence, list) or not 0 < len(evidence) <= _MOST_EVIDENCE:
        raise malformed("evidence", f"not a list of 1 to {_MOST_EVIDENCE}")
    methods = []
    for each in evidence:
        if not isinstance(each, Mapping):
            raise malformed("evidence", "not an object")
        details = each.get("check_details", [])
        if not isinstance(details, list):
            raise malformed("check_details", "not a list")
        checks = [
            _text(detail, "check_method") for detail in details if isinstance(detail, Mapping)
        ]
        methods.append(":".join([_text(each, "type"), *checks]))
    return "+".join(methods)


def _name(claims: Mapping[str, Any]) -> str | None:
    if isinstance(claims.get("name"), str):
        return str(claims["name"])
    parts = [claims.get("family_name"), claims.get("given_name")]
    return " ".join(str(part) for part in parts) if all(isinstance(p, str) for p in parts) else None


_ADDRESS = ("region", "locality", "street_address")


def _address(claims: Mapping[str, Any]) -> str | None:
    address = claims.get("address")
    if not isinstance(address, Mapping):
        return None
    if isinstance(address.get("formatted"), str):
        return str(address["formatted"])
    parts = [address[name] for name in _ADDRESS if isinstance(address.get(name), str)]
    return "".join(parts) or None


def _object(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = of.get(name)
    if not isinstance(value, Mapping):
        raise malformed(name, "not an object")
    return value


def _text(of: Mapping[str, Any], name: str) -> str:
    value = of.get(name)
    if not isinstance(value, str) or not value.strip():
        raise malformed(name, "not a text")
    if len(value) > _TEXT_AT_MOST or not value.isprintable():
        raise malformed(name, f"not a text of at most {_TEXT_AT_MOST} characters")
    return value


def _seconds(payload: Mapping[str, Any]) -> float:
    value = payload.get("iat")
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 2**32:
        raise malformed("iat", "not a time")
    return float(value)


def _time(of: Mapping[str, Any], name: str) -> datetime:
    try:
        at = datetime.fromisoformat(_text(of, name))
    except ValueError:
        raise malformed(name, "not a time") from None
    if at.tzinfo is None:
        raise malformed(name, "a time without a zone")
    try:
        return at.astimezone(UTC)
    except OverflowError:  # the first or last day there is, in a zone that lies beyond it
        raise malformed(name, "not a time") from None
