"""A stand-in for GOV.UK Notify on this machine. It follows Notify's published API as far as we use it.

https://docs.notifications.service.gov.uk/rest-api.html
"""

import json
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt

SERVICE = "11111111-1111-4111-8111-111111111111"
SECRET = "22222222-2222-4222-8222-222222222222"  # noqa: S105 - opens nothing but the stand-in
API_KEY = f"handrail_test-{SERVICE}-{SECRET}"
EMAIL_TEMPLATE = "33333333-3333-4333-8333-333333333333"
TEXT_TEMPLATE = "44444444-4444-4444-8444-444444444444"

PLACEHOLDERS = {EMAIL_TEMPLATE: {"subject", "body"}, TEXT_TEMPLATE: {"body"}}
ADDRESS = {"email": "email_address", "sms": "phone_number"}
INVALID = {"email": "Not a valid email address", "sms": "Not enough digits"}

Answer = tuple[int, dict[str, Any]]


@dataclass
class Fault:
    """An answer to one request. `after_taking`: it has been done, and only the answer is lost."""

    status: int
    kind: str = "Exception"
    words: str = "Internal server error"
    after_taking: bool = False


@dataclass
class StandInNotify:
    """What it was sent, as Notify would list it, and how often it was asked for what."""

    url: str = ""
    taken: list[dict[str, Any]] = field(default_factory=list)
    requests: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)

    def post(self, kind: str, body: dict[str, Any]) -> Answer:
        """Answer `POST /v2/notifications/{email,sms}`."""
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None and not fault.after_taking:
            return _error(fault.status, fault.kind, fault.words)
        address, template = body[ADDRESS[kind]], body["template_id"]
        if template not in PLACEHOLDERS:
            return _error(400, "BadRequestError", "Template not found")
        missing = PLACEHOLDERS[template] - body.get("personalisation", {}).keys()
        if missing:
            return _error(400, "BadRequestError", f"Missing personalisation: {', '.join(sorted(missing))}")
        if (kind == "email") != ("@" in address):
            return _error(400, "ValidationError", f"{ADDRESS[kind]} {INVALID[kind]}")
        taken = {"id": str(uuid.uuid4()), "type": kind, "status": "sending", **body}
        self.taken.append(taken)
        if fault is not None:
            return _error(fault.status, fault.kind, fault.words)
        return 201, {"id": taken["id"], "reference": body.get("reference"), "content": body["personalisation"]}

    def get(self, query: dict[str, list[str]]) -> Answer:
        """Answer `GET /v2/notifications`."""
        found = [
            one
            for one in self.taken
            if one.get("reference") in query.get("reference", [one.get("reference")])
            and one["type"] in query.get("template_type", [one["type"]])
        ]
        return 200, {"notifications": found[::-1], "links": {"current": f"{self.url}/v2/notifications"}}


def _error(status: int, kind: str, words: str) -> Answer:
    return status, {"status_code": status, "errors": [{"error": kind, "message": words}]}


@contextmanager
def stand_in() -> Iterator[StandInNotify]:
    """Listen on a free port of this machine."""
    notify = StandInNotify()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            where = urlsplit(self.path)
            self._answer("get", lambda: notify.get(parse_qs(where.query)))

        def do_POST(self) -> None:
            kind = urlsplit(self.path).path.rpartition("/")[2]
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self._answer(kind, lambda: notify.post(kind, body))

        def _answer(self, what: str, answer: Callable[[], Answer]) -> None:
            notify.requests[what] += 1
            try:
                token = self.headers["Authorization"].removeprefix("Bearer ")
                claims = jwt.decode(token, SECRET, algorithms=["HS256"], issuer=SERVICE)
                assert "iat" in claims
            except jwt.InvalidTokenError:
                status, said = _error(403, "AuthError", "Invalid token: signature, api token not found")
            else:
                status, said = answer()
            written = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(written)))
            self.end_headers()
            self.wfile.write(written)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    notify.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield notify
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
