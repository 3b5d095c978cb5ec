"""The suite around the tabs, as it is sent: what stands in it before anything runs, and what it keeps to itself."""

import html
import shutil

import httpx
import pytest

import demos
from demos import page
from tests import serving
from tests.house import ROOT
from weights.files import folder


def test_the_page_is_sent_with_its_heading_each_question_and_the_first_answer(server):
    shown = serving.shown(server.url)
    assert shown.count("<h1") == 1
    for found in demos.discover():
        assert f"<h2>{html.escape(found.demo.question)}</h2>" in shown
    assert 'class="card"' in shown and "Traceback" not in shown and str(ROOT) not in shown


def test_the_page_is_sent_compressed_and_a_stream_of_answers_is_not(server, photograph):
    with httpx.stream("GET", server.url) as answer:
        sent = sum(map(len, answer.iter_raw()))
    assert answer.headers["content-encoding"] == "gzip" and sent < 100_000
    file = serving.upload(server.url, photograph.read_bytes())
    place = f"{server.url}/gradio_api/call/cifar10"
    event = httpx.post(place, json={"data": [file, "airbench", None]}).json()["event_id"]
    answer = httpx.get(f"{place}/{event}")
    assert "event: complete" in answer.text and "content-encoding" not in answer.headers


def test_the_footer_says_which_weights_answer():
    assert "Weights that answer: bundled with the page." in page.footer(["cifar10/airbench"])
    assert "Source and cards" in page.footer(["cifar10/airbench"]) and "Apache-2.0" in page.footer(["cifar10/airbench"])


def test_a_title_and_a_problem_are_text_not_markup():
    found = demos.Found("x", demos.Demo("X", "<b>Why?"), problem="<script>")
    with page.gr.Blocks() as blocks:
        page._draw(found)
    drawn = "".join(block.value for block in blocks.blocks.values() if isinstance(block, page.gr.HTML))
    assert "&lt;b&gt;Why?" in drawn and "&lt;script&gt;" in drawn and "<script>" not in drawn


@pytest.mark.parametrize("path", ["monitoring", "monitoring/summary", "gradio_api/file=weights/manifest.json"])
def test_what_visitors_have_no_business_with_is_refused(server, path):
    assert httpx.get(f"{server.url}/{path}").status_code in (401, 403, 404)


def test_the_page_may_be_framed_and_keeps_no_history(server):
    answer = httpx.get(server.url)
    assert "x-frame-options" not in answer.headers
    assert "frame-ancestors" not in answer.headers.get("content-security-policy", "")
    config = serving.config(server.url)
    assert not config.get("run_history") and not config.get("show_error") and not config.get("analytics_enabled")


def test_a_damaged_weights_file_disables_its_demo_by_a_sentence_and_the_page_is_up(tmp_path, photograph):
    damaged = shutil.copytree(folder(), tmp_path / "weights", ignore=shutil.ignore_patterns("*.py", "*.keras"))
    file = damaged / "cifar10/airbench.tflite"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 255
    file.write_bytes(content)
    with serving.serve(LOUPE_WEIGHTS_DIR=str(damaged), LOUPE_WEIGHTS_REPO="") as app:
        shown = serving.shown(app.url)
        assert "The weights of cifar10/airbench are damaged" in shown and "git checkout" in shown
        (answer,) = (
            component["props"]["value"]
            for component in serving.config(app.url)["components"]
            if component["props"].get("elem_id") == "cifar10-answer"
        )
        assert "are damaged" in answer and "card" not in answer and str(tmp_path) not in shown
        file = serving.upload(app.url, photograph.read_bytes())
        event, answer = serving.call(app.url, "cifar10", file, "airbench", None)
        assert event == "error" and "are damaged" in answer["error"]
        assert serving.call(app.url, "cifar10", file, "baseline", None)[0] == "complete"
        assert "Traceback" not in app.output
