"""OpenID Connect (外部認証): who somebody is, on the word of an identity provider.

The authorization-code flow with PKCE, state and nonce. What the provider says is believed as far as its ID token proves
it, and not a claim further: which user that is, and what the user may do, is decided here.
"""

from genbo.providers.oidc.client import IdentityProvider, Pending
from genbo.providers.oidc.id_token import Identity
from genbo.providers.oidc.settings import OidcSettings

__all__ = ["Identity", "IdentityProvider", "OidcSettings", "Pending"]
