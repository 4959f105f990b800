"""The roles (役割) that the processes of a running system share; `bootstrap.service` says what each does."""

from enum import StrEnum


class Role(StrEnum):
    """What a process does."""

    API = "api"
    INDEXER = "indexer"
    SENDER = "sender"
    JOBS = "jobs"
