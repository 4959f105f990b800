"""Accounts of investors in development: one key per investor and product.

The key is derived from a public phrase and the two ids, so that a development system can be started anew with the
same files and has the same accounts. Whoever reads this page owns them, so they exist on development chains only.
"""

from functools import lru_cache

from eth_utils.crypto import keccak

from genbo.chain.keys import KeySigner
from genbo.chain.networks import is_development
from genbo.kernel import Fault, InvestorId, ProductId, Reason

_PHRASE = b"genbo development account, not a secret\n"


def account_of(
    investor: InvestorId, product: ProductId, *, chain_id: int, number: int = 0
) -> KeySigner:
    """The key that speaks for the investor in the product; `number` counts its re-keyings.

    Raises:
        Fault: `development_key_refused` on a chain that is not for development.
    """
    account = _derived(investor, product, number)
    if not is_development(chain_id):
        raise Fault(Reason.DEVELOPMENT_KEY_REFUSED, chain_id=chain_id, address=account.address)
    return account


def secret_of(investor: InvestorId, product: ProductId, *, chain_id: int) -> bytes:
    """The key itself, for a broker who tries its own key store against a sandbox. Raises as `account_of`."""
    account_of(investor, product, chain_id=chain_id)
    return _secret(investor, product, 0)


@lru_cache(maxsize=65_536)
def _derived(investor: InvestorId, product: ProductId, number: int) -> KeySigner:
    return KeySigner(_secret(investor, product, number))


def _secret(investor: InvestorId, product: ProductId, number: int) -> bytes:
    return keccak(_PHRASE + f"{investor}\n{product}\n{number}".encode())
