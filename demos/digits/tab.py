"""The readings of both networks, drawn."""

from __future__ import annotations

import html

import gradio as gr

import weights
from demos import images, parts, plot, sketch
from demos.digits import demo, examples
from demos.digits.find import LONGEST
from demos.digits.predict import NETWORKS, Answer, Digit, Reading, predict
from weights import results

TITLES = {"lenet": "LeNet", "mobilenetv2": "MobileNetV2"}
YEARS = {"lenet": "1998", "mobilenetv2": "2018"}
DRAW, PICTURE = "Draw", "Camera or file"
REFUSED = "not a 0, 1 or 2"
EMPTY = "Draw a 0, a 1 or a 2 with your finger, a pen or the mouse."
NOTHING_FOUND = "No digit was found: write one large and dark on plain paper, or move the camera closer."
PLACES = {"10": "accuracy_10_images", "100": "accuracy_100_images", "1,000": "accuracy_1000_images", "all": "accuracy"}
PYTHON = """from gradio_client import Client, handle_file

client = Client("{url}")
answer = client.predict(handle_file("digits.jpg"), api_name="/digits")
for digit in answer["digits"]:
    print(digit["box"], *(reading["label"] for reading in digit["readings"] if reading["accepted"]))"""
HTTP = """# upload the picture, ask, and read the answer
FILE=$(curl -s -F files=@digits.jpg {url}/gradio_api/upload | cut -d'"' -f2)
ID=$(curl -s {url}/gradio_api/call/digits -H "Content-Type: application/json" \\
  -d '{"data": [{"path": "'$FILE'", "meta": {"_type": "gradio.FileData"}}]}' | cut -d'"' -f4)
curl -sN {url}/gradio_api/call/digits/$ID"""


def build() -> None:
    """Draw the tab into the one that the page has opened."""
    shown = examples.files()
    with gr.Row(elem_classes="loupe"):
        with gr.Column(elem_classes="asks"):
            way = gr.Radio([DRAW, PICTURE], value=DRAW, label="How", show_label=False, elem_classes="ways")
            with gr.Column(elem_classes="sheet"):
                pad = sketch.pad(examples.sketch(), "Draw a 0, 1 or 2 here", elem_id="digits-pad")
                picture = parts.picture_input(
                    next(iter(shown.values())), elem_id="digits-picture", elem_classes="given"
                )
                boxes = gr.HTML(elem_id="digits-boxes", elem_classes="boxes")
            chosen = parts.examples(shown, picture)
        with gr.Column(elem_classes="answers"):
            answers = parts.space(300, elem_id="digits-answer")
    with gr.Column(elem_classes="saw"):
        seen = parts.space(200, elem_id="digits-seen")
    parts.about("digits", transfer)
    parts.elsewhere("digits", PYTHON, HTTP)

    inputs, outputs = [way, pad, picture], [answers, boxes, seen]
    parts.answers_first(demo.networks, draw, inputs, outputs)
    quiet = {"show_progress": "hidden", "api_visibility": "private", "concurrency_id": "answers"}
    for change in (way.change, pad.input, picture.change):
        change(draw, inputs, outputs, **quiet, trigger_mode="always_last")
    picture.input(parts.viewable, picture, picture, **quiet, queue=False)
    chosen.then(lambda: PICTURE, None, way, **quiet, queue=False)


def draw(way: str, strokes, picture) -> tuple[str, str, str]:
    """The HTML of the answers, of the boxes over the picture and of what the networks saw, or one sentence."""
    try:
        source = sketch.pixels(strokes) if way == DRAW else picture
        if way == DRAW and source is None:
            return parts.sentence(EMPTY), "", ""
        opened = images.open(source, longest=LONGEST)
        answer = predict(opened)
    except images.PictureError as error:
        return parts.sentence(str(error), "wait" if str(error) == images.NOTHING else "error"), "", ""
    except weights.Unavailable as error:
        return parts.sentence(str(error)), "", ""
    is_boxed = way == PICTURE or len(answer.digits) > 1
    places = [digit.box for digit in answer.digits] if is_boxed else []
    seen = parts.row(_seen(answer), small=len(answer.digits) > 1)
    return _answers(answer), parts.boxes(places, opened.size), seen


def _answers(answer: Answer) -> str:
    if not answer.digits:
        return parts.sentence(NOTHING_FOUND, "unsure")
    if len(answer.digits) == 1:
        return parts.cards(verdict(answer), map(_card, answer.digits[0].readings))
    return f'<p class="verdict" role="status">{verdict(answer)}</p>{_table(answer.digits)}'


def verdict(answer: Answer) -> str:
    """One line: what the networks read, and whether they agree."""
    by_network = list(zip(*(map(_said, digit.readings) for digit in answer.digits), strict=True))
    agree = by_network[0] == by_network[1]
    refused = " A ? is not a 0, 1 or 2." if "?" in by_network[0] + by_network[1] else ""
    if len(answer.digits) > 1:
        if agree:
            return f"Both networks read {', '.join(by_network[0])}.{refused}"
        apart = sum(one != other for one, other in zip(*by_network, strict=True))
        return f"The networks disagree on {apart} of {len(answer.digits)} digits.{refused}"
    if agree:
        return "Neither takes this for a 0, 1 or 2." if refused else f"Both networks say {by_network[0][0]}."
    said = (f"{TITLES[r.network]} says {r.label if r.accepted else REFUSED}" for r in answer.digits[0].readings)
    return f"The networks disagree: {', '.join(said)}."


def _said(reading: Reading) -> str:
    return reading.label if reading.accepted else "?"


def _card(reading: Reading) -> str:
    name = reading.network
    small = _small(reading.milliseconds, name)
    return parts.card(
        TITLES[name], YEARS[name], reading.label, reading.confidences, reading.accepted, small, doubt=REFUSED
    )


def _small(milliseconds: float, name: str) -> str:
    """Time, parameters, and how often such an answer is right."""
    entry = weights.load(f"digits/{name}").entry
    right = entry.get("metrics", {}).get("accuracy")
    often = "" if right is None else f", right on {results.figure('accuracy', right)} of the test digits"
    return f"{milliseconds:.1f} ms, {entry['parameters']:,} parameters{often}"


def _table(digits: list[Digit]) -> str:
    """A row for each digit: its number in the picture, what was seen, and both readings."""
    heads = "".join(f"<th>{TITLES[name]}</th>" for name in NETWORKS)
    rows = "".join(
        f'<tr><th scope="row">{number}</th><td><img src="{parts.data_uri(digit.seen)}" alt=""></td>'
        f"{''.join(map(_cell, digit.readings))}</tr>"
        for number, digit in enumerate(digits, 1)
    )
    times = [sum(digit.readings[k].milliseconds for digit in digits) for k in range(len(NETWORKS))]
    notes = "".join(
        f"<br>{TITLES[name]}: {_small(time, name)}" for name, time in zip(NETWORKS, times, strict=True)
    ).removeprefix("<br>")
    return (
        f'<article class="card several"><table><thead><tr><th>No.</th><th>Seen</th>{heads}</tr></thead>'
        f'<tbody>{rows}</tbody></table><p class="small">{notes}</p></article>'
    )


def _cell(reading: Reading) -> str:
    if not reading.accepted:
        return f'<td class="unsure">{REFUSED}</td>'
    return f"<td><b>{reading.label}</b> {html.escape(parts.percent(reading.confidences[reading.label]))}</td>"


def _seen(answer: Answer) -> list[str]:
    """What was done to find the digits, and what both networks saw of them, by number."""
    steps = [parts.step(pixels, caption) for caption, pixels in answer.steps.items()]
    alone = len(answer.digits) == 1
    captions = ["What both networks see: 28x28 pixels" if alone else str(k + 1) for k in range(len(answer.digits))]
    return steps + [parts.figure(digit.seen, caption) for digit, caption in zip(answer.digits, captions, strict=True)]


def transfer(entries: dict[str, dict]) -> str:
    """What it bought to have seen photographs before: a plot of accuracy by number of training pictures."""
    metrics = {TITLES[name]: entries.get(f"digits/{name}", {}).get("metrics", {}) for name in NETWORKS}
    if not all(key in found for found in metrics.values() for key in PLACES.values()):
        return ""
    series = {name: [found[key] for key in PLACES.values()] for name, found in metrics.items()}
    drawn = plot.accuracies(series, list(PLACES), "training digits")
    return f'<p class="verdict">Accuracy by number of training digits</p>{drawn}'
