"""The page as it is sent: with the demo in sight that its address names, drawn up once for all visitors."""

from __future__ import annotations

import gzip
from urllib.parse import parse_qs

from gradio.utils import LRUCache
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from demos.shared.ui.blocks import opened

MAX_KEPT = 64  # pages, of 20 kB each
# Of these Gradio makes the page's own address, which stands in the page.
ORIGIN = ("host", "x-forwarded-host", "x-forwarded-proto", "x-gradio-server")


class Sending:
    """ASGI middleware: the page itself is asked of Gradio once for each demo and address, and kept as it is sent.

    It compresses the page itself. head: HTML that is put at the end of its head.
    """

    def __init__(self, app: ASGIApp, head: str):
        self.app, self.head = app, head.encode()
        self.kept = LRUCache(MAX_KEPT)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the page, or let Gradio answer."""
        if not is_page(scope):
            await self.app(scope, receive, send)
            return
        page, headers = scope["app"].get_blocks(), Headers(scope=scope)
        name = parse_qs(scope["query_string"].decode("latin-1")).get("demo", [""])[0]
        name = name if any(part.name == name for part in page.parts.values()) else ""
        is_small = "gzip" in headers.get("accept-encoding", "")
        origin = tuple(headers.get(name) for name in ORIGIN)
        key = id(page.whole), name, is_small, scope["scheme"], scope.get("root_path"), origin
        if (response := self.kept.get(key)) is None:
            response = await self._draw_up(scope, receive, name, is_small)
            if response.status_code == 200:
                self.kept[key] = response
        await response(scope, receive, send)

    async def _draw_up(self, scope: Scope, receive: Receive, name: str, is_small: bool) -> Response:
        status, content = 200, bytearray()

        async def take(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            content.extend(message.get("body", b""))

        token = opened.set(name)
        plain = [(key, value) for key, value in scope["headers"] if key != b"accept-encoding"]
        try:
            await self.app({**scope, "headers": plain, "query_string": b""}, receive, take)
        finally:
            opened.reset(token)
        text = bytes(content).replace(b"</head>", self.head + b"</head>", 1)
        if not is_small:
            return HTMLResponse(text, status, {"vary": "accept-encoding"})
        headers = {"vary": "accept-encoding", "content-encoding": "gzip"}
        return HTMLResponse(gzip.compress(text), status, headers)


def is_page(scope: Scope) -> bool:
    """Whether a request asks for the page itself."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    return scope["path"].removeprefix(scope.get("root_path", "").rstrip("/")) in ("", "/")
