"""The broker's library: talks to a Genbo registry over HTTP and imports nothing of it.

The client opens with the HTTP API; until then this package only reserves the name and the rule that
it needs an HTTP client and pydantic, and no part of the service.
"""

from importlib.metadata import version

__all__ = ["__version__"]

__version__ = version("genbo")
