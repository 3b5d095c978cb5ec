"""What every request passes before Gradio: which addresses there are, how much may come, and who listens.

Pure ASGI. A request with too much, or for what the page does not use, never reaches Gradio.
"""

from __future__ import annotations

import itertools
import logging
import re
import secrets
import shutil
from contextlib import ExitStack
from urllib.parse import parse_qs

from gradio.utils import get_upload_folder
from starlette.formparsers import MultiPartException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from demos.shared import images
from demos.shared.ui.visitors import presence

log = logging.getLogger(__name__)

MAX_UPLOAD = images.MAX_BYTES + 1_000_000  # bytes of a request with files
MAX_JSON = 1_000_000  # bytes of any other request
MAX_TOOL = 4_000_000  # bytes of an agent's call, which may have pictures in it: the package mcp takes hardly more
MAX_DEPTH = 32  # of lists and objects in one another
MIN_DISK = 200_000_000  # bytes that stay free
API = "/gradio_api/"
TOOLS = f"{API}mcp"
SESSION = "session"  # where in the state of an agent's request the name stands under which it listens
# What the page, Gradio's clients and the snippets of "Use it elsewhere" ask for. Not in it: proxies, recordings, deep
# links, streams, the functions of components, and all else that Gradio serves.
_PAGE = re.compile(
    r"/?|/(config|theme\.css|robots\.txt|favicon\.ico|card\.jpg|icon\.png|manifest\.json|login_check)/?"
    r"|/(assets|static|svelte|pwa_icon)(/.*)?"
)
_CALLS = re.compile(
    r"(info|openapi\.json|app_id|user|login_check|startup-events|queue/(join|data|status)|cancel|reset|upload"
    r"|upload_progress|mcp|mcp/schema|(call|run|api)/.+|heartbeat/[^/]+|theme\.css)/?|file=(?!\s*[\w+.-]{2,}:).+"
)
_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)', re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}

NOT_FOUND = "There is nothing here."
TOO_LARGE = f"This request is too large: at most {MAX_JSON // 1_000_000} MB, and 30 MB with files."
TOO_LARGE_CALL = f"This call is too large: at most {MAX_TOOL // 1_000_000} MB. Give larger pictures by their URLs."
TOO_DEEP = "This request is nested too deeply."
NO_STREAM = "Nothing is sent here but answers to calls."
NO_ROOM = "The server has no room for files at the moment: try again in some minutes."
WENT_WRONG = "This request could not be answered."
BROKEN_OFF = "The upload broke off."


class Gate:
    """ASGI middleware: bounds what requests ask for, their bytes and their depth; notes who listens for answers."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that may not pass, else let Gradio answer."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        # Nothing here speaks any other protocol.

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix(scope.get("root_path", "").rstrip("/"))
        if not is_served(path):
            await refuse(404, NOT_FOUND)(scope, receive, send)
        elif path.rstrip("/") == TOOLS and _wants_stream(scope):
            await refuse(405, NO_STREAM)(scope, receive, send)
        elif scope["method"] in ("GET", "HEAD", "OPTIONS"):
            with ExitStack() as stack:
                for key in _listeners(path, scope["query_string"]):
                    stack.enter_context(presence.listen(key))
                await self._pass(scope, receive, send)
        elif path.rstrip("/") == f"{API}upload":
            await self._upload(scope, receive, send)
        elif path.rstrip("/") == TOOLS:
            session = secrets.token_hex(6)
            scope = {**scope, "state": {**scope.get("state", {}), SESSION: session}}
            with presence.listen(session):
                await self._question(scope, receive, send, MAX_TOOL, TOO_LARGE_CALL)
        else:
            await self._question(scope, receive, send)

    async def _upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        if _length(scope) > MAX_UPLOAD:
            await refuse(413, images.TOO_LARGE)(scope, receive, send)
        elif not has_room():
            await refuse(507, NO_ROOM)(scope, receive, send)
        else:
            await self._pass(scope, _Bounded(receive), send)

    async def _question(
        self, scope: Scope, receive: Receive, send: Send, most: int = MAX_JSON, sentence: str = TOO_LARGE
    ) -> None:
        """Any other request: its body, at most so many bytes, is read, and looked at, before it is passed on.

        sentence: that more than these are answered with.
        """
        body, is_more = bytearray(), _length(scope) <= most
        if not is_more:
            await refuse(413, sentence)(scope, receive, send)
            return
        while is_more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            is_more = message.get("more_body", False)
            if len(body) > most:
                await refuse(413, sentence)(scope, receive, send)
                return
        if depth(bytes(body)) > MAX_DEPTH:
            await refuse(400, TOO_DEEP)(scope, receive, send)
            return
        whole = iter([{"type": "http.request", "body": bytes(body), "more_body": False}])

        async def replay() -> Message:
            return next(whole, None) or await receive()

        await self._pass(scope, replay, send)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let Gradio answer; what it raises is one line in the log, and a sentence where nothing was sent yet."""
        is_begun = is_endless = False

        async def note(message: Message) -> None:
            nonlocal is_begun, is_endless
            if message["type"] == "http.response.start":
                is_begun = True
                is_endless = b"content-length" not in dict(message["headers"])
            await send(message)

        try:
            await self.app(scope, receive, note)
        except Exception as error:
            log.warning("%s: %s", API + scope["path"].removeprefix(API).partition("/")[0], type(error).__name__)
            if not is_begun:
                refusal = refuse(507, NO_ROOM) if isinstance(error, OSError) else refuse(400, WENT_WRONG)
                await refusal(scope, receive, send)
            elif is_endless:  # a stream, which ends here
                await send({"type": "http.response.body"})


class _Bounded:
    """The parts of an upload as they come. What is too long or breaks off ends so that Gradio deletes its part."""

    def __init__(self, receive: Receive):
        self.receive, self.count, self.is_over = receive, 0, False

    async def __call__(self) -> Message:
        message = await self.receive()
        if self.is_over:
            return message
        if message["type"] == "http.disconnect":
            raise MultiPartException(BROKEN_OFF)
        self.count += len(message.get("body", b""))
        self.is_over = not message.get("more_body", False)
        if self.count > MAX_UPLOAD:
            raise MultiPartException(f"{images.TOO_LARGE} (maximum allowed size)")
        return message


def is_served(path: str) -> bool:
    """Whether the page uses an address, without its query."""
    if path.startswith(API):
        return bool(_CALLS.fullmatch(path.removeprefix(API)))
    return bool(_PAGE.fullmatch(path))


def depth(body: bytes) -> int:
    """How many lists and objects of a JSON text lie in one another, at most."""
    if body.count(b"[") + body.count(b"{") <= MAX_DEPTH:
        return MAX_DEPTH
    brackets = _STRING.sub(b"", body).translate(None, _NO_BRACKETS)
    return max(itertools.accumulate(map(_STEPS.__getitem__, brackets)), default=0)


def has_room() -> bool:
    """Whether there is room on the disk of the upload folder."""
    try:
        return shutil.disk_usage(get_upload_folder()).free > MIN_DISK
    except OSError:
        return False


def _length(scope: Scope) -> int:
    """The bytes that a request announces; 0 where it does not."""
    value = dict(scope["headers"]).get(b"content-length", b"0")
    return int(value) if value.isdigit() else 0


def _listeners(path: str, query: bytes) -> list[str]:
    """The names under which a request listens, of a session or of an event."""
    parts = path.removeprefix(API).strip("/").split("/")
    if parts[0] == "heartbeat" and len(parts) == 2:
        return parts[1:]
    if parts[0] == "call" and len(parts) > 2:
        return parts[-1:]
    if parts[:2] == ["queue", "data"]:
        return parse_qs(query.decode("latin-1")).get("session_hash", [])[:1]
    return []


def _wants_stream(scope: Scope) -> bool:
    """Whether an agent would listen for what is sent without being asked for, such as changes of the tools."""
    return scope["method"] == "GET" and b"text/event-stream" in dict(scope["headers"]).get(b"accept", b"")


def refuse(status: int, sentence: str) -> JSONResponse:
    """An answer that says why there is no other."""
    return JSONResponse({"detail": sentence, "error": sentence}, status)
