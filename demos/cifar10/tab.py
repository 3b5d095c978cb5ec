"""The answers of both networks, drawn."""

from __future__ import annotations

import gradio as gr

from demos.cifar10 import demo, gate
from demos.cifar10.predict import Answer, classify
from demos.shared.ui import events, html, inputs, sections

NETWORKS = {"airbench": "Ours", "baseline": "The student project's"}
READ = 'print(answer["label"], answer["confidences"][0])'
WHOLE = (1, 0.5, 0.5)  # what the crop controls begin with


def build() -> None:
    """Draw the tab into the one that the page has opened."""
    with gr.Row(elem_classes="loupe"):
        with gr.Column(elem_classes="asks"):
            picture, _ = inputs.picture_and_examples("cifar10", demo.examples)
        with gr.Column(elem_classes="answers"):
            answers = html.html_area(300, elem_id="cifar10-answer")
    with gr.Column(elem_classes="saw"):
        is_mapped = gr.Checkbox(False, label="Show where each network found its evidence", container=False)
        figures = html.html_area(200, elem_id="cifar10-inputs")
    with gr.Accordion("Adjust the crop", open=False):
        crop = inputs.crop_controls()
    sections.about("cifar10")
    sections.elsewhere("cifar10", READ, network="airbench")

    runs = gr.State(events.Cancellation())
    given, outputs = [picture, *crop, is_mapped, runs], [answers, figures]
    events.answer_first(demo.networks, draw, given, outputs)
    inputs.viewable(picture)
    short = {**events.SHORT, "trigger_mode": "always_last"}
    picture.change(draw_whole, [picture, is_mapped, runs], [*crop, *outputs], **short)
    tap = picture.select(inputs.tap_to_crop, [picture, crop[0]], crop, **events.SHORT)
    for event in (tap.then, *(control.input for control in (*crop, is_mapped))):
        event(draw, given, outputs, **short)


def draw_whole(picture, is_mapped: bool, runs: events.Cancellation) -> tuple:
    """A new picture is shown whole: the crop's three values, and what `draw` gives."""
    return *WHOLE, *draw(picture, *WHOLE, is_mapped, runs)


@events.messages(1)
def draw(picture, zoom: float, x: float, y: float, is_mapped: bool, runs: events.Cancellation) -> tuple[str, str]:
    """The HTML of the answers and of the networks' inputs, or one sentence."""
    opened, crop = gate.open_picture(picture), inputs.crop(zoom, x, y)
    opinion = gate.ask(opened, crop)
    answers = [classify(opened, network, crop, opinion) for network in runs.follow(NETWORKS)]
    drawn = html.cards(verdict(answers), map(_card, answers)) + _opinion(opinion)
    return drawn, html.row(_figures(answers, is_mapped))


def _opinion(opinion: gate.Opinion | None) -> str:
    """What the gate says, in a quiet line; nothing where it has no opinion."""
    if opinion is None:
        return ""
    label = f"{opinion.label}, {html.percent(opinion.confidence)}" if opinion.is_familiar else opinion.label
    return f'<p class="small">What a network with full-size eyes says: {label}.</p>'


def verdict(answers: list[Answer]) -> str:
    """One line: whether the networks agree."""
    sure = [answer.is_sure for answer in answers]
    if not any(sure):
        return "Neither network is sure: this may be none of the ten things."
    if not all(sure):
        return "Only one network is sure."
    labels = {answer.label for answer in answers}
    return f"Both networks say {labels.pop()}." if len(labels) == 1 else "The networks disagree."


def _card(answer: Answer) -> str:
    small = html.small_print(answer.entry, answer.milliseconds, "accuracy")
    title = NETWORKS[answer.network]
    return html.card(title, answer.network, answer.label, answer.confidences, answer.is_sure, small)


def _figures(answers: list[Answer], is_mapped: bool) -> list[str]:
    """The networks' input, once, or beneath the evidence of each."""
    if not is_mapped:
        return [html.figure(answers[0].inputs, "What both networks see: 32x32 pixels")]
    return [
        html.figure(
            answer.inputs, f"{NETWORKS[answer.network]}: evidence for {answer.label}", answer.class_activation_map
        )
        for answer in answers
    ]
