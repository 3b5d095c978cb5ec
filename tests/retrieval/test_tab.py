"""Retrieval's tab without a browser: what its handlers answer, with crops and a visitor's own pictures."""

import dataclasses
import re

import gradio as gr
import numpy as np
import pytest

import weights
from demos.retrieval import interpolate, reference, tab
from demos.retrieval.encoders import ENCODERS
from demos.retrieval.gallery import COLLECTION
from demos.retrieval.predict import search
from demos.shared import images
from demos.shared.gallery import asking, files, gallery, panel
from demos.shared.gallery import html as rows
from demos.shared.gallery.gallery import Gallery
from demos.shared.gallery.original import Original
from demos.shared.ui.events import Cancellation
from demos.shared.ui.picture import PictureInput
from tests.markup import text
from weights import Network


@pytest.fixture(scope="module")
def bundled() -> Gallery:
    return files.open_gallery(COLLECTION)


@pytest.fixture
def few(bundled) -> Gallery:
    """A visitor's three pictures, embedded for the first encoder alone."""
    few = Gallery(ENCODERS, [bundled.pictures[at] for at in (0, 200, 900)], ["one", "two", "three"], [""] * 3)
    few.prepare("efficientnet")
    return few


def draw(picture, zoom=1, x=0.5, y=0.5, mine=None, is_open=True, number=1, runs=None) -> dict:
    """What the tab shows; `rows` are those of all encoders, the best one's and, where they are open, the others'."""
    names = ("best", "figures", "answers", "map", "others", "steps")
    values = tab.draw(picture, zoom, x, y, mine, is_open, number, runs or Cancellation())
    drawn = dict(zip(names, values, strict=True))
    is_answer = all(isinstance(drawn[name], str) for name in ("best", "others"))
    return drawn | {"rows": drawn["best"] + drawn["others"] if is_answer else drawn["best"]}


def titles(html: str) -> list[str]:
    return re.findall(r"<span>([^<]*)</span><i", html)


def test_tab_is_built_and_opens_with_the_answer_to_its_example():
    with gr.Blocks() as page:
        tab.build()
    values = [block.value for block in page.blocks.values() if getattr(block, "elem_id", "") == "retrieval-answer"]
    assert values[0].count('class="card found"') == values[0].count("Was it right?") == 1
    assert sum(isinstance(block, gr.Accordion) for block in page.blocks.values()) == 4


def test_the_line_above_a_row_is_of_one_mind_with_its_probabilities(bundled):
    answer = search(bundled.pictures[500], "efficientnet", gallery=bundled)
    assert rows.say(answer).startswith('<p class="verdict') and "Most like yours" in rows.say(answer)
    for probability, line, doubt in (
        (0.6, "Perhaps like yours: ", rows.NOT_SURE), (0.4, "Nothing here is like yours", rows.NO_MATCH)
    ):  # fmt: skip
        matches = [dataclasses.replace(match, probability=probability) for match in answer.matches]
        unsure = dataclasses.replace(answer, matches=matches, is_match=False)
        assert line in rows.say(unsure) and doubt in tab.draw_row(ENCODERS["efficientnet"], unsure, bundled)


def test_best_encoder_by_the_manifest_stands_first_and_alone(bundled, few, monkeypatch):
    drawn = draw(bundled.pictures[500], is_open=False)
    assert titles(drawn["best"]) == [match.title for match in search(bundled.pictures[500], "efficientnet").matches]
    assert list(drawn["answers"]) == ["efficientnet"] and drawn["others"] == drawn["steps"] == ""
    assert "Most like yours: " in text(drawn["best"]) and text(drawn["best"]).count("% the same kind") == 4
    networks = dict(weights.manifest().networks)
    networks["retrieval/vae"] = networks["retrieval/vae"].model_copy(update={"metrics": {"precision_at_4": 0.99}})
    manifest = weights.manifest().model_copy(update={"networks": networks})
    monkeypatch.setattr(weights, "manifest", lambda: manifest)
    assert tab.order_encoders(bundled) == ["vae", "efficientnet", "mobilenet", "inception", "autoencoder"]
    assert tab.order_encoders(few)[:2] == ["efficientnet", "vae"]


def test_page_hears_of_each_state_that_is_listened_to():
    """Gradio tells the page that a State has changed only of events of the queue."""
    with gr.Blocks() as page:
        tab.build()
    watched = {target for event in page.fns.values() for target, kind in event.targets if kind == "change"}
    for event in page.fns.values():
        states = {block._id for block in event.outputs if isinstance(block, gr.State)}
        assert event.queue or not states & watched, event.name


def test_five_rows_hold_what_predict_finds(bundled):
    picture = bundled.pictures[500]
    drawn = draw(picture)
    walk = drawn["steps"]
    assert titles(drawn["rows"]) == [match.title for name in ENCODERS for match in search(picture, name).matches]
    assert list(drawn["answers"]) == list(ENCODERS)
    assert (drawn["figures"] + drawn["others"]).count("<figure") == 7 and walk.count("<figure") == interpolate.STEPS
    assert draw(picture, is_open=False)["steps"] == ""


def test_each_network_runs_once_an_answer(bundled, monkeypatch):
    runs, known = [], Network.__call__
    monkeypatch.setattr(tab, "draw_interpolation", lambda *given: "")  # which encodes and decodes its steps
    draw(bundled.pictures[500])  # opens them
    monkeypatch.setattr(
        Network, "__call__", lambda self, batch: runs.append((self.name, len(batch))) or known(self, batch)
    )
    draw(bundled.pictures[500])
    assert sorted(runs) == sorted((f"retrieval/{name}", 1) for name in (*ENCODERS, "decoder"))


def test_missing_picture_and_no_picture_are_sentences():
    assert 'role="status"' in draw(None)["rows"] and images.NOTHING in text(draw(None)["rows"])
    wrong = draw(b"no picture")
    assert 'role="alert"' in wrong["rows"] and wrong["answers"] is None and wrong["map"] is None


def test_late_answer_changes_nothing(bundled):
    class Late(Cancellation):
        def is_current(self, number):
            return False

    assert all(output == gr.skip() for output in draw(bundled.pictures[0], runs=Late()).values())


def test_new_picture_is_shown_whole(bundled):
    with gr.Blocks() as page:
        tab.build()
    (answer,) = (
        fn.fn
        for fn in page.fns.values()
        if fn.targets[0][1] == "change" and [type(part) for part in fn.outputs[:3]] == [gr.Slider] * 3
    )
    zoom, x, y, row, _, _, _, others, _ = answer(bundled.pictures[3], None, True, 1, Cancellation())
    assert (zoom, x, y) == (1, 0.5, 0.5) and (row + others).count('class="card found"') == len(ENCODERS)


def test_rows_map_and_interpolation_follow_the_crop(bundled):
    pair = np.concatenate([bundled.pixels(at) for at in (300, 700)], axis=1)
    left, right = (draw(pair, 1.01, x, 0.5) for x in (0, 1))
    for part in ("rows", "steps", "figures"):
        assert left[part] != right[part]
    assert left["map"]["query"] != right["map"]["query"] and left["map"]["place"] != right["map"]["place"]


def test_own_pictures_are_searched_for_encoders_that_are_ready(few):
    drawn = draw(few.pictures[1], mine=few)
    assert titles(drawn["rows"])[0] == "two" and len(titles(drawn["rows"])) == 3
    assert text(drawn["rows"]).count(tab.NOT_EMBEDDED) == 4 and list(drawn["answers"]) == ["efficientnet"]
    assert "bundled database alone" in drawn["map"]
    assert text(drawn["steps"]) == tab.NOT_EMBEDDED
    few.prepare("vae")
    drawn = draw(few.pictures[1], mine=few)
    assert len(titles(drawn["rows"])) == 6 and "two" in drawn["steps"]


def test_pictures_that_are_brought_are_not_embedded_while_an_answer_is_drawn(few, monkeypatch):
    draw(few.pictures[0], mine=few)  # opened
    runs, known = [], Network.__call__
    monkeypatch.setattr(
        Network, "__call__", lambda self, batch: runs.append((self.name, len(batch))) or known(self, batch)
    )
    draw(few.pictures[1], mine=few)
    assert runs == [("retrieval/efficientnet", 1)] and list(few.vectors) == ["efficientnet"]


def test_interpolation_leads_from_the_query_to_the_match(bundled, few):
    few.prepare("vae")
    answers = draw(few.pictures[0], mine=few)["answers"]
    steps = tab.draw_interpolation(few, answers, 2)
    assert steps.count("<figure") == interpolate.STEPS and answers["vae"].matches[1].title in steps
    assert text(tab.draw_interpolation(few, answers, 4)) == tab.TOO_FEW
    assert text(tab.draw_interpolation(few, None, 1)) == tab.NO_ANSWER


ASK = asking.ask_original(COLLECTION, reference.ORIGINAL, "The original")


def ask(*steps, stop_after: int | None = None) -> list[tuple[str, dict]]:
    """What is said while a reference answers in these steps."""
    runs, said = Cancellation(), []
    for number, outputs in enumerate(ASK(images.png(np.zeros((9, 9, 3), np.uint8)), 1, 0.5, 0.5, None, runs)):
        said.append(outputs)
        if number == stop_after:
            runs.stop()
    return said


def test_reference_says_how_far_it_is_and_then_its_row(bundled, monkeypatch):
    answer = dataclasses.replace(search(bundled.pictures[5], "inception"), encoder="reference", entry=None)
    monkeypatch.setattr(Original, "search", lambda self, query, gallery: iter([None, 32, answer]))
    said = ask()
    assert "is being started" in said[0][0] and said[0][1]["interactive"]
    assert said[1] == (gr.skip(), gr.skip()) and f"32 of {len(bundled):,} pictures are embedded." in said[2][0]
    assert reference.ENCODER.title in said[3][0] and not said[3][1]["interactive"]


def test_reference_can_be_stopped_while_it_starts(bundled, monkeypatch):
    closed = []

    def search(self, query, gallery):
        try:
            while True:
                yield None
        finally:
            closed.append(True)

    monkeypatch.setattr(Original, "search", search)
    said = ask(stop_after=2)
    assert text(said[-1][0]) == asking.STOPPED and not said[-1][1]["interactive"] and closed == [True]


def test_another_picture_ends_what_the_reference_does(bundled, monkeypatch):
    monkeypatch.setattr(Original, "search", lambda self, query, gallery: iter([None] * 9))
    runs = Cancellation()
    steps = ASK(bundled.pictures[0], 1, 0.5, 0.5, None, runs)
    next(steps)
    next(steps)
    assert asking.forget(runs)[0] == ""
    assert list(steps) == [(gr.skip(), gr.skip())]


def test_database_of_another_network_is_not_embedded_while_an_answer_is_drawn(bundled, monkeypatch):
    stale = dataclasses.replace(bundled, vectors={**bundled.vectors}, digests={**bundled.digests, "vae": "another"})
    monkeypatch.setattr(panel, "choose_gallery", lambda collection, mine: stale)
    drawn = draw(bundled.pictures[5])
    assert text(drawn["rows"]).count(tab.NOT_PREPARED) == 1 and not stale.is_prepared("vae")
    assert set(drawn["answers"]) == set(ENCODERS) - {"vae"} and text(drawn["steps"]) == tab.NOT_PREPARED
    monkeypatch.setattr(gallery, "MAX_EMBEDDED", 2)
    assert "is not indexed for" in text(draw(bundled.pictures[5])["rows"])


def test_interpolation_to_a_match_of_another_gallery_is_a_sentence(bundled, few):
    answers = draw(bundled.pictures[900], number=1)["answers"]
    assert answers["vae"].matches[0].id >= len(few)
    assert text(tab.draw_interpolation(few, answers, 1)) == tab.OTHER_GALLERY


def test_another_crop_empties_the_reference_s_row():
    with gr.Blocks() as page:
        tab.build()
    (forget,) = (event for event in page.fns.values() if event.fn is asking.forget)
    kinds = [type(page.blocks[target]) for target, kind in forget.targets if kind == "change"]
    assert kinds.count(gr.Slider) == 3 and any(issubclass(kind, PictureInput) for kind in kinds)
