"""What every visitor gets is made and compressed once: the page, with the demo that its address names, and its code.

Gradio would copy its whole configuration for each page that it sends, and compress each file anew.
"""

from __future__ import annotations

import gzip
import re
from urllib.parse import parse_qs

from gradio.route_utils import get_root_url
from gradio.utils import LRUCache
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from demos.shared.ui import assets, social, start
from demos.shared.ui.blocks import Page, opened
from demos.shared.ui.opening import START

MAX_KEPT, MAX_BYTES = 400, 500_000  # answers, and bytes of one
# Of these Gradio makes the page's own address, which stands in the page.
ORIGIN = ("host", "x-forwarded-host", "x-forwarded-proto", "x-gradio-server")
_FILES = re.compile(r"/(assets|static)/.+|/(theme\.css|favicon\.ico)")
_NAMED = re.compile(r"/assets/.+")  # by their content
_TEXT = re.compile(r"text/|.*(javascript|json|svg)")
# What Gradio says of itself to sites that show a link.
_TOLD = re.compile(rb'<meta\s+(?:property|name)="(?:og|twitter):[^>]*>')
_UNSCRIPTED = (
    b"<noscript><p>This page asks its networks from your browser, which needs JavaScript: switch it on, then load the "
    b"page again.</p></noscript><gradio-app"
)
# Whoever sends one of these gets an answer of their own.
_OWN = ("range", "origin")


class Sending:
    """ASGI middleware that keeps what Gradio answers to requests for the page and its files.

    head: HTML that is put at the end of the page's head.
    """

    def __init__(self, app: ASGIApp, head: str):
        self.app, self.head = app, head
        self.kept = LRUCache(MAX_KEPT)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what is kept, or let Gradio answer."""
        path = scope.get("path", "").removeprefix(scope.get("root_path", "").rstrip("/")) or "/"
        headers = Headers(scope=scope) if scope["type"] == "http" else {}
        if path in (social.CARD, social.ICON) and scope.get("method") in ("GET", "HEAD"):
            await self._send_picture(scope, receive, send, path)
            return
        is_shared = scope.get("method") == "GET" and (path == "/" or _FILES.fullmatch(path))
        if not is_shared or any(name in headers for name in _OWN):
            await self.app(scope, receive, send)
            return
        page, demo, place = scope["app"].get_blocks(), None, ()
        if path == "/":
            place = scope["scheme"], scope.get("root_path"), *map(headers.get, ORIGIN)
            demo = _named(scope, page)
        key = page.version, path, demo, "gzip" in headers.get("accept-encoding", ""), place
        if key not in self.kept:
            response = await self._ask(scope, receive, demo, key[3])
            if response.status_code != 200 or len(response.body) > MAX_BYTES:
                await response(scope, receive, send)
                return
            self.kept[key] = response
        await self.kept[key](scope, receive, send)

    async def _send_picture(self, scope: Scope, receive: Receive, send: Send, path: str) -> None:
        """Send what others show of a demo, or of the start where the address names none."""
        page = scope["app"].get_blocks()
        demo = _named(scope, page)
        if (path, demo) not in self.kept:
            listing = page.listings.get(demo) or start.Listing(demo, page.title, "")
            draw = (social.draw_card, listing, page.title) if path == social.CARD else (social.draw_icon, listing)
            kind, headers = f"image/{path.rpartition('.')[2]}".replace("jpg", "jpeg"), {"cache-control": "max-age=3600"}
            self.kept[path, demo] = Response(await run_in_threadpool(*draw), headers=headers, media_type=kind)
        await self.kept[path, demo](scope, receive, send)

    async def _ask(self, scope: Scope, receive: Receive, demo: str | None, is_small: bool) -> Response:
        """Gradio's answer, compressed if `is_small`. demo: which the page opens with; None for a file."""
        start, body = {}, bytearray()

        async def take(message: Message) -> None:
            start.update(message if message["type"] == "http.response.start" else {})
            body.extend(message.get("body", b""))

        plain = [(key, value) for key, value in scope["headers"] if key != b"accept-encoding"]
        token = opened.set(demo)
        try:
            page = scope["app"].get_blocks()
            types = {component["type"] for component in page.config["components"]}
            await self.app({**scope, "headers": plain, "query_string": b""}, receive, take)
        finally:
            opened.reset(token)
        content, headers = bytes(body), dict(Headers(raw=start["headers"]))
        headers.pop("content-length", None)
        if demo is not None:
            content = _TOLD.sub(b"", content)
            listing = page.listings.get(demo) or start.Listing(demo, page.title, "")
            told = social.head(listing, get_root_url(Request(scope), "/", scope.get("root_path")), page.title)
            head = f"{told}{self.head}{assets.head(types)}</head>"
            content = content.replace(b"</head>", head.encode(), 1).replace(b"<gradio-app", _UNSCRIPTED, 1)
        elif _NAMED.fullmatch(scope["path"]):
            headers["cache-control"] = "public, max-age=31536000, immutable"
        if _TEXT.match(headers.get("content-type", "")):
            headers["vary"] = "accept-encoding"
            if is_small:
                content, headers["content-encoding"] = gzip.compress(content), "gzip"
        return Response(content, start["status"], headers)


def _named(scope: Scope, page: Page) -> str:
    """The demo that the address names; the start where it names none that there is."""
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("demo", [""])[0]
    return asked if any(part.name == asked for part in page.parts.values()) else START
