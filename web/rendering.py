"""From a presenter's frozen value to a page.

A template lies in `web/templates` or in `web/<part>/templates`, where it is called `<part>/<name>.html`. It extends
`layout.html`, fills the blocks `title` and `content`, and knows the presenter's value as `page`, besides:

- `csrf_field()` for every form that posts, `nonce` for a script or style, `static("handrail.css")` for a file;
- `viewer`: who is signed in, or None;
- the macros of the NHS design system: `{% from "nhsuk/components/button/macro.jinja" import button %}`.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from fastapi import Request
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader
from markupsafe import Markup
from starlette.responses import HTMLResponse

from use_cases.sign_in import SignedIn
from web.security.csrf import FIELD, csrf_token, keep_visit

WEB: Final = Path(__file__).parent
STATIC_FILES: Final = WEB / "static"
"""Made by scripts/build-assets; not committed."""

PARTS: Final = ("caseworker", "accounts")
"""Folders of `web` with templates of their own."""


def render(request: Request, template: str, page: object = None, *, status: int = 200) -> HTMLResponse:
    """Make a page.

    Args:
        request: The request that it answers.
        template: Such as `caseworker/case.html`.
        page: The presenter's frozen value, known to the template as `page`.
        status: Of the answer; 422 for a form that comes back with its errors.
    """
    text = render_text(request, template, page)
    response = HTMLResponse(text, status_code=status)
    keep_visit(request, response)
    return response


def render_text(request: Request, template: str, page: object = None) -> str:
    """Make a page, or a part of one to be sent as an event, as text."""
    who: SignedIn | None = getattr(request.state, "signed_in", None)
    return (
        _environment()
        .get_template(template)
        .render(
            page=page,
            nonce=request.state.nonce,
            path=request.url.path,
            viewer=None if who is None else who.viewer,
            must_change=who is not None and who.must_change,
            csrf_token=lambda: csrf_token(request),
            csrf_field=lambda: Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, csrf_token(request)),
        )
    )


@cache
def static(name: str) -> str:
    """The address of a built file. It changes with the content, so that browsers may keep each for good."""
    digest = hashlib.sha256((STATIC_FILES / name).read_bytes()).hexdigest()[:16]
    return f"/static/{name}?v={digest}"


@cache
def _environment() -> Environment:
    parts = {part: FileSystemLoader(WEB / part / "templates") for part in PARTS}
    environment = Environment(
        loader=ChoiceLoader(
            [FileSystemLoader(WEB / "templates"), PrefixLoader(parts), PackageLoader("nhsuk_frontend_jinja")]
        ),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        # The design system's macros ask for parameters of parameters that were not given.
        undefined=ChainableUndefined,
    )
    environment.globals["static"] = static
    return environment
