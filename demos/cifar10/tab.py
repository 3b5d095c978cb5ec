"""The answers of both networks, drawn."""

from __future__ import annotations

import gradio as gr

from demos.cifar10 import demo, gate
from demos.cifar10.predict import CLASSES, Answer, classify, look
from demos.shared import images
from demos.shared.ui import events, html, inputs, inside, sections, words
from weights.inside import Layer

NETWORKS = {"airbench": "Ours", "baseline": "The student project's"}
READ = 'print(answer["label"], answer["confidences"][0])'
DOUBT = "this may be none of the ten things"
# Other things are the categories of Caltech-101, none of which is among the ten.
WARNING = (
    "On strangers' photographs of the ten things, ours is right on {right}. Shown something else, it is sure, and "
    "wrong, {wrong} of the time."
)
RATES = {"right": "accuracy_photographs", "wrong": "false_positive_rate_objects"}
# Of pictures that the gate says nothing of.
WARNING_OF_FEW = (
    "In so few pixels little can be told apart. On CIFAR-10's own pictures ours is right on {right}. Shown something "
    "else, it is sure, and wrong, {wrong} of the time."
)
RATES_OF_FEW = {"right": "accuracy", "wrong": "false_positive_rate_objects_without_gate"}


def build() -> None:
    """Draw the tab into the one that the page has opened."""
    gr.HTML(html.known(words.know(CLASSES)))
    picture, answers = inputs.picture_and_answer("cifar10", demo.examples)
    with gr.Column(elem_classes="saw"):
        is_mapped = gr.Checkbox(False, label="Show where each network found its evidence", container=False)
        figures = html.html_area(200, elem_id="cifar10-inputs")
    with gr.Accordion("Adjust the crop", open=False):
        crop = inputs.crop_controls()
    inside.fold("cifar10", "the student project's network", look_inside, [picture, *crop], CLASSES)
    sections.about("cifar10")
    sections.elsewhere("cifar10", READ, network="airbench")

    others = [is_mapped, gr.State(events.Cancellation())]
    inputs.answer_crops(demo.networks, draw, picture, crop, others, [answers, figures], [is_mapped.input])


def look_inside(picture, zoom: float, x: float, y: float) -> list[Layer]:
    """What the layers of the student project's network make of a picture."""
    return look(picture, inputs.crop(zoom, x, y))


@events.messages(1)
def draw(picture, zoom: float, x: float, y: float, is_mapped: bool, runs: events.Cancellation) -> tuple[str, str]:
    """The HTML of the answers and of the networks' inputs, or one sentence."""
    opened, crop = images.open_quick(picture), inputs.crop(zoom, x, y)
    opinion = gate.ask(opened, crop)
    answers = [classify(opened, network, crop, opinion) for network in runs.follow(NETWORKS)]
    warning, rates = (WARNING, RATES) if opinion else (WARNING_OF_FEW, RATES_OF_FEW)
    warning = words.warn(answers[0].entry, warning, **rates)
    judged = html.judge({NETWORKS[one.network].lower(): _thing(one) for one in answers})
    cards = html.cards(verdict(answers), map(_card, answers), warning, judged)
    return cards + _opinion(opinion), html.row(_figures(answers, is_mapped, opened.size))


def _opinion(opinion: gate.Opinion | None) -> str:
    """What the gate says, in a quiet line; nothing where it has no opinion."""
    if opinion is None:
        return ""
    label = f"{opinion.label}, {html.percent(opinion.confidence)}" if opinion.is_familiar else opinion.label
    return f'<p class="small">What a network with full-size eyes says: {html.escape(label)}.</p>'


def _thing(answer: Answer) -> str:
    return words.with_article(answer.label) if answer.is_sure else "none of the ten"


def verdict(answers: list[Answer]) -> str:
    """What the networks say, in words."""
    whose = ("ours", "the student's network")
    said = [
        words.Says(who, words.with_article(answer.label), answer.is_sure)
        for who, answer in zip(whose, answers, strict=True)
    ]
    return words.verdict(*said, DOUBT)


def _card(answer: Answer) -> str:
    small = html.small_print(answer.entry, answer.milliseconds, "accuracy")
    title = NETWORKS[answer.network]
    return html.card(title, answer.network, answer.label, answer.confidences, answer.is_sure, small)


def _figures(answers: list[Answer], is_mapped: bool, size: tuple[int, int]) -> list[str]:
    """The networks' input, once, or beneath the evidence of each, which lies over the picture of this size as well."""
    if not is_mapped:
        return [html.figure(answers[0].inputs, "What both networks see: 32x32 pixels")]
    return [
        html.figure(
            answer.inputs,
            f"{NETWORKS[answer.network]}: evidence for {answer.label}",
            answer.class_activation_map,
            html.lie_over(answer.box, size),
        )  # fmt: skip
        for answer in answers
    ]
