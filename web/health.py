"""Whether the pages can do their work: for load balancers, and for `handrail up`."""

from fastapi import APIRouter, Request

from use_cases.database import check_database
from web.state import state_of

router = APIRouter()


@router.get("/healthz", include_in_schema=False)
def healthz(request: Request) -> dict[str, str]:
    """Answer 200 when the records can be read, and 503 when not; Temporal is asked by each act."""
    check_database(state_of(request).records)
    return {"records": "ok"}
