"""The parameters of a function, and the check of values for them."""

from typing import Annotated, Literal

import pytest
from pydantic import Field

from demos.shared import images, signature
from demos.shared.signature import REQUIRED, Parameter


def function(
    image: images.Source,
    others: list[images.Source],
    mode: Literal["a", "b"] = "a",
    k: int = 4,
    share: Annotated[float, Field(ge=0, le=1)] = 0.5,
    is_grey: bool = False,
    title: str = "",
    crop: images.Crop | None = None,
) -> images.Picture:
    """Take one parameter of every kind."""


def test_parameters_have_their_kinds_and_defaults():
    assert signature.parameters(function) == [
        Parameter("image", "picture"),
        Parameter("others", "pictures"),
        Parameter("mode", "choice", "a", ("a", "b")),
        Parameter("k", "int", 4),
        Parameter("share", "float", 0.5, least=0, most=1),
        Parameter("is_grey", "bool", False),
        Parameter("title", "str", ""),
        Parameter("crop", "crop", None),
    ]
    assert [one.name for one in signature.parameters(function) if one.default is REQUIRED] == ["image", "others"]
    assert not signature.gives_picture(function)


def test_a_function_without_a_type_of_its_answer_gives_no_picture():
    assert not signature.gives_picture(lambda image: image)


@pytest.mark.parametrize(
    "parameter, value, sentence",
    [
        (Parameter("mode", "choice", "a", ("a", "b")), "c", "mode must be one of a, b, not 'c'."),
        (Parameter("k", "int"), None, "k must be a whole number, not 'None'."),
        (Parameter("strength", "float", 1.0, least=0), -1, "strength must be a number from 0, not '-1'."),
        (Parameter("share", "float"), "x" * 200, f"share must be a number, not '{'x' * 80}'."),
    ],
)
def test_a_wrong_value_is_a_sentence_that_names_the_parameter(parameter, value, sentence):
    with pytest.raises(ValueError) as caught:
        parameter.check(value)
    assert str(caught.value) == sentence
