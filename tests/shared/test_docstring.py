"""What a docstring says of a function and of its parameters."""

from dataclasses import dataclass

import pytest

from demos.shared import docstring


def documented(k: int, crop: int, share: float):
    """Find pictures.

    They are near. k: how many. Two: more than one. crop, share: windows
    of it; None for all.
    Raises images.PictureError: always, and k: never.
    """


def test_summary_and_texts_are_told_apart_and_errors_are_left_out():
    summary, texts = docstring.read(documented, ["k", "crop", "share"])
    assert summary == "Find pictures. They are near."
    window = "Windows of it; None for all."
    assert texts == {"k": "How many. Two: more than one.", "crop": window, "share": window}


@pytest.mark.parametrize("doc, summary", [(None, ""), ("", ""), ("Raises k.", ""), ("One: thing", "One: thing.")])
def test_docstring_without_parameters_is_a_summary(doc, summary):
    def function(one): ...

    function.__doc__ = doc
    assert docstring.read(function, ["one"]) == (summary, {})


@dataclass
class Base:
    """A base. id: its number."""

    id: int


@dataclass
class Inherited(Base):
    """More. name: what it is called."""

    name: str


def test_class_has_the_texts_of_those_it_inherits_from():
    texts = {"id": "Its number.", "name": "What it is called."}
    assert docstring.read(Inherited, ["id", "name"]) == ("More.", texts)
