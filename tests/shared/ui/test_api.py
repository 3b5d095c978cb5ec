"""A function as an endpoint."""

import dataclasses
import inspect
import json
from typing import Annotated, Literal

import gradio as gr
import numpy as np
import pytest
from pydantic import Field

import weights
from demos.shared import images
from demos.shared.signature import ContractError
from demos.shared.ui import api, events


@dataclasses.dataclass(frozen=True, eq=False)
class Answer:
    label: str
    confidences: dict
    pixels: np.ndarray
    box: tuple
    entry: dict = dataclasses.field(default_factory=lambda: {"parameters": 1})


def test_an_answer_as_json_has_its_confidences_and_neither_arrays_nor_entry():
    answer = Answer("cat", {"cat": 0.9, "dog": 0.1}, np.zeros((2, 2)), (0, 0, 2, 2))
    assert json.loads(json.dumps(api.plain(answer))) == {
        "label": "cat",
        "confidences": [{"label": "cat", "confidence": 0.9}, {"label": "dog", "confidence": 0.1}],
        "box": [0, 0, 2, 2],
    }


@dataclasses.dataclass(frozen=True, eq=False)
class Several:
    answers: list
    steps: dict


def test_an_answer_in_an_answer_is_json_as_well():
    one = Answer("cat", {"cat": 1.0}, np.zeros((2, 2)), (0, 0, 2, 2))
    assert api.plain(Several([one], {"step": np.zeros((2, 2))})) == {"answers": [api.plain(one)]}
    assert api.plain(Several([], {})) == {"answers": [], "steps": {}}
    assert api.plain(Several([np.zeros(2)], {"share": np.float32(0.5)})) == {"steps": {"share": 0.5}}


def ask(image: images.Source, kind: Literal["a", "b"] = "b", crop: images.Crop | None = None) -> Answer:
    """Ask one picture."""
    if not image:
        raise images.PictureError("Choose a picture.")
    if kind == "a":
        raise weights.Unavailable("Not yet.")
    return Answer(kind, {kind: 1.0}, np.zeros(1), crop)


def endpoint(function, **options):
    """The event of an endpoint of this function."""
    with gr.Blocks() as blocks:
        api.add_endpoint("thing", function, **options)
    (event,) = blocks.fns.values()
    return event


def test_an_endpoint_has_the_choices_of_predict_and_turns_errors_into_sentences():
    function = endpoint(ask)
    assert function.api_name == "thing" and "Ask one picture." in function.api_description
    assert [block.get_block_name() for block in function.inputs] == ["image", "dropdown", "json"]
    assert function.inputs[1].value == "b" and [value for _, value in function.inputs[1].choices] == ["a", "b"]
    assert function.fn("x", "b", None)["label"] == "b"
    for arguments, sentence in (
        ((None, "b", None), "image must be an uploaded picture"),
        (("", "b", None), "Choose a picture."),
        (("x", "a", None), "Not yet."),
    ):
        with pytest.raises(gr.Error, match=sentence) as caught:
            function.fn(*arguments)
        assert not caught.value.print_exception


def test_a_crop_comes_as_json():
    call = endpoint(ask).fn
    assert call("x", "b", {"zoom": 2, "x": 0})["box"] == {"zoom": 2, "x": 0, "y": 0.5}
    for crop in ({"zoom": 0.5}, {"x": 2}, {"left": 1}, {"y": "top"}, [1, 2, 3], 2, {"zoom": float("nan")}):
        with pytest.raises(gr.Error, match="^.crop must be an object like"):
            call("x", "b", crop)


def every_kind(
    number: Annotated[int, Field(ge=-5, le=10)], share: float = 0.5, is_grey: bool = False, title: str = "none"
) -> Answer:
    """Take every kind of value."""
    return Answer(title, {}, np.zeros(1), (number, share, is_grey))


def test_values_are_checked_against_type_and_range_and_a_null_is_none_of_them():
    call = endpoint(every_kind).fn
    assert call(2.0, 0.5, False, "a")["box"] == (2, 0.5, False)
    assert call(2, 1, True, "a")["box"] == (2, 1.0, True)
    for values, sentence in (
        ((None, 1, True, "a"), "number must be a whole number from -5 to 10"),
        ((True, 1, True, "a"), "number must be a whole number from -5 to 10"),
        ((2.5, 1, True, "a"), "number must be a whole number from -5 to 10"),
        ((-6, 1, True, "a"), "number must be a whole number from -5 to 10"),
        ((1e9, 1, True, "a"), "number must be a whole number from -5 to 10"),
        ((2, None, True, "a"), "share must be a number"),
        ((2, 1, None, "a"), "is_grey must be true or false"),
        ((2, 1, True, None), "title must be a text"),
        ((2, "1", True, "a"), "share must be a number"),
        ((2, float("inf"), True, "a"), "share must be a number"),
        ((2, 1, 1, "a"), "is_grey must be true or false"),
        ((2, 1, True, 5), "title must be a text"),
    ):
        with pytest.raises(gr.Error, match=f"^.{sentence}, not "):
            call(*values)


def test_an_endpoint_is_in_the_lane_that_its_demo_asks_for():
    short, long = endpoint(ask), endpoint(ask, lane=events.LONG)
    assert (short.concurrency_id, short.concurrency_limit) == ("short", None)
    assert (long.concurrency_id, long.concurrency_limit) == ("long", None)
    assert inspect.iscoroutinefunction(long.fn) and not inspect.iscoroutinefunction(short.fn)  # it waits for its turn


def no_type(image: images.Source, strength=1.0):
    """A parameter without a type."""


def other_type(image: images.Source, options: dict | None = None):
    """A parameter of a type that no endpoint takes."""


def any_number(*pictures: images.Source):
    """No endpoint can tell how many."""


@pytest.mark.parametrize("function, name", [(no_type, "strength"), (other_type, "options"), (any_number, "pictures")])
def test_a_parameter_without_a_supported_type_is_named(function, name):
    with pytest.raises(ContractError, match=f"the parameter {name} of .*{function.__name__}"):
        endpoint(function)


@dataclasses.dataclass(frozen=True, eq=False)
class Restored:
    pixels: np.ndarray

    def png(self) -> bytes:
        return images.png(self.pixels)


def lighten(image: images.Source, strength: float = 0.5) -> Restored:
    """Add light."""
    return Restored(np.full((2, 3, 3), round(255 * strength), np.uint8))


def test_an_endpoint_may_take_numbers_and_give_a_picture():
    function = endpoint(lighten)
    assert [block.get_block_name() for block in (*function.inputs, *function.outputs)] == ["image", "number", "image"]
    assert function.inputs[1].value == 0.5 and function.inputs[1].label == "strength"
    assert (images.open(function.fn("x", 1.0)).pixels == 255).all()
