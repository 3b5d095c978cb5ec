"""An answer, a dataclass, as JSON: its content, and the schema that describes it."""

from __future__ import annotations

import dataclasses
import functools
import types
from collections.abc import Callable
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np

from demos.shared import docstring

_LEFT_OUT = object()  # in place of an array, or of arrays in a list or a dict
_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string"}
_ANYTHING = {"description": "Any valid json."}


def of(function: Callable) -> Any:
    """The class of a function's answers; None where it has no type."""
    return get_type_hints(function).get("return")


def plain(answer: Any) -> dict:
    """A dataclass as JSON can hold it: without arrays and `entry`; `confidences` as gr.Label gives them."""
    fields = {name: _plain(getattr(answer, name)) for name in _hints(type(answer))}
    if isinstance(fields.get("confidences"), dict):
        fields["confidences"] = [{"label": k, "confidence": v} for k, v in fields["confidences"].items()]
    return {key: value for key, value in fields.items() if value is not _LEFT_OUT}


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return _LEFT_OUT
    if isinstance(value, np.generic):
        return value.item()
    if dataclasses.is_dataclass(value):
        return plain(value)
    if isinstance(value, dict):
        values = {key: _plain(item) for key, item in value.items()}
        return _LEFT_OUT if any(item is _LEFT_OUT for item in values.values()) else values
    if isinstance(value, list | tuple):
        items = [_plain(item) for item in value]
        return _LEFT_OUT if any(item is _LEFT_OUT for item in items) else type(value)(items)
    return value


def schema(answer: Any) -> dict:
    """The JSON schema of what `plain` gives of this class; of what is no dataclass, that of anything."""
    if not dataclasses.is_dataclass(answer):
        return _ANYTHING
    hints = _hints(answer)
    summary, texts = docstring.read(answer, names(answer))
    properties = {name: _schema(hint) for name, hint in hints.items()}
    if "confidences" in hints:
        properties["confidences"] = _CONFIDENCES
    for name in texts.keys() & properties.keys():
        properties[name] = properties[name] | {"description": texts[name]}
    described = {"description": summary} if summary else {}
    return {"type": "object", "properties": properties, "required": list(properties)} | described


_PAIR = {
    "label": {"type": "string", "description": "A class."},
    "confidence": {"type": "number", "minimum": 0, "maximum": 1, "description": "Its probability."},
}
_CONFIDENCES = {"type": "array", "items": {"type": "object", "properties": _PAIR, "required": list(_PAIR)}}


def names(answer: Any) -> list[str]:
    """The names of all fields of a dataclass; none of anything else."""
    return [field.name for field in dataclasses.fields(answer)] if dataclasses.is_dataclass(answer) else []


@functools.cache
def _hints(answer: type) -> dict[str, Any]:
    """The types of the fields that stand in the JSON."""
    hints = get_type_hints(answer)
    return {name: hints[name] for name in names(answer) if name != "entry" and not _holds_arrays(hints[name])}


def _holds_arrays(hint: Any) -> bool:
    import weights  # which runs networks; whoever imports a demo's other rooms needs none

    return hint in (np.ndarray, weights.Entry) or any(map(_holds_arrays, get_args(hint)))


def _schema(hint: Any) -> dict:
    if hint in _TYPES:
        return {"type": _TYPES[hint]}
    if dataclasses.is_dataclass(hint):
        return schema(hint)
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        return {"type": "string", "enum": list(inner)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [{"type": "null"} if one is type(None) else _schema(one) for one in inner]}
    if origin is list or (origin is tuple and len(set(inner) - {...}) == 1):
        length = {} if origin is list or ... in inner else {"minItems": len(inner), "maxItems": len(inner)}
        return {"type": "array", "items": _schema(inner[0])} | length
    if origin is dict:
        return {"type": "object", "additionalProperties": _schema(inner[1])}
    return _ANYTHING
