"""The endpoints as an OpenAPI document, in place of Gradio's, which lacks the types of pictures and of answers."""

from __future__ import annotations

from typing import Any

import gradio as gr
from gradio.blocks import BlockFunction
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from demos.shared import answers, signature
from demos.shared.signature import REQUIRED, Parameter
from demos.shared.ui.named import CALL

_FILE = {
    "type": "object",
    "properties": {
        "path": {"type": "string", "description": "What `/gradio_api/upload` returned."},
        "url": {"type": "string", "description": "A data URI, in place of an upload."},
        "meta": {"type": "object", "properties": {"_type": {"type": "string", "enum": ["gradio.FileData"]}}},
    },
    "anyOf": [{"required": ["path"]}, {"required": ["url"]}],
}
_RESTORED = {
    "type": "object",
    "properties": {"url": {"type": "string", "description": "Where the picture is, for half an hour."}},
    "required": ["url"],
}
_UPLOAD = {
    "post": {
        "operationId": "upload",
        "summary": "Send pictures, to name them in calls.",
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "properties": {"files": {"type": "array", "items": {"type": "string", "format": "binary"}}},
                        "required": ["files"],
                    }
                }
            },
        },
        "responses": {
            "200": {
                "description": "The path of each file.",
                "content": {"application/json": {"schema": {"type": "array", "items": {"type": "string"}}}},
            },
            "413": {"description": "A file is too large."},
        },
    }
}


def route() -> Route:
    """Where Gradio has its document."""
    return Route("/gradio_api/openapi.json", lambda request: JSONResponse(document(_page(request))))


def _page(request: Request) -> gr.Blocks:
    return request.app.get_blocks()


def document(page: gr.Blocks) -> dict[str, Any]:
    """The document of a page's public endpoints. Each is asked in two steps: begin a call, then read its answer."""
    events = [fn for fn in page.fns.values() if fn.api_visibility == "public"]
    paths = {"/gradio_api/upload": _UPLOAD}
    for event in events:
        paths |= {f"{CALL}/v2/{event.api_name}": {"post": _begin(event)}}
        paths |= {f"{CALL}/{event.api_name}/{{event_id}}": {"get": _answer(event)}}
    schemas = {"picture": _FILE} | {f"{event.api_name}_answer": _schema_of_answer(event) for event in events}
    info = {"title": page.title, "version": "1", "description": "Ask in two steps: begin a call, then read its answer."}
    return {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": schemas}}


def _begin(event: BlockFunction) -> dict:
    known = signature.parameters(event.fn.__wrapped__)
    schema = {
        "type": "object",
        "properties": {parameter.name: _schema(parameter) for parameter in known},
        "required": [parameter.name for parameter in known if parameter.default is REQUIRED],
    }
    begun = {"type": "object", "properties": {"event_id": {"type": "string"}}, "required": ["event_id"]}
    return {
        "operationId": event.api_name,
        "summary": event.api_description,
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {
            "200": {"description": "The call has begun.", "content": {"application/json": {"schema": begun}}},
        },
    }


def _answer(event: BlockFunction) -> dict:
    text = f"`event: complete` comes with the answer as the one item of a list: see `{event.api_name}_answer`."
    wrong = "`event: error` comes with an object, whose `error` says what is wrong, in one sentence."
    return {
        "operationId": f"{event.api_name}_answer",
        "summary": f"Read the answer of {event.api_name}.",
        "description": f"Server-sent events. {text} {wrong}",
        "parameters": [{"name": "event_id", "in": "path", "required": True, "schema": {"type": "string"}}],
        "responses": {
            "200": {"description": f"{text} {wrong}", "content": {"text/event-stream": {"schema": {"type": "string"}}}},
        },
    }


def _schema(parameter: Parameter) -> dict:
    picture = {"$ref": "#/components/schemas/picture"}
    if parameter.kind == "picture":
        return {"allOf": [picture], **parameter.schema()}
    if parameter.kind == "pictures":
        return {"type": "array", "items": picture, **parameter.schema()}
    return parameter.schema()


def _schema_of_answer(event: BlockFunction) -> dict:
    function = event.fn.__wrapped__
    return _RESTORED if signature.gives_picture(function) else answers.schema(answers.of(function))
