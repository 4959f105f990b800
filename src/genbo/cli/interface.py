"""The interface of a running system: who may ask is checked, and what is asked is answered, until the process ends."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from genbo.bootstrap.office import Office
from genbo.cli.logs import write_logs
from genbo.cli.session import kyc_provider, wall_clock
from genbo.config import Settings


@contextmanager
def serve_interface(
    office: Office, port: int, settings: Settings, *, level: int = logging.INFO
) -> Iterator[str]:
    """Serves the API of an office, as the settings say, until the block ends; yields its address, without `/v1`.

    Args:
        level: of what is logged: a line for each request, or only what is wrong.

    Raises:
        Fault: `setting_invalid` when the port cannot be had; as `kyc_provider` where the settings name one.
    """
    from genbo.api.proxies import Proxies
    from genbo.api.rate import RateLimit
    from genbo.api.server import serve_api  # its libraries take a moment to load
    from genbo.api.v1 import make_v1
    from genbo.bootstrap.sign_in import sign_in_of

    write_logs(level)
    with ExitStack() as stack:
        checks = None if settings.kyc_file is None else stack.enter_context(kyc_provider(settings))
        app = make_v1(
            office,
            sign_in_of(office, settings),
            now=wall_clock,
            limit=RateLimit(burst=settings.api_burst, per_second=settings.api_rate),
            proxies=Proxies(settings.proxies, settings.client_certificate_header),
            kyc_provider=checks,
        )
        yield stack.enter_context(serve_api(app, port))
