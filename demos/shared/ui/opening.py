"""What the page opens with: in which part it is drawn, and how components come to hold it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from typing import Any

import gradio as gr
from gradio.context import Context
from gradio.processing_utils import move_files_to_cache
from pydantic import BaseModel

from demos.shared.ui.files import original

START = "/"  # the tab before those of the demos, which no folder can be named


def open_with(page: gr.Blocks, component, value) -> None:
    """Let every page that is sent from now on open with what a handler gives a component."""
    set_opening(component, value)
    renew(page)


def renew(page: gr.Blocks) -> None:
    """Send from now on what the components of a page hold now; a plain `gr.Blocks` keeps what it had."""
    if hasattr(page, "renew"):
        page.renew()


def is_message(drawn: Any) -> bool:
    """Whether an output is one sentence that stands in for an answer, as `html.message` draws it."""
    return isinstance(drawn, str) and drawn.startswith('<p class="sentence')


def find_part():
    """The part of the page, one that can open with an answer, in which something is drawn; None where it is in none."""
    block = Context.block
    while block is not None and not hasattr(block, "opening"):
        block = block.parent
    return block


def is_skipped(value: Any) -> bool:
    """Whether a handler leaves an output as it is."""
    return isinstance(value, dict) and value.keys() == {"__type__"}


def finish(answer: Callable, values: Iterable, count: int) -> Iterable:
    """The outputs that a handler gives at its end, so many of them."""
    result = answer(*values)
    if inspect.isgenerator(result):
        *_, result = result
    return [result] if count == 1 else result


def is_behind() -> bool:
    """Whether what is being drawn lies in a tab that is not the first with a demo."""
    block = Context.block
    while not isinstance(block, gr.Tab | None):
        block = block.parent
    return block is not None and next(tab for tab in block.parent.children if tab.id != START) is not block


def read(component):
    """What a component holds as the page opens, in the form in which a handler gets it."""
    if isinstance(component.value, dict) and "path" in component.value:
        return original(component.value["path"])
    return component.value


def set_opening(component, value) -> None:
    """Let a component open with what a handler gives it: a value, or an update."""
    if isinstance(value, dict) and value.get("__type__") == "update":
        for name in value.keys() - {"__type__"}:
            setattr(component, name, value[name])
    elif hasattr(component, "open_with"):
        component.open_with(value)
    elif value is None:
        component.value = None
    else:
        sent = component.postprocess(value)
        sent = sent.model_dump() if isinstance(sent, BaseModel) else sent
        component.value = move_files_to_cache(sent, component, postprocess=True, keep_in_cache=True)
