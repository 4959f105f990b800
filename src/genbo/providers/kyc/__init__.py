"""KYC providers (本人確認事業者): one that answers by signed callbacks, and an honest twin of it for development.

Promises: nothing of a person leaves here; a callback is believed when the provider's published key has signed it, it
is for us, and it is fresh; nothing of its claims stands in a refusal.
"""

from genbo.providers.kyc.parameters import KycParameters, read_parameters
from genbo.providers.kyc.webhook import WebhookKyc

__all__ = ["KycParameters", "WebhookKyc", "read_parameters"]
