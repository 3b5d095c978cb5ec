"""What is given in a call of an event: clean texts, files that were sent here, values that the controls can have."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder

from demos.shared import images
from demos.shared.signature import is_number
from demos.shared.text import clean, count, join_surrogates

# What may stand beside the path of a file, whose wrong kinds Gradio would raise on.
_FILE_FIELDS = {"url": str, "orig_name": str, "size": int, "mime_type": str, "is_stream": bool, "meta": dict}


def fill_in(fn: Any, values: list) -> list:
    """The values of a call of an endpoint, with the defaults of those left out at the end. Raises gr.Error for more."""
    if fn.api_visibility != "public":
        return values
    if len(values) > len(fn.inputs):
        names = ", ".join(component.label for component in fn.inputs)
        raise say(f"{fn.api_name} takes {count(len(fn.inputs), 'value')} ({names}), not {len(values)}.")
    return [*values, *(component.value for component in fn.inputs[len(values) :])]


def take_in(components: Iterable, values: list, own_files: Callable[[], Collection[str]] = frozenset) -> list:
    """The values of a call with clean texts. Raises gr.Error for a file that was not sent here, and for a wrong value.

    components: those that get the values. own_files: gives the paths that the page itself shows.
    """
    values = [_clean(value, own_files) for value in values]
    for component, value in zip(components, values, strict=False):
        if sentence := _fault(component, value):
            raise say(sentence)
    return values


def _clean(value: Any, own_files: Callable[[], Collection[str]]) -> Any:
    if isinstance(value, str):
        return join_surrogates(value)
    if isinstance(value, list):
        return [_clean(item, own_files) for item in value]
    if not isinstance(value, dict):
        return value
    path, url = value.get("path"), value.get("url")
    is_address = path is None and isinstance(url, str) and not url.startswith("data:")
    if is_address or (path is not None and not is_sent(path, own_files)):
        raise say(images.UNREADABLE)
    if {"path", "url"} & value.keys():  # what is said of a file besides counts for nothing here
        value = {key: item for key, item in value.items() if isinstance(item, _FILE_FIELDS.get(key, object))}
    return {join_surrogates(key): _clean(item, own_files) for key, item in value.items()}


def is_sent(path: Any, own_files: Callable[[], Collection[str]] = frozenset) -> bool:
    """Whether a path, resolved, lies in the upload folder and is no folder, or is one that the page itself shows."""
    if not isinstance(path, str) or "\0" in path:
        return False
    try:
        folder, file = map(os.path.realpath, (get_upload_folder(), path))
    except (OSError, ValueError):  # too long, a circle of links
        return False
    return (file.startswith(os.path.join(folder, "")) and not os.path.isdir(file)) or path in own_files()


def _fault(component: Any, value: Any) -> str:
    """What is wrong with the value of a control of the page, as a sentence; "" where nothing is."""
    if isinstance(component, gr.Slider):
        low, high = component.minimum, component.maximum
        if not is_number(value) or not low <= value <= high:
            return f"{component.label} must be a number from {low} to {high}."
    elif isinstance(component, gr.Radio | gr.Dropdown) and component.visible:
        choices = [choice for _, choice in component.choices]
        if value not in choices:
            return f"{component.label} must be one of {', '.join(map(str, choices))}."
    elif isinstance(component, gr.Checkbox) and component.visible and not isinstance(value, bool):
        return f"{component.label} must be true or false."
    return ""


def say(sentence: str) -> gr.Error:
    """What Gradio tells a visitor, as one sentence."""
    return gr.Error(clean(sentence, 500), print_exception=False)
