"""The readings of both networks, drawn."""

from __future__ import annotations

import json
from html import escape

import gradio as gr

import weights
from demos.digits import demo, plot, sketch
from demos.digits.predict import LABELS, NETWORKS, Answer, Digit, Reading, look, predict
from demos.digits.segment import LONGEST, MOST, LeftOut
from demos.shared import images
from demos.shared.ui import events, html, inputs, inside, sections, words
from weights.inside import Layer

TITLES = {"lenet": "LeNet", "mobilenetv2": "MobileNetV2"}
YEARS = {"lenet": "1998", "mobilenetv2": "2018"}
KNOWN = words.know(LABELS)
LIVE = 320  # pixels of a side of the camera's frames
DRAW, PICTURE = "Draw", "Camera or file"
REFUSED = "not a 0, 1 or 2"
EMPTY = "Draw a 0, a 1 or a 2 with your finger, a pen or the mouse."
OF = "of the test digits"
NOTHING_FOUND = "No digit was found: write one large and dark on plain paper, or move the camera closer."
PLACES = {"10": "accuracy_10_images", "100": "accuracy_100_images", "1,000": "accuracy_1000_images", "all": "accuracy"}
READ = """for digit in answer["digits"]:
    print(digit["box"], *(reading["label"] for reading in digit["readings"] if reading["is_accepted"]))"""


def build() -> None:
    """Draw the tab into the one that the page has opened."""
    gr.HTML(html.known(KNOWN))
    with gr.Row(elem_classes="loupe"):
        with gr.Column(elem_classes="asks"):
            way = gr.Radio([DRAW, PICTURE], value=DRAW, label="How", show_label=False, elem_classes="ways")
            with gr.Column(elem_classes="sheet"):
                pad = sketch.pad(sketch.EXAMPLE, "Draw a 0, 1 or 2 here", elem_id="digits-pad")
                first = inputs.first_example("digits", demo.examples)
                picture = inputs.picture_input(
                    first, elem_id="digits-picture", elem_classes="given", longest=LONGEST, live=LIVE
                )
                boxes = gr.HTML(elem_id="digits-boxes", elem_classes="boxes")
            example = inputs.examples("digits", demo.examples, picture)
        with gr.Column(elem_classes="answers"):
            answers = html.html_area(304, elem_id="digits-answer")
            inside.fold("digits", "LeNet", look_inside, [way, pad, picture], LABELS)
    with gr.Column(elem_classes="saw"):
        steps = html.html_area(200, elem_id="digits-inputs")
    sections.about("digits", transfer)
    sections.elsewhere("digits", read=READ, file="digits.jpg")

    values, outputs = [way, pad, picture], [answers, boxes, steps]
    events.answer_first(demo.networks, draw, values, outputs, of=sketch.pixels(sketch.EXAMPLE))
    gr.on([way.change, pad.input, picture.change], draw, values, outputs, **events.LATEST)  # one, answered in order
    for event in (example.then, pad.upload):
        event(None, None, way, js=f"() => {json.dumps(PICTURE)}", **events.INSTANT)
    inputs.viewable(picture)


def look_inside(way: str, strokes, picture) -> list[Layer] | None:
    """What LeNet's layers make of the first digit; None where there is none."""
    source = sketch.pixels(strokes) if way == DRAW else picture
    return None if source is None else look(source)


@events.messages(2)
def draw(way: str, strokes, picture) -> tuple[str, str, str]:
    """The HTML of the answers, of the boxes over the picture, and of the networks' inputs."""
    source = sketch.pixels(strokes) if way == DRAW else picture
    if way == DRAW and source is None:
        return html.message(EMPTY), "", ""
    opened = images.open_quick(source, LONGEST)
    answer = predict(opened)
    is_boxed = way == PICTURE or len(answer.digits) > 1
    places = [digit.box for digit in answer.digits] if is_boxed else []
    figures = html.row(_figures(answer), small=len(answer.digits) > 1)
    return _answers(answer), html.boxes(places, opened.size), figures


def _answers(answer: Answer) -> str:
    rest = left_out(answer.left_out)
    if not answer.digits:
        return html.message(f"{NOTHING_FOUND} {rest}".strip(), "unsure")
    note = f'<p class="small">{rest}</p>' if rest else ""
    if len(answer.digits) == 1:
        readings = answer.digits[0].readings
        judged = html.judge({TITLES[one.network]: _thing(one) for one in readings})
        return html.cards(verdict(answer), map(_card, readings), judged=judged) + note
    read = any(reading.is_accepted for digit in answer.digits for reading in digit.readings)
    return f"{html.say(verdict(answer))}{note}{_table(answer.digits) if read else ''}"


def left_out(rest: LeftOut) -> str:
    """One sentence on what of the picture is not read; empty where all is."""
    kinds = (
        (rest.digits, f"digit beyond the first {MOST}", f"digits beyond the first {MOST}"),
        (rest.marks, "mark that is too small or too faint", "marks that are too small or too faint"),
        (rest.lines, "line or frame", "lines or frames"),
    )
    parts = [f"{count} {one if count == 1 else several}" for count, one, several in kinds if count]
    return f"Left out: {', '.join(parts)}." if parts else ""


def verdict(answer: Answer) -> str:
    """One line: what the networks read, and whether they agree."""
    by_network = list(zip(*(map(_label, digit.readings) for digit in answer.digits), strict=True))
    is_unanimous = by_network[0] == by_network[1]
    refused = " A ? is not a 0, 1 or 2." if "?" in by_network[0] + by_network[1] else ""
    if len(answer.digits) > 1:
        if {"?"} == set(by_network[0] + by_network[1]):
            return f"Neither takes any of these {len(answer.digits)} marks for a 0, 1 or 2."
        if is_unanimous:
            return f"Both networks read {', '.join(by_network[0])}.{refused}"
        disagreements = sum(one != other for one, other in zip(*by_network, strict=True))
        return f"The networks disagree on {disagreements} of {len(answer.digits)} digits.{refused}"
    if is_unanimous:
        return "Neither takes this for a 0, 1 or 2." if refused else f"A {by_network[0][0]}. Both networks are sure."
    lenet, other = answer.digits[0].readings
    if other.is_accepted and not lenet.is_accepted:
        return f"A {other.label}. {TITLES[other.network]} is sure; {TITLES[lenet.network]} is not."
    answers = (f"{TITLES[r.network]} says {r.label if r.is_accepted else REFUSED}" for r in answer.digits[0].readings)
    return f"The networks disagree: {', '.join(answers)}."


def _thing(reading: Reading) -> str:
    return f"a {reading.label}" if reading.is_accepted else "none of them"


def _label(reading: Reading) -> str:
    return reading.label if reading.is_accepted else "?"


def _card(reading: Reading) -> str:
    name = reading.network
    small = html.small_print(reading.entry, reading.milliseconds, "accuracy", OF)
    return html.card(
        TITLES[name], YEARS[name], reading.label, reading.confidences, reading.is_accepted, small, doubt=REFUSED
    )


def _table(digits: list[Digit]) -> str:
    """A row for each digit: its number in the picture, what the networks are given, and both readings."""
    heads = "".join(f"<th>{TITLES[name]}</th>" for name in NETWORKS)
    rows = "".join(
        f'<tr><th scope="row">{number}</th><td><img src="{html.data_uri(digit.inputs)}" alt=""></td>'
        f"{''.join(map(_cell, digit.readings))}</tr>"
        for number, digit in enumerate(digits, 1)
    )
    times = [sum(digit.readings[k].milliseconds for digit in digits) for k in range(len(NETWORKS))]
    notes = "".join(
        f"<br>{TITLES[reading.network]}: {html.small_print(reading.entry, time, 'accuracy', OF)}"
        for reading, time in zip(digits[0].readings, times, strict=True)
    ).removeprefix("<br>")
    return (
        f'<article class="card several"><table><thead><tr><th>No.</th><th>Input</th>{heads}</tr></thead>'
        f'<tbody>{rows}</tbody></table><p class="small">{notes}</p></article>'
    )


def _cell(reading: Reading) -> str:
    if not reading.is_accepted:
        return f'<td class="unsure">{REFUSED}</td>'
    return f"<td><b>{reading.label}</b> {escape(html.percent(reading.confidences[reading.label]))}</td>"


def _figures(answer: Answer) -> list[str]:
    """The steps of the segmentation, and what both networks are given of each digit, by number."""
    steps = [html.step(pixels, caption) for caption, pixels in answer.steps.items()]
    alone = len(answer.digits) == 1
    captions = ["What both networks see: 28x28 pixels" if alone else str(k + 1) for k in range(len(answer.digits))]
    return steps + [html.figure(digit.inputs, caption) for digit, caption in zip(answer.digits, captions, strict=True)]


def transfer(entries: dict[str, weights.Entry]) -> str:
    """What transfer from photographs gains: a plot of accuracy by number of training pictures."""
    figures = {TITLES[name]: entries[f"digits/{name}"].figures for name in NETWORKS if f"digits/{name}" in entries}
    if len(figures) < len(NETWORKS) or any(set(PLACES.values()) - measured.keys() for measured in figures.values()):
        return ""
    series = {name: [measured[key] for key in PLACES.values()] for name, measured in figures.items()}
    drawn = plot.accuracies(series, list(PLACES), "training digits")
    return f'<p class="verdict">Accuracy by number of training digits</p>{drawn}'
