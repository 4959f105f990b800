"""A database for each test, and the chain of the development cast."""

from tests.storage.conftest import database, server
from tests.support.chain import built_stage, stage

__all__ = ["built_stage", "database", "server", "stage"]
