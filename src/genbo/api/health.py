"""Health (稼働状況): whether this service answers and reads the chain; no figure of anybody's."""

from datetime import datetime
from typing import Annotated

from fastapi import Request, Response
from pydantic import BaseModel, Field

from genbo.api.access import Access, AccessTable
from genbo.api.router import router as a_router
from genbo.bootstrap.office import Office
from genbo.kernel import Fault
from genbo.storage.cursor import Cursors

router = a_router("health")


class Health(BaseModel):
    """Whether there is somebody to ask."""

    ok: Annotated[bool, Field(description="Whether the database answers. 稼働")]
    block: Annotated[
        int | None, Field(description="The latest block that was read. 読取ブロック番号")
    ]
    block_at: Annotated[datetime | None, Field(description="Its time, UTC. 読取ブロック時刻")]


@router.get("/health", responses={503: {"model": Health, "description": "Not well. 停止中"}})
def read_health(request: Request, response: Response) -> Health:
    """Whether the service answers. For a load balancer; operators look at `genbo health`. 稼働状況"""
    office: Office = request.app.state.office
    try:
        with office.house.database.read() as connection:
            cursor = Cursors(connection, office.deployment.chain_id).get()
    except Fault:
        response.status_code = 503
        return Health(ok=False, block=None, block_at=None)
    last = None if cursor is None else cursor.last
    return Health(
        ok=True,
        block=None if last is None else last.number,
        block_at=None if last is None else last.at,
    )


ACCESS: AccessTable = {("GET", "/v1/health"): Access(None)}
