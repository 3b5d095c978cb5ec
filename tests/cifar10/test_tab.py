"""Answers, drawn."""

import dataclasses
import html

import gradio as gr
import pytest

from demos.cifar10 import demo, gate, tab
from demos.cifar10.predict import classify, predict, preprocess
from demos.shared import images
from demos.shared.images import Crop
from demos.shared.ui import events, inputs
from demos.shared.ui.html import data_uri


@pytest.fixture
def answer(photograph):
    return predict(photograph)


def answers_of(answer, *pairs):
    return [dataclasses.replace(answer, label=label, is_sure=is_sure) for label, is_sure in pairs]


def draw(picture, zoom=1, x=0.5, y=0.5, is_mapped=False, runs=None):
    return tab.draw(picture, zoom, x, y, is_mapped, runs or events.Cancellation())


@pytest.mark.parametrize(
    "pairs, line",
    [
        ((("cat", True), ("cat", True)), "A cat. Both networks are sure."),
        ((("cat", True), ("dog", True)), "A cat, says ours; a dog, says the student's network."),
        ((("cat", True), ("frog", False)), "A cat. Ours is sure; the student's network is not."),
        (
            (("cat", False), ("airplane", True)),
            "Ours is not sure: this may be none of the ten things. The student's network says an airplane.",
        ),
        ((("cat", False), ("cat", False)), "Neither network is sure: this may be none of the ten things."),
    ],
)
def test_the_verdict(answer, pairs, line):
    assert tab.verdict(answers_of(answer, *pairs)) == line


def test_a_picture_is_answered_by_both_networks(photograph):
    answers, figures = draw(str(photograph))
    assert answers.count('class="card"') == 2
    assert all(html.escape(heading) in answers for heading in tab.NETWORKS.values())
    assert "parameters" in answers and " ms" in answers and 'class="spotlight"' not in figures
    assert draw(str(photograph), is_mapped=True)[1].count('class="spotlight"') == 2


def test_what_the_gate_says_is_a_quiet_line_and_it_is_asked_once(answer, photograph, monkeypatch):
    asked, ask = [], gate.ask
    monkeypatch.setattr(gate, "ask", lambda *arguments: asked.append(arguments) or ask(*arguments))
    assert "What a network with full-size eyes says: cat" in draw(str(photograph))[0] and len(asked) == 1
    assert "full-size eyes says: none of the ten." in draw(str(photograph.with_name("coffee.png")))[0]
    few = draw(images.open(photograph).pixels[:32, :32])[0]
    assert "full-size eyes" not in few and "In so few pixels" in few
    rate = answer.entry.metrics["false_positive_rate_objects_without_gate"]
    assert f"{100 * rate:.0f}&nbsp;% of the time" in few


def test_a_crop_counts_only_where_it_is_zoomed(photograph):
    whole, moved, zoomed = (draw(str(photograph), *crop)[1] for crop in ((1, 0.5, 0.5), (1, 0, 0), (2, 0, 0)))
    assert whole == moved != zoomed
    picture = images.open(photograph)
    for figures, crop in ((whole, None), (zoomed, Crop(2, 0, 0))):
        assert data_uri(preprocess(picture, crop)[1]) in figures


def test_layers_follow_the_crop(photograph):
    whole, part = (tab.look_inside(str(photograph), zoom, 0.1, 0.5) for zoom in (1, 3))
    assert [layer.values.shape[-1] for layer in whole] == [32, 32, 64, 64, 64, 64, 10]
    assert (whole[0].values != part[0].values).any()


def test_a_new_picture_is_shown_whole(photograph):
    with gr.Blocks() as page:
        tab.build()
    show = next(event.fn for event in page.fns.values() if event.name == "draw_whole")
    *crop, answers, figures = show(str(photograph), False, events.Cancellation())
    assert crop == [1, 0.5, 0.5] and figures == draw(str(photograph))[1]
    assert 'class="card"' in answers


def test_what_is_wrong_is_a_sentence():
    assert "alert" in draw(b"no picture")[0]
    nothing, figures = draw(None)
    assert images.NOTHING in nothing and "alert" not in nothing and figures is None


def test_a_late_answer_replaces_nothing(photograph, monkeypatch):
    runs = events.Cancellation()

    def classify_late(*arguments):
        runs.begin()  # as another control does meanwhile
        return classify(*arguments)

    monkeypatch.setattr(tab, "classify", classify_late)
    assert all(output["__type__"] == "update" and len(output) == 1 for output in draw(str(photograph), runs=runs))


def test_the_examples_are_there_and_known_but_for_the_last():
    files = inputs.example_paths("cifar10", demo.examples)
    assert list(files) == list(demo.examples)
    *known, other = [predict(file) for file in files.values()]
    assert [answer.label for answer in known] == ["cat", "automobile", "ship"]
    assert all(answer.is_sure for answer in known) and not other.is_sure


def test_the_page_says_what_the_networks_know_and_how_often_ours_is_sure_and_wrong(photograph):
    rate = predict(photograph).entry.metrics["false_positive_rate_objects"]
    assert f"wrong, {100 * rate:.0f}&nbsp;% of the time" in draw(str(photograph))[0]
