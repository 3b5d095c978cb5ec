"""The endpoints as tools of agents, over the Model Context Protocol (MCP). Needs Gradio's extra `mcp`.

Gradio serves the protocol. What its tools say of themselves, and how they are called, stands here: Gradio would ask the
page over its own network, as one visitor for all agents, and opens no file that is not at hand.
"""

from __future__ import annotations

import base64
import json
import logging
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import gradio as gr
import gradio.mcp
from gradio.blocks import BlockFunction
from gradio.processing_utils import add_root_url
from gradio.route_utils import get_root_url
from gradio.utils import get_upload_folder
from mcp import types
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from demos.shared import answers, images, signature
from demos.shared.fetch import fetch
from demos.shared.signature import REQUIRED, Parameter
from demos.shared.text import clean
from demos.shared.ui.gate import NO_ROOM, SESSION, WENT_WRONG, has_room
from demos.shared.ui.given import is_sent
from demos.shared.ui.sessions import Session

log = logging.getLogger(__name__)

HOW = "Give its http or https URL, a data URI of at most 3 MB, or the path that an upload to this page returned."
PREVIEW_SIDE = 1024  # of the picture that an agent is shown; the file itself has a URL
INSTRUCTIONS = (
    "Small networks look at pictures: at what they show, digits, noise, style, vehicles, garments. Give a picture by"
    " its URL. Most answers say whether they can be trusted: read is_sure, is_match or is_accepted first."
)
_META = {"meta": {"_type": "gradio.FileData"}}
_FILE = {
    "type": "object",
    "properties": {"url": {"type": "string", "description": "Where the whole picture is, for half an hour."}},
    "required": ["url"],
}


def install() -> None:
    """Let Gradio serve these tools when it is asked for an MCP server."""
    gradio.mcp.GradioMCPServer = Tools  # Gradio has no other place to say so


class Tools(gradio.mcp.GradioMCPServer):
    """Gradio's server, with a tool for each endpoint."""

    def create_mcp_server(self):
        """The protocol's server: which tools there are, and what a call does."""
        server = self.Server(self.blocks.title, instructions=INSTRUCTIONS)

        @server.list_tools()
        async def list_tools() -> list[types.Tool]:
            chosen = self.get_selected_tools_from_request()
            return [self._tool(name) for name in self.tool_to_endpoint if chosen is None or name in chosen]

        @server.call_tool(validate_input=False)  # wrong values are answered as everywhere else
        async def call_tool(name: str, arguments: dict[str, Any]) -> types.CallToolResult:
            try:
                return await self._call(name, arguments)
            except (gr.Error, images.PictureError) as error:
                return _say(str(error.message if isinstance(error, gr.Error) else error))
            except Exception as error:
                log.warning("%s: %s", clean(name), type(error).__name__)
                log.debug("", exc_info=error)
                return _say(WENT_WRONG)

        return server

    def get_fn_description(self, block_fn: BlockFunction, tool_name: str) -> tuple[str, dict[str, str]]:
        """What a tool does and answers with, and what it takes."""
        function = block_fn.fn.__wrapped__
        texts = {one.name: _schema(one)["description"] for one in signature.parameters(function)}
        if signature.gives_picture(function):
            return f"{block_fn.api_description} Returns a preview, and the URL of the whole picture.", texts
        fields = answers.schema(answers.of(function)).get("properties", {})
        lines = [f"- {name}: {field.get('description', '')}" for name, field in fields.items()]
        return "\n".join([f"{block_fn.api_description} Returns JSON:", *lines]), texts

    def get_input_schema(self, tool_name: str, parameters: dict[str, str] | None = None) -> tuple[dict, list]:
        """The JSON schema of a tool's arguments, and the places of files in it."""
        known = signature.parameters(self._event(tool_name).fn.__wrapped__)
        required = [one.name for one in known if one.default is REQUIRED]
        schema = {"type": "object", "properties": {one.name: _schema(one) for one in known}, "required": required}
        return schema, [[one.name] for one in known if one.is_picture]

    def _event(self, tool_name: str) -> BlockFunction:
        if tool_name not in self.tool_to_endpoint:
            raise gr.Error(f"There is no tool {clean(tool_name, 80)!r}: there are {', '.join(self.tool_to_endpoint)}.")
        return self.get_block_fn_from_endpoint_name(self.tool_to_endpoint[tool_name])

    def _tool(self, name: str) -> types.Tool:
        function = self._event(name).fn.__wrapped__
        is_picture = signature.gives_picture(function)
        return types.Tool(
            name=name, description=self.get_fn_description(self._event(name), name)[0],
            inputSchema=self.get_input_schema(name)[0],
            outputSchema=_FILE if is_picture else answers.schema(answers.of(function)),
            annotations=types.ToolAnnotations(readOnlyHint=True, idempotentHint=True, openWorldHint=True),
        )  # fmt: skip

    async def _call(self, name: str, arguments: dict[str, Any]) -> types.CallToolResult:
        """Ask an endpoint, for as long as the agent's request is open. Raises gr.Error and images.PictureError."""
        event = self._event(name)
        request = self.mcp_server.request_context.request
        session = request.scope["state"][SESSION]
        known = signature.parameters(event.fn.__wrapped__)
        if unknown := arguments.keys() - {one.name for one in known}:
            names = ", ".join(one.name for one in known)
            raise gr.Error(f"{name} takes {names}, and no {clean(min(unknown), 80)}.")
        async with AsyncExitStack() as files:
            defaults = [component.value for component in event.inputs]
            values = [await _take(*one, arguments, files) for one in zip(known, defaults, strict=True)]
            answer = await self.blocks.process_api(
                event, values, state=Session(self.blocks), request=request, session_hash=session, event_id=session
            )
        (content,) = answer["data"]
        content = content.model_dump() if isinstance(content, BaseModel) else content
        if not signature.gives_picture(event.fn.__wrapped__):
            text = types.TextContent(type="text", text=json.dumps(content, ensure_ascii=False))
            return types.CallToolResult(content=[text], structuredContent=content)
        root = get_root_url(request, self.get_route_path(request), self.root_path)
        url = add_root_url(content, root, None)["url"]
        preview = await run_in_threadpool(_preview, content["path"])
        shown = types.ImageContent(type="image", data=preview, mimeType="image/jpeg")
        text = types.TextContent(type="text", text=f"The whole picture: {url}")
        return types.CallToolResult(content=[shown, text], structuredContent={"url": url})


def _say(sentence: str) -> types.CallToolResult:
    return types.CallToolResult(isError=True, content=[types.TextContent(type="text", text=sentence)])


def _schema(parameter: Parameter) -> dict:
    """The JSON schema of an argument: pictures are texts."""
    if parameter.kind == "picture":
        return {"type": "string", "description": f"{parameter.describe()} {HOW}"}
    if parameter.kind == "pictures":
        return {"type": "array", "items": {"type": "string"}, "description": f"{parameter.describe()} {HOW}"}
    return parameter.schema()


async def _take(parameter: Parameter, default: Any, arguments: dict[str, Any], files: AsyncExitStack) -> Any:
    """The value of an argument as an endpoint takes it. What is fetched for it stays until `files` closes."""
    value = arguments.get(parameter.name, default)
    if not parameter.is_picture:
        return value
    several = value if isinstance(value, list) and parameter.kind == "pictures" else [value]
    taken = [await _take_picture(parameter.name, one, files) for one in several]
    return taken if parameter.kind == "pictures" else taken[0]


async def _take_picture(name: str, value: Any, files: AsyncExitStack) -> dict:
    """A picture as Gradio's clients send it. Raises gr.Error and images.PictureError."""
    if isinstance(value, dict):  # as Gradio's clients send it
        value = value.get("path") or value.get("url")
    text = value.strip() if isinstance(value, str) else ""
    if text.startswith("data:") and ";base64," in text[:100]:
        return {"path": None, "url": "".join(text.split()), **_META}
    path = unquote(text.partition("/gradio_api/file=")[2]) or text
    if is_sent(path) and Path(path).is_file():
        return {"path": path, **_META}
    if not text.lower().startswith(("http://", "https://")):
        raise gr.Error(f"{name} must be a picture, a {images.KINDS} file, not {clean(str(value), 80)!r}. {HOW}")
    if not has_room():
        raise gr.Error(NO_ROOM)
    path = Path(files.enter_context(tempfile.TemporaryDirectory(dir=get_upload_folder())), "picture")
    await fetch(text, path)
    return {"path": str(path), **_META}


def _preview(path: str) -> str:
    """A picture reduced, as a JPEG in base64."""
    picture = images.open(path, longest=PREVIEW_SIDE)
    return base64.b64encode(images.jpeg(picture.pixels)).decode()
