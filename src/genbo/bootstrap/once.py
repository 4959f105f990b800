"""Once (一度だけ): a request that changes something is carried out once, and answered the same whenever it is sent."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Connection

from genbo.bootstrap.house import House
from genbo.kernel import Digest, Refusal
from genbo.storage.requests import Answered, RequestKey, Requests


def once(
    house: House,
    request: RequestKey,
    act: Callable[[Connection], Answered],
    *,
    sealed: bytes | None = None,
) -> Answered:
    """Carries out `act` and keeps what it answers, in one transaction; sent again, it gets the same answer. While it
    runs, whoever sends the same waits for it.

    An act that needs transactions of its own must be one that may be repeated: a process killed between it and its
    answer carries it out once more.

    Args:
        sealed: what the request says, where that is personal: it is told apart from others by a keyed digest, which
            nobody finds by trying.

    Raises:
        Refusal: `command_key_reused`; whatever the act refuses, and then nothing is kept.
    """
    with house.database.begin() as connection:
        if sealed is not None:
            mark = house.vault.fingerprint(connection, sealed)
            request = replace(request, body=Digest("0x" + mark.hex()))
        requests = Requests(connection)
        requests.hold([request])
        (found,) = requests.answered([request])
        if isinstance(found, Refusal):
            raise found
        if found is not None:
            return found
        answer = act(connection)
        requests.keep([(request, answer)], at=house.now())
        return answer
