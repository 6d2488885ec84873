"""Styles and scripts, as scripts/build-assets made them."""

from typing import Final

from starlette.responses import Response
from starlette.staticfiles import StaticFiles as StarletteStaticFiles
from starlette.types import Scope

from web.rendering import STATIC_FILES

FOR_GOOD: Final = "public, max-age=31536000, immutable"


class StaticFiles(StarletteStaticFiles):
    """Browsers keep a file whose address has its version, and ask again for any other."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC_FILES, check_dir=False)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with a file."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = FOR_GOOD if scope["query_string"].startswith(b"v=") else "no-cache"
        return response
