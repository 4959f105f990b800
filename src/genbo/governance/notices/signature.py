"""Signatures of webhooks (署名), as the Standard Webhooks specification has them.

What is signed is `webhook-id . webhook-timestamp . body`, with HMAC-SHA256 under the bytes of the secret. The secret is
shown as `whsec_` and its base64; the header holds `v1,` and the base64 of the code, one for each secret in force.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

ID_HEADER = "webhook-id"
TIMESTAMP_HEADER = "webhook-timestamp"
SIGNATURE_HEADER = "webhook-signature"

_PREFIX = "whsec_"


def shown(secret: bytes) -> str:
    """A secret as its owner gets it."""
    return _PREFIX + base64.b64encode(secret).decode()


def signed_headers(
    id: str, body: bytes, *, secrets: Sequence[bytes], at: datetime
) -> dict[str, str]:
    """The three headers of a message that is sent at `at`.

    Args:
        secrets: those in force, the newest first; while one is being replaced there are two.
    """
    timestamp = str(int(at.timestamp()))
    content = b".".join((id.encode(), timestamp.encode(), body))
    codes = (hmac.new(secret, content, hashlib.sha256).digest() for secret in secrets)
    return {
        ID_HEADER: id,
        TIMESTAMP_HEADER: timestamp,
        SIGNATURE_HEADER: " ".join(f"v1,{base64.b64encode(code).decode()}" for code in codes),
    }
