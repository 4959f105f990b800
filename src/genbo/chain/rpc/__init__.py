"""The JSON-RPC door of the embedded chain: other processes reach the chain of this one by URL.

For development, like the chain behind it. The door listens on this machine only, keeps no keys and signs nothing:
who writes brings a signed transaction. Whatever knows an Ethereum node by URL can use it: our own `RemoteNode`,
web3.py, `ape run ... --network <URL>`.

What differs from a node of a network:

- A transaction is in a block before `eth_sendRawTransaction` answers, so nothing is ever pending. The state at
  "pending" is the latest; the block at "pending" is the empty one that would be made now.
- One transaction per block, unless they were handed in together inside the process.
- No account has coins and gas costs nothing: whoever offers a price, a tip or a value is refused.
- Nothing is traced and nothing is subscribed to: `debug_*`, `eth_subscribe` and filters do not exist.
- A read is not bounded by its `gas` field.
"""

from genbo.chain.rpc.server import MAX_REQUEST_BYTES, serve

__all__ = ["MAX_REQUEST_BYTES", "serve"]
