"""The parameters of a demo's public function, read from its signature, and the check of values for them."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from pydantic.fields import FieldInfo

from demos.shared import docstring, images
from demos.shared.text import clean

REQUIRED = inspect.Parameter.empty
_KINDS = {int: "int", float: "float", bool: "bool", str: "str"}
CROP = {"zoom": (1, 100), "x": (0, 1), "y": (0, 1)}
_CROP = {
    "zoom": "1 for the largest square that fits, 4 for a quarter of its side.",
    "x": "Where the window lies, from 0 at the left to 1 at the right.",
    "y": "Where the window lies, from 0 at the top to 1 at the bottom.",
}
_CROP = {
    name: {"type": "number", "minimum": low, "maximum": high, "default": getattr(images.Crop, name)}
    | {"description": _CROP[name]}
    for name, (low, high) in CROP.items()
}  # fmt: skip
_JSON = {"int": "integer", "float": "number", "bool": "boolean", "str": "string"}
_TYPES = "images.Source, list[images.Source], Literal[...], int, float, bool, str or images.Crop | None"


class ContractError(TypeError):
    """A demo that does not keep its contract; the text names the part."""


@dataclass(frozen=True)
class Parameter:
    """One parameter.

    kind: "picture", "pictures", "choice", "int", "float", "bool", "str" or "crop".
    default: `REQUIRED` where it has none. choices: the values of a "choice".
    least, most: of a number; None where its type, such as `Annotated[int, Field(ge=1, le=50)]`, names none.
    description: what the function's docstring, or the `Field`, says of it.
    """

    name: str
    kind: str
    default: Any = REQUIRED
    choices: tuple = ()
    least: float | None = None
    most: float | None = None
    description: str = ""

    @property
    def is_picture(self) -> bool:
        """Whether its values are pictures, which `images.open` checks."""
        return self.kind in ("picture", "pictures")

    def describe(self) -> str:
        """What it is for, and what it takes, for who calls the function from elsewhere."""
        takes = {
            "picture": f"A {images.KINDS} file of at most {images.MAX_BYTES // 1_000_000} MB.",
            "pictures": f"{images.KINDS} files, each of at most {images.MAX_BYTES // 1_000_000} MB.",
            "int": f"A whole number{self._range()}.", "float": f"A number{self._range()}.",
        }  # fmt: skip
        texts = {"choice": "One of these.", "bool": "True or false.", "str": "A text.", "crop": "A square window."}
        return f"{self.description or texts.get(self.kind, '')} {takes.get(self.kind, '')}".strip()

    def schema(self) -> dict:
        """The JSON schema of its values; of those of a picture, no more than the description."""
        if self.kind == "choice":
            schema = {"type": "string", "enum": list(self.choices)}
        elif self.kind == "crop":
            schema = {"type": "object", "properties": _CROP}
        else:
            schema = {"type": _JSON[self.kind]} if self.kind in _JSON else {}
            bounds = {"minimum": self.least, "maximum": self.most}
            schema |= {key: bound for key, bound in bounds.items() if bound is not None}
        default = {} if self.default in (REQUIRED, None) or self.kind == "crop" else {"default": self.default}
        return schema | default | {"description": self.describe()}

    def check(self, value: Any) -> Any:
        """A value that came as JSON, as the function takes it. Raises ValueError, one sentence for who sent it."""
        if value is None and self.default is None:
            return None
        if self.kind == "choice":
            return self._choose(value)
        if self.kind == "crop":
            return self._crop(value)
        if self.kind in ("int", "float"):
            return self._number(value)
        kind, text = {"bool": (bool, "true or false"), "str": (str, "a text")}[self.kind]
        if not isinstance(value, kind):
            raise self._wrong(text, value)
        return value

    def _choose(self, value: Any) -> Any:
        if value not in self.choices:
            raise self._wrong(f"one of {', '.join(map(str, self.choices))}", value)
        return value

    def _number(self, value: Any) -> int | float:
        is_whole = self.kind == "int"
        text = ("a whole number" if is_whole else "a number") + self._range()
        if not is_number(value) or (is_whole and value != int(value)):
            raise self._wrong(text, value)
        if (self.least is not None and value < self.least) or (self.most is not None and value > self.most):
            raise self._wrong(text, value)
        return int(value) if is_whole else float(value)

    def _range(self) -> str:
        """ " from 1 to 50", as far as it is known."""
        bounds = (("from", self.least), ("to", self.most))
        return "".join(f" {word} {bound:g}" for word, bound in bounds if bound is not None)

    def _crop(self, value: Any) -> images.Crop:
        low, high = CROP["zoom"]
        text = f'an object like {{"zoom": 2, "x": 0.5, "y": 0.5}}, zoom from {low} to {high}, x and y from 0 to 1'
        if not isinstance(value, dict) or not value.keys() <= CROP.keys():
            raise self._wrong(text, value)
        for name, number in value.items():
            low, high = CROP[name]
            if not is_number(number) or not low <= number <= high:
                raise self._wrong(text, value)
        return images.Crop(**value)

    def _wrong(self, text: str, value: Any) -> ValueError:
        return ValueError(f"{self.name} must be {text}, not {clean(str(value), 80)!r}.")


def is_number(value: Any) -> bool:
    """Whether a value is a finite number that a float can hold."""
    try:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    except OverflowError:
        return False


def parameters(function: Callable) -> list[Parameter]:
    """The parameters of a function in their order. Raises ContractError for one without a type, or of another type."""
    name, hints = f"{function.__module__}.{function.__name__}", get_type_hints(function, include_extras=True)
    found = inspect.signature(function).parameters
    texts = docstring.read(function, found)[1]
    return [_parameter(name, parameter, hints, texts) for parameter in found.values()]


def gives_picture(function: Callable) -> bool:
    """Whether what a function answers with is a picture: a class with a method `png`."""
    return hasattr(get_type_hints(function).get("return"), "png")


def _parameter(function: str, parameter: inspect.Parameter, hints: dict[str, Any], texts: dict[str, str]) -> Parameter:
    if parameter.name not in hints:
        raise ContractError(f"the parameter {parameter.name} of {function} has no type")
    hint, least, most, description = _marks(hints[parameter.name])
    kind, choices = _kind(hint)
    if not kind or parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
        raise ContractError(f"the parameter {parameter.name} of {function} must be {_TYPES}")
    description = texts.get(parameter.name) or description
    return Parameter(parameter.name, kind, parameter.default, choices, least, most, description)


def _marks(hint: Any) -> tuple[Any, float | None, float | None, str]:
    """A type without its annotations, and what pydantic's `Field(ge=..., le=..., description=...)` names."""
    if get_origin(hint) is not Annotated:
        return hint, None, None, ""
    hint, *marks = get_args(hint)
    description = next((one.description for one in marks if isinstance(one, FieldInfo) and one.description), "")
    marks = [part for mark in marks for part in (mark.metadata if isinstance(mark, FieldInfo) else [mark])]
    least, most = (next((getattr(mark, key) for mark in marks if hasattr(mark, key)), None) for key in ("ge", "le"))
    return hint, least, most, description


def _kind(hint: Any) -> tuple[str, tuple]:
    if get_origin(hint) is Literal:
        return "choice", get_args(hint)
    if hint == images.Source:
        return "picture", ()
    if hint == list[images.Source]:
        return "pictures", ()
    if hint in (images.Crop, images.Crop | None):
        return "crop", ()
    return _KINDS.get(hint, ""), ()
