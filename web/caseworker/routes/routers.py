"""The caseworkers' routers: fixed addresses come before those with a case in them."""

from typing import Final

from web.caseworker.routes import acts, case, caseload, keeping, live, refer

ROUTERS: Final = (caseload.router, refer.router, live.router, case.router, acts.router, keeping.router)
