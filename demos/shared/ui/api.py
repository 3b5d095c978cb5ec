"""A demo's public functions as endpoints of the API."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Mapping
from typing import Any

import gradio as gr
from gradio.data_classes import GradioRootModel, ImageData, ListFiles
from pydantic import Field

import weights
from demos.shared import answers, docstring, images, signature
from demos.shared.answers import plain
from demos.shared.signature import REQUIRED, Parameter
from demos.shared.ui import events, lanes
from demos.shared.ui.files import serve_file
from demos.shared.ui.picture import sent_file

_WRONG = object()  # in place of what is no uploaded file
_HANDLE = "see handle_file in Gradio's clients."
# What Gradio's snippets of calls show in place of a value.
_EXAMPLE = {"path": "cat.jpg", "url": "cat.jpg", "orig_name": "cat.jpg", "meta": {"_type": "gradio.FileData"}}
_WINDOW = dataclasses.asdict(images.Crop(zoom=2))


class _Picture(GradioRootModel):
    root: ImageData | Any = Field(union_mode="left_to_right")


class _Pictures(GradioRootModel):
    root: list[ImageData] | ImageData | Any = Field(union_mode="left_to_right")


class PictureParameter(gr.Image):
    """A picture of a call; what is none reaches the endpoint, which says so."""

    data_model = _Picture

    def get_block_name(self) -> str:
        return "image"

    def get_block_class(self) -> str:
        """The kind of component that Gradio's clients and snippets know."""
        return "image"

    def preprocess(self, payload) -> str | bytes | None | object:
        """The file as it was sent; `_WRONG` for anything else, which nothing may open."""
        if payload is None:
            return None
        return sent_file(payload.root) if isinstance(payload.root, ImageData) else _WRONG

    def api_info(self) -> dict:
        """The schema that Gradio's clients know."""
        return ImageData.model_json_schema()


class PicturesParameter(gr.File):
    """Several pictures of a call."""

    def __init__(self, **options):
        super().__init__(file_count="multiple", **options)
        self.data_model = _Pictures

    def get_block_name(self) -> str:
        return "file"

    get_block_class = get_block_name

    def preprocess(self, payload) -> list | object | None:
        """The files as they were sent."""
        if payload is None:
            return None
        files = payload.root if isinstance(payload.root, list) else [payload.root]
        return list(map(sent_file, files)) if all(isinstance(file, ImageData) for file in files) else _WRONG

    def api_info(self) -> dict:
        """The schema that Gradio's clients know."""
        return ListFiles.model_json_schema()


def add_endpoint(name: str, function: Callable, lane: Mapping = events.SHORT) -> None:
    """Add the endpoint `/<name>`, which calls a function with the parameters of its signature.

    The answer is the function's, a dataclass, as JSON without its arrays, or a picture if it has a method `png`.
    lane: `events.SHORT` or `events.LONG`. Raises ContractError for a parameter without a supported type.
    """
    parameters, is_picture = signature.parameters(function), signature.gives_picture(function)

    def call(*values):
        try:
            checked = (_check(parameter, value) for parameter, value in zip(parameters, values, strict=True))
            answer = function(**dict(zip((parameter.name for parameter in parameters), checked, strict=True)))
            return serve_file(answer.png(), f"{name}.png") if is_picture else plain(answer)
        except (_WrongValue, images.PictureError, weights.Unavailable) as error:
            raise gr.Error(str(error), print_exception=False) from None

    async def call_in_turn(*values):
        try:
            return [value async for kind, value in lanes.follow(call, values) if kind == "step"][-1]
        except lanes.Full as error:
            raise gr.Error(str(error), print_exception=False) from None

    called = call_in_turn if lane is events.LONG else call
    called.__name__ = called.__qualname__ = call.__qualname__ = name
    called.__wrapped__ = function
    called.__signature__ = inspect.Signature(list(map(_optional, parameters)))
    description = docstring.read(function, [parameter.name for parameter in parameters])[0]
    gr.Button(visible=False).click(
        called, list(map(_component, parameters)), _output(function), api_name=name,
        api_description=description, api_visibility="public",
        concurrency_id=lane["concurrency_id"], concurrency_limit=lane["concurrency_limit"],
    )  # fmt: skip


def _output(function: Callable) -> gr.components.Component:
    """A hidden component for the answer, described."""
    answer = answers.of(function)
    if not signature.gives_picture(function):
        output = gr.JSON(visible=False, label="answer")
        return _described(output, answers.schema(answer))
    output = gr.Image(visible=False, label="picture")
    return _described(output, output.api_info() | {"description": docstring.read(answer, answers.names(answer))[0]})


def _described(component: gr.components.Component, schema: dict, example: Any = None) -> gr.components.Component:
    """A component that describes its values by this schema."""
    # Gradio's own pages read the description of a parameter from `additional_description`.
    schema = schema | {"additional_description": schema.get("description", "")}
    component.api_info = lambda: schema
    component.example_inputs = component.example_payload = lambda: example
    return component


class _WrongValue(ValueError):
    """A value that a parameter cannot take; the text says which it can."""


def _check(parameter: Parameter, value: Any) -> Any:
    if parameter.is_picture:
        if value is _WRONG or value is None:
            raise _WrongValue(f"{parameter.name} must be an uploaded picture ({images.KINDS}): {_HANDLE}")
        return value
    try:
        return parameter.check(value)
    except ValueError as error:
        raise _WrongValue(str(error)) from None


def _optional(parameter: Parameter) -> inspect.Parameter:
    """A parameter for Gradio's clients, which may leave it out where its default is None or its component has one."""
    default = REQUIRED if parameter.default is REQUIRED else None
    return inspect.Parameter(parameter.name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default)


def _component(parameter: Parameter) -> gr.components.Component:
    """A hidden component for one parameter, which gives a call's value as it was sent."""
    options = {"label": parameter.name, "visible": False}
    if parameter.kind == "picture":
        component = PictureParameter(type="filepath", image_mode=None, **options)
        return _described(component, component.api_info() | parameter.schema(), _EXAMPLE)
    if parameter.kind == "pictures":
        component = PicturesParameter(**options)
        return _described(component, component.api_info() | parameter.schema(), [_EXAMPLE])
    default = None if parameter.default is REQUIRED else parameter.default
    if parameter.kind == "choice":
        component = gr.Dropdown(list(parameter.choices), value=default, **options)
    elif parameter.kind in ("int", "float"):
        component = gr.Number(default, precision=0 if parameter.kind == "int" else None, **options)
    elif parameter.kind == "bool":
        component = gr.Checkbox(bool(default), **options)
    elif parameter.kind == "str":
        component = gr.Textbox(default, **options)
    else:
        component = gr.JSON(dataclasses.asdict(default) if default else None, **options)
    component.preprocess = lambda value: value  # checked by `Parameter.check`, which names the parameter
    example = _WINDOW if parameter.kind == "crop" else default
    return _described(component, parameter.schema(), parameter.least if example is None else example)
