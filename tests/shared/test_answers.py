"""The JSON schema of an answer."""

import dataclasses
from typing import Literal

import numpy as np

from demos.shared import answers


@dataclasses.dataclass(eq=False)
class Part:
    """A part. box: where it is."""

    box: tuple[int, int, int, int]
    inputs: np.ndarray


@dataclasses.dataclass(eq=False)
class Answer:
    """An answer. label: its name. embedding: float32 (D,)."""

    label: Literal["cat", "dog"]
    confidences: dict[str, float]
    parts: list[Part]
    known: str | None
    embedding: np.ndarray | None
    steps: dict[str, np.ndarray]
    names: tuple[str, ...]
    entry: dict


def test_schema_describes_what_stands_in_the_json():
    part = Part((0, 0, 2, 2), np.zeros(2))
    answer = Answer("cat", {"cat": 1.0}, [part], None, None, {}, ("a",), {"x": 1})
    schema, content = answers.schema(Answer), answers.plain(answer)
    assert list(schema["properties"]) == schema["required"] == list(content)
    assert schema["description"] == "An answer." and schema["properties"]["label"]["description"] == "Its name."
    assert schema["properties"]["label"]["enum"] == ["cat", "dog"]
    box = schema["properties"]["parts"]["items"]["properties"]["box"]
    assert box == {
        "type": "array", "items": {"type": "integer"}, "minItems": 4, "maxItems": 4, "description": "Where it is."
    }  # fmt: skip
    assert schema["properties"]["known"] == {"anyOf": [{"type": "string"}, {"type": "null"}]}
    assert schema["properties"]["confidences"]["items"]["required"] == ["label", "confidence"]


def test_array_that_may_be_absent_is_left_out_where_it_is():
    answer = Answer("cat", {}, [], "x", None, {}, (), {})
    assert "embedding" not in answers.plain(answer)
