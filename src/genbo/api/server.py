"""The server (API サーバー): serves the interface on this machine, behind whatever ends the operator's TLS."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from genbo.kernel import Fault, Reason

HOST = "127.0.0.1"
_SECONDS_TO_BEGIN = 20.0
_SECONDS_TO_END = 5
_BACKLOG = 2048
_IDLE_SECONDS = 75
"""How long a connection stays open between requests."""


@contextmanager
def serve_api(app: FastAPI, port: int) -> Iterator[str]:
    """Serves `app` in a thread until the block ends; yields the address, without `/v1`.

    Args:
        port: 0 picks a free one.

    Raises:
        Fault: `setting_invalid` when the port cannot be had.
    """
    listening = _listen(port)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=_IDLE_SECONDS,
            timeout_graceful_shutdown=_SECONDS_TO_END,
            backlog=_BACKLOG,
            lifespan="off",
            proxy_headers=False,
        )
    )
    thread = threading.Thread(target=server.run, args=([listening],), name="genbo-api", daemon=True)
    thread.start()
    try:
        _await_begin(server, thread)
        yield f"http://{HOST}:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
    except (OSError, OverflowError) as problem:
        listening.close()
        said = getattr(problem, "strerror", None) or "there is no such port"
        raise Fault(
            Reason.SETTING_INVALID,
            setting="--api-port",
            problem=f"{port}: {said.lower()}",
            allowed="a free port up to 65535, or 0 for none",
        ) from None
    return listening


def _await_begin(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + _SECONDS_TO_BEGIN
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError("the server did not begin")
        time.sleep(0.005)
