"""Statuses: which HTTP status says a reason.

401  who asks is not known                   404  what is asked for is not there, or not theirs to see
403  known, and not allowed                  409  possible in another state of things; nothing was changed
422  the request itself is wrong             412, 428  versions of what is changed
429  too often                               503  the surroundings are not as they must be; ask again later
"""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType

from genbo.compliance.sentences import input as input_sentences
from genbo.compliance.sentences import surroundings
from genbo.kernel import Reason, Refusal

_NOT_THERE = (
    Reason.NOT_FOUND,
    Reason.ROUTE_UNKNOWN,
    Reason.PRODUCT_UNKNOWN,
    Reason.INVESTOR_UNKNOWN,
    Reason.HOLDING_UNKNOWN,
    Reason.TRADE_UNKNOWN,
    Reason.LOT_UNKNOWN,
    Reason.BLOCK_UNKNOWN,
    Reason.COMMAND_UNKNOWN,
    Reason.JOB_UNKNOWN,
    Reason.GROUP_UNKNOWN,
    Reason.DOCUMENT_UNKNOWN,
    Reason.KEY_UNKNOWN,
    Reason.INSTITUTION_UNKNOWN,
    Reason.FIRM_UNKNOWN,
    Reason.CONTRACT_UNKNOWN,
    Reason.RECORD_DATE_UNKNOWN,
    Reason.DISTRIBUTION_UNKNOWN,
    Reason.DISCLOSURE_UNKNOWN,
)
_NOT_ALLOWED = (
    Reason.SCOPE_MISSING,
    Reason.PERMISSION_MISSING,
    Reason.PURPOSE_MISSING,
    Reason.EXTENT_NOT_OPEN,
    Reason.DUTY_MISSING,
    Reason.CERTIFIER_UNKNOWN,
    Reason.DEVELOPMENT_KEY_REFUSED,
)
_WRONG_IN_ITSELF = (
    Reason.REQUEST_MALFORMED,
    Reason.CURSOR_INVALID,
    Reason.PRIVATE_KEY_REFUSED,
    Reason.PUBLIC_KEY_INVALID,
    Reason.EXTENDED_KEY_INVALID,
    Reason.FINGERPRINT_MISMATCH,
    Reason.SIGNATURE_INVALID,
    Reason.AUTHORISATION_MISSING,
    Reason.AUTHORISATION_TOO_SHORT,
    Reason.INDIVIDUAL_NUMBER_REFUSED,
    Reason.ZERO_UNITS,
    Reason.LENGTH_MISMATCH,
    Reason.REFERENCE_MISSING,
    Reason.EVIDENCE_MISSING,
    Reason.UNITS_TOO_LARGE,
    Reason.ACT_TOO_LARGE,
    Reason.BANK_UNKNOWN,
    Reason.PAYMENT_LINE_UNWRITABLE,
    Reason.PAYMENT_FILE_MALFORMED,
    Reason.WEBHOOK_URL_REFUSED,
    Reason.PRINTOUT_UNREADABLE,
)

_ONE_BY_ONE = {
    Reason.CREDENTIAL_REFUSED: HTTPStatus.UNAUTHORIZED,
    Reason.SIGN_IN_REFUSED: HTTPStatus.UNAUTHORIZED,
    Reason.TOKEN_EXPIRED: HTTPStatus.UNAUTHORIZED,
    Reason.CERTIFICATE_DIFFERS: HTTPStatus.UNAUTHORIZED,
    Reason.ASSERTION_REFUSED: HTTPStatus.UNAUTHORIZED,
    Reason.TOKEN_REQUEST_INVALID: HTTPStatus.BAD_REQUEST,
    Reason.METHOD_NOT_ALLOWED: HTTPStatus.METHOD_NOT_ALLOWED,
    Reason.REQUEST_TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Reason.IDEMPOTENCY_KEY_MISSING: HTTPStatus.BAD_REQUEST,
    Reason.RATE_EXCEEDED: HTTPStatus.TOO_MANY_REQUESTS,
    Reason.STREAMS_EXCEEDED: HTTPStatus.TOO_MANY_REQUESTS,
    Reason.JOBS_EXCEEDED: HTTPStatus.TOO_MANY_REQUESTS,
    Reason.RESULT_GONE: HTTPStatus.GONE,
    Reason.VERSION_MISSING: HTTPStatus.PRECONDITION_REQUIRED,
    Reason.VERSION_DIFFERS: HTTPStatus.PRECONDITION_FAILED,
    Reason.COMMAND_KEY_REUSED: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.KYC_PROVIDER_UNREACHABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    Reason.INTERNAL_ERROR: HTTPStatus.INTERNAL_SERVER_ERROR,
    Reason.INVARIANT_BROKEN: HTTPStatus.INTERNAL_SERVER_ERROR,
}


def _statuses() -> Mapping[Reason, HTTPStatus]:
    """The first of these that names a reason counts; whatever none names depends on the state of things."""
    found = dict.fromkeys(Reason, HTTPStatus.CONFLICT)
    found |= dict.fromkeys(
        (each.reason for each in surroundings.ENTRIES), HTTPStatus.SERVICE_UNAVAILABLE
    )
    found |= dict.fromkeys(
        (each.reason for each in input_sentences.ENTRIES), HTTPStatus.UNPROCESSABLE_ENTITY
    )
    found |= dict.fromkeys(_WRONG_IN_ITSELF, HTTPStatus.UNPROCESSABLE_ENTITY)
    found |= dict.fromkeys(_NOT_ALLOWED, HTTPStatus.FORBIDDEN)
    found |= dict.fromkeys(_NOT_THERE, HTTPStatus.NOT_FOUND)
    return MappingProxyType(found | _ONE_BY_ONE)


STATUSES: Mapping[Reason, HTTPStatus] = _statuses()
"""Reason to status, every one."""


def status_of(refusal: Refusal) -> HTTPStatus:
    """The status that says `refusal`."""
    return STATUSES[refusal.reason]
