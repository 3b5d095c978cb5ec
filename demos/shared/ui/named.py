"""Calls over HTTP that name their values, `/gradio_api/call/v2/<endpoint>`: Gradio has no sentence for a wrong name."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from demos.shared.text import clean
from demos.shared.ui.gate import refuse

CALL = "/gradio_api/call"


def route() -> Route:
    """In place of Gradio's own."""
    return Route(f"{CALL}/v2/{{name}}", Named(), methods=["POST"])


class Named:
    """ASGI: puts the values into their order and hands the call on, or says what is wrong with its names."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""
        request = Request(scope, receive)
        events = {fn.api_name: fn for fn in request.app.get_blocks().fns.values() if fn.api_visibility == "public"}
        if (name := request.path_params["name"]) not in events:
            sentence = f"There is no endpoint {clean(name, 80)!r}: there are {', '.join(events)}."
            await refuse(404, sentence)(scope, receive, send)
            return
        names = [component.label for component in events[name].inputs]
        try:
            values = json.loads(await request.body())
        except ValueError:
            values = None
        wrong = sorted(values.keys() - set(names)) if isinstance(values, dict) else ["other value"]
        if wrong:
            sentence = f"{name} takes an object with {', '.join(names)}, and no {clean(wrong[0], 80)}."
            await refuse(400, sentence)(scope, receive, send)
            return
        data = [values.get(component.label, component.value) for component in events[name].inputs]
        body = iter([{"type": "http.request", "body": json.dumps({"data": data}).encode(), "more_body": False}])

        async def replay() -> dict:
            return next(body, None) or await receive()

        headers = [(key, value) for key, value in scope["headers"] if key not in (b"content-length", b"content-type")]
        ordered = {**scope, "path": f"{scope.get('root_path', '')}{CALL}/{name}", "raw_path": b"", "path_params": {}}
        ordered["headers"] = [*headers, (b"content-type", b"application/json")]
        await request.app.router(ordered, replay, send)
