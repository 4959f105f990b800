"""Genbo (原簿, the register): the core system of a security token.

Contracts hold who owns how many units under which restrictions; the registry knows who the owners are;
every statement made about them can be proved against the chain, for any past instant.

The packages below are named by the words of the business. Imports between them point one way,
`make lint` checks it: api, console, cli > bootstrap > storage, chain, providers > config > reporting >
reconciliation > settlement, entitlements > custody > compliance > register > token, governance > kernel.
"""

from importlib.metadata import version

__all__ = ["__version__"]

__version__ = version("genbo")
