"""The page as it is sent: with the part that its address names."""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.types import ASGIApp, Receive, Scope, Send

from demos.shared.ui.blocks import opened


class Opening:
    """ASGI middleware: a page is sent with the demo in sight that its address names, the first where it names none."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let Gradio answer."""
        if not is_page(scope):
            await self.app(scope, receive, send)
            return
        token = opened.set(parse_qs(scope["query_string"].decode("latin-1")).get("demo", [""])[0])
        try:
            await self.app(scope, receive, send)
        finally:
            opened.reset(token)


def is_page(scope: Scope) -> bool:
    """Whether a request asks for the page itself."""
    path = scope.get("path", "").removeprefix(scope.get("root_path", "").rstrip("/"))
    return scope["type"] == "http" and scope["method"] == "GET" and path in ("", "/")
