"""The endpoints, asked over the network as the page says that one can."""

import base64
import io
import re
import shutil
import subprocess
import sys

import pytest
from PIL import Image

from demos import images
from demos.cifar10 import tab
from demos.cifar10.predict import CLASSES, predict
from tests import serving
from tests.house import DEMOS


@pytest.fixture(scope="module")
def folder(tmp_path_factory, photograph):
    """Where somebody copies the examples to: it holds cat.jpg."""
    folder = tmp_path_factory.mktemp("examples")
    Image.open(photograph).convert("RGB").save(folder / "cat.jpg", quality=95)
    return folder


def test_the_demos_are_the_only_endpoints(server):
    assert serving.endpoints(server.url) == {f"/{name}" for name in DEMOS}


def test_both_networks_answer_with_label_and_confidences(server, folder):
    file = serving.upload(server.url, (folder / "cat.jpg").read_bytes())
    for network in ("fast", "tutorial"):
        event, (answer,) = serving.call(server.url, "cifar10", file, network)
        said = predict(folder / "cat.jpg", network)
        assert event == "complete"
        assert (answer["network"], answer["label"], answer["sure"]) == (network, said.label, said.sure)
        assert [pair["label"] for pair in answer["confidences"]] == list(said.confidences)
        assert sum(pair["confidence"] for pair in answer["confidences"]) == pytest.approx(1, abs=1e-3)
        assert not {"seen", "heat"} & answer.keys()


def run(command: list[str], folder) -> str:
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    assert not ran.returncode, ran.stderr
    return ran.stdout


def test_the_python_example_runs_as_printed(server, folder):
    printed = run([sys.executable, "-c", tab.PYTHON.replace("{url}", server.url)], folder)
    assert printed.splitlines()[-1].startswith(predict(folder / "cat.jpg").label)


@pytest.mark.skipif(not (shutil.which("bash") and shutil.which("curl")), reason="the HTTP example needs curl")
def test_the_http_example_runs_as_printed(server, folder):
    printed = run(["bash", "-c", tab.HTTP.replace("{url}", server.url)], folder)
    assert "event: complete" in printed
    label = re.search(r'"label": "(\w+)"', printed).group(1)
    assert label == predict(folder / "cat.jpg").label and label in CLASSES


def cut(photograph) -> bytes:
    buffer = io.BytesIO()
    Image.open(photograph).save(buffer, "PNG")
    return buffer.getvalue()[:2000]


@pytest.mark.parametrize(
    "name, content, sentence",
    [
        ("note.txt", lambda _: b"not a picture", images.UNKNOWN),
        ("cut.png", cut, images.DAMAGED),
        ("drawing.svg", lambda _: b'<svg xmlns="http://www.w3.org/2000/svg"/>', images.SVG),
        ("empty.png", lambda _: b"", images.EMPTY),
    ],
)
def test_a_bad_picture_is_one_sentence(server, photograph, name, content, sentence):
    file = serving.upload(server.url, content(photograph), name)
    event, answer = serving.call(server.url, "cifar10", file, "fast")
    assert event == "error" and answer["error"] == sentence
    assert file["path"] not in str(answer) and "Traceback" not in str(answer)


def test_no_picture_is_one_sentence(server):
    event, answer = serving.call(server.url, "cifar10", None, "fast")
    assert event == "error" and answer["error"] == images.NOTHING


def test_a_network_that_is_not_there_is_refused_with_those_that_are(server, folder):
    file = serving.upload(server.url, (folder / "cat.jpg").read_bytes())
    event, answer = serving.call(server.url, "cifar10", file, "../fast")
    assert event == "error" and "fast" in answer["error"] and "tutorial" in answer["error"]


def test_a_file_of_the_server_is_not_opened(server, photograph):
    for path in (str(photograph.parent / "coins.png"), "/etc/hostname", "weights/manifest.json"):
        event, answer = serving.call(
            server.url, "cifar10", {"path": path, "meta": {"_type": "gradio.FileData"}}, "fast"
        )
        assert event == "error" and path not in str(answer)


def test_a_picture_may_be_a_data_uri(server, folder):
    uri = "data:image/jpeg;base64," + base64.b64encode((folder / "cat.jpg").read_bytes()).decode()
    for url, event in ((uri, "complete"), ("data:image/png;base64,nonsense!", "error")):
        picture = {"path": None, "url": url, "meta": {"_type": "gradio.FileData"}}
        assert serving.call(server.url, "cifar10", picture, "fast")[0] == event
