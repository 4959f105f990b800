"""What the identity provider and we have agreed on."""

from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class OidcSettings:
    """This client at one identity provider. Its representation shows no secret."""

    issuer: str
    """Address of the provider, exactly as its tokens have it."""
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    """Where the provider sends the browser back to, exactly as it is registered there."""
    acr_values: tuple[str, ...] = ()
    """Ways to authenticate of which one must have been used, such as one with a second factor. Empty: the provider's
    policy alone decides."""
    most_age: timedelta | None = None
    """How long ago somebody may have authenticated at the provider; None: as long as its session lasts."""
    seconds: float = 10.0
    """How long the provider may take for an answer."""
