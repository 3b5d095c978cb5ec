"""What every visitor gets is made and compressed once: the page, with the demo that its address names, and its code.

Gradio would copy its whole configuration for each page that it sends, and compress each file anew.
"""

from __future__ import annotations

import gzip
import posixpath
import re
from collections import OrderedDict
from urllib.parse import parse_qs

from gradio.route_utils import get_root_url
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from demos.shared.ui import assets, social, start
from demos.shared.ui.blocks import Page, opened
from demos.shared.ui.opening import START

MAX_BYTES = 500_000  # of an answer that is kept
FILE_BYTES = 24_000_000  # of all files: each that is not too large, compressed and plain, has room
PAGE_BYTES = 8_000_000  # of pages, compressed those of all demos for some 16 hosts
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


class Kept:
    """Answers by what was asked, of at most so many bytes together: that asked for longest ago goes first.

    bytes: of all that is kept, with what was asked, in which a visitor can write as well.
    """

    def __init__(self, most_bytes: int):
        self.most_bytes, self.bytes = most_bytes, 0
        self._answers: OrderedDict[tuple, Response] = OrderedDict()

    def find(self, key: tuple) -> Response | None:
        """The answer to what is asked now; None where it is not kept."""
        if key in self._answers:
            self._answers.move_to_end(key)
        return self._answers.get(key)

    def add(self, key: tuple, answer: Response) -> None:
        """Keep an answer, unless one came in meanwhile to who asked the same."""
        if key in self._answers:
            return
        self._answers[key] = answer
        self.bytes += _weigh(key, answer)
        while self.bytes > self.most_bytes:
            self.bytes -= _weigh(*self._answers.popitem(last=False))


class Sending:
    """ASGI middleware that keeps what Gradio answers to requests for the page and its files.

    head: HTML that is put at the end of the page's head.
    """

    def __init__(self, app: ASGIApp, head: str):
        self.app, self.head = app, head
        # Apart, as anybody can name a host: pages for invented ones take no file's place.
        self.files, self.pages = Kept(FILE_BYTES), Kept(PAGE_BYTES)

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
        page, is_small = scope["app"].get_blocks(), "gzip" in headers.get("accept-encoding", "")
        kept, demo, key = self.files, None, (posixpath.normpath(path), is_small)  # Gradio takes `a/../b` for `b`
        if path == "/":
            kept, demo = self.pages, _named(scope, page)
            place = scope["scheme"], scope.get("root_path"), *map(headers.get, ORIGIN)
            key = page.version, demo, is_small, place
        response = kept.find(key)
        if response is None:
            response = await self._ask(scope, receive, demo, is_small)
            if response.status_code == 200 and len(response.body) <= MAX_BYTES:
                kept.add(key, response)
        await response(scope, receive, send)

    async def _send_picture(self, scope: Scope, receive: Receive, send: Send, path: str) -> None:
        """Send what others show of a demo, or of the start where the address names none."""
        page = scope["app"].get_blocks()
        demo = _named(scope, page)
        picture = self.files.find((path, demo))
        if picture is None:
            listing = page.listings.get(demo) or start.Listing(demo, page.title, "")
            draw = (social.draw_card, listing, page.title) if path == social.CARD else (social.draw_icon, listing)
            kind, headers = f"image/{path.rpartition('.')[2]}".replace("jpg", "jpeg"), {"cache-control": "max-age=3600"}
            picture = Response(await run_in_threadpool(*draw), headers=headers, media_type=kind)
            self.files.add((path, demo), picture)
        await picture(scope, receive, send)

    async def _ask(self, scope: Scope, receive: Receive, demo: str | None, is_small: bool) -> Response:
        """Gradio's answer, compressed if `is_small`. demo: which the page opens with; None for a file."""
        first, body = {}, bytearray()

        async def take(message: Message) -> None:
            first.update(message if message["type"] == "http.response.start" else {})
            body.extend(message.get("body", b""))

        plain = [(key, value) for key, value in scope["headers"] if key != b"accept-encoding"]
        token = opened.set(demo)
        try:
            page = scope["app"].get_blocks()
            types = {component["type"] for component in page.config["components"]}
            await self.app({**scope, "headers": plain, "query_string": b""}, receive, take)
        finally:
            opened.reset(token)
        content, headers = bytes(body), dict(Headers(raw=first["headers"]))
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
                content, headers["content-encoding"] = await run_in_threadpool(gzip.compress, content), "gzip"
        return Response(content, first["status"], headers)


def _weigh(key: tuple, answer: Response) -> int:
    return len(str(key)) + len(answer.body)


def _named(scope: Scope, page: Page) -> str:
    """The demo that the address names; the start where it names none that there is."""
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("demo", [""])[0]
    return asked if any(part.name == asked for part in page.parts.values()) else START
