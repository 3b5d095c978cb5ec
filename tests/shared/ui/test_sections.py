"""What stands folded beneath every demo."""

import json
import re
import shlex

import gradio as gr
import pytest

from demos.shared.ui import sections
from tests.house import DEMOS, FOUND


def test_the_snippets_have_every_argument():
    texts = sections.snippets("cifar10", 'print(answer["label"])', network="baseline")
    assert list(texts) == ["Link", "Embed", "Python", "HTTP"]
    assert texts["Link"] == "{url}/?demo=cifar10"
    assert 'src="{url}/?demo=cifar10&embed"' in texts["Embed"]
    call = 'client.predict(handle_file("cat.jpg"), network="baseline", api_name="/cifar10")'
    assert f"answer = {call}\nprint(answer[" in texts["Python"]
    (data,) = re.findall(r"-d '(.*)' \|", texts["HTTP"])
    sent = json.loads(data.replace("'$FILE'", "picture.jpg"))["data"]
    assert sent == [{"path": "picture.jpg", "meta": {"_type": "gradio.FileData"}}, "baseline", None]


def test_a_demo_that_gives_a_picture_has_it_fetched():
    texts = sections.snippets("denoiser", "print(file)", "noisy.jpg")
    assert "file = client.predict(" in texts["Python"] and "-o denoiser.png" in texts["HTTP"]
    assert "noisy.jpg" in texts["HTTP"]


@pytest.mark.parametrize("name", DEMOS)
def test_the_snippets_are_python_and_shell(name):
    endpoints = next(found for found in FOUND if found.name == name).endpoints
    calls = [text for label, text in sections.snippets(name).items() if label not in ("Link", "Embed")]
    assert len(calls) == 2 * len(endpoints)
    for endpoint, python, http in zip(endpoints, calls[::2], calls[1::2], strict=True):
        compile(python, "snippet", "exec")
        assert f'api_name="/{endpoint}")' in python and f"/call/{endpoint} " in http
        assert shlex.split(http, comments=True) and "$$" not in http


def test_a_further_picture_has_the_name_of_its_parameter():
    texts = sections.snippets("style", "print(answer)", "photo.jpg", k=4)
    call = 'client.predict(handle_file("photo.jpg"), style=handle_file("style.jpg"), api_name="/style_transfer")'
    assert f"file = {call}" in texts["Python, /style_transfer"]
    assert "-o style_transfer.png" in texts["HTTP, /style_transfer"]


def test_about_shows_the_card_without_its_front_matter():
    with gr.Blocks() as blocks:
        sections.about("cifar10", lambda entries: f"{len(entries)} networks")
    values = [block.value for block in blocks.blocks.values() if isinstance(block, gr.HTML | gr.Markdown)]
    assert values[0] == "3 networks" and "| Parameters |" in values[1] and "license:" not in values[1]


def test_about_a_demo_without_a_card_shows_its_figures():
    text = sections._card("", "| a table |")
    assert text.startswith("<div") and "| a table |" in text
