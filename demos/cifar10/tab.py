"""The answers of both networks, drawn."""

from __future__ import annotations

import gradio as gr

import weights
from demos import images, parts
from demos.cifar10 import demo, examples
from demos.cifar10.predict import LONGEST, Answer, Crop, predict
from demos.parts import tapped

NETWORKS = {"fast": "Ours", "tutorial": "The tutorial's"}
PYTHON = """from gradio_client import Client, handle_file

client = Client("{url}")
answer = client.predict(handle_file("cat.jpg"), network="fast", api_name="/cifar10")
print(answer["label"], answer["confidences"][0])"""
HTTP = """# upload the picture, ask, and read the answer
FILE=$(curl -s -F files=@cat.jpg {url}/gradio_api/upload | cut -d'"' -f2)
ID=$(curl -s {url}/gradio_api/call/cifar10 -H "Content-Type: application/json" \\
  -d '{"data": [{"path": "'$FILE'", "meta": {"_type": "gradio.FileData"}}, "fast"]}' | cut -d'"' -f4)
curl -sN {url}/gradio_api/call/cifar10/$ID"""


def build() -> None:
    """Draw the tab into the one that the page has opened."""
    shown = examples.files()
    with gr.Row(elem_classes="loupe"):
        with gr.Column(elem_classes="asks"):
            picture = parts.picture_input(next(iter(shown.values())), elem_id="cifar10-picture")
            parts.examples(shown, picture)
        with gr.Column(elem_classes="answers"):
            answers = parts.space(300, elem_id="cifar10-answer")
    with gr.Column(elem_classes="saw"):
        heat = gr.Checkbox(False, label="Show where each network found its evidence", container=False)
        seen = parts.space(200, elem_id="cifar10-seen")
    with gr.Accordion("Adjust the crop", open=False):
        crop = parts.crop_controls()
    parts.about("cifar10")
    parts.elsewhere("cifar10", PYTHON, HTTP)

    inputs, outputs = [picture, *crop, heat], [answers, seen]
    parts.answers_first(demo.networks, draw, inputs, outputs)
    quiet = {"show_progress": "hidden", "api_visibility": "private", "concurrency_id": "answers"}
    picture.change(whole, [picture, heat], [*crop, *outputs], **quiet, trigger_mode="always_last")
    picture.input(parts.viewable, picture, picture, **quiet, queue=False)
    picture.select(tapped, [picture, crop[0]], crop, **quiet, queue=False).then(draw, inputs, outputs, **quiet)
    for control in (*crop, heat):
        control.input(draw, inputs, outputs, **quiet, trigger_mode="always_last")


def whole(picture, heat: bool) -> tuple:
    """A new picture, seen whole: the crop's three values, and what `draw` says."""
    seen_whole = (1, 0.5, 0.5)
    return *seen_whole, *draw(picture, *seen_whole, heat)


def draw(picture, zoom: float, across: float, down: float, heat: bool) -> tuple[str, str]:
    """The HTML of the answers and of what the networks saw, or one sentence."""
    try:
        opened = images.open(picture, longest=LONGEST)
        crop = Crop(zoom, across, down) if zoom > 1 else None
        said = [predict(opened, name, crop) for name in NETWORKS]
    except images.PictureError as error:
        return parts.sentence(str(error), "wait" if picture is None else "error"), ""
    except weights.Unavailable as error:
        return parts.sentence(str(error)), ""
    return parts.cards(verdict(said), map(_card, said)), parts.row(_seen(said, heat))


def verdict(said: list[Answer]) -> str:
    """One line: whether the networks agree."""
    if not any(answer.sure for answer in said):
        return "Neither network is sure: this may be none of the ten things."
    if all(answer.sure for answer in said) and len({answer.label for answer in said}) == 1:
        return f"Both networks say {said[0].label}."
    return "The networks disagree." if all(answer.sure for answer in said) else "Only one network is sure."


def _card(answer: Answer) -> str:
    entry = weights.load(f"cifar10/{answer.network}").entry
    right = entry.get("metrics", {}).get("accuracy")
    often = "" if right is None else f", right on {100 * right:.1f} % of the test pictures"
    small = f"{answer.milliseconds:.1f} ms, {entry['parameters']:,} parameters{often}"
    return parts.card(NETWORKS[answer.network], answer.network, answer.label, answer.confidences, answer.sure, small)


def _seen(said: list[Answer], heat: bool) -> list[str]:
    """What the networks saw, once, or with each one's heat map over it."""
    if not heat:
        return [parts.figure(said[0].seen, "What both networks see: 32x32 pixels")]
    return [
        parts.figure(answer.seen, f"{NETWORKS[answer.network]}: evidence for {answer.label}", answer.heat)
        for answer in said
    ]
