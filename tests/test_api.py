"""The endpoints, asked over the network as the page says that one can."""

import base64
import io
import re
import shutil
import sys

import pytest
from PIL import Image

from demos import images
from demos.cifar10 import tab as cifar10
from demos.cifar10.predict import CLASSES, predict
from demos.digits import examples
from demos.digits import tab as digits
from demos.digits.predict import predict as read
from tests import serving
from tests.house import DEMOS


@pytest.fixture(scope="module")
def folder(tmp_path_factory, photograph):
    """Where somebody copies the examples to: it holds cat.jpg and digits.jpg."""
    folder = tmp_path_factory.mktemp("examples")
    Image.open(photograph).convert("RGB").save(folder / "cat.jpg", quality=95)
    shutil.copy(examples.files()["A page"], folder / "digits.jpg")
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


def test_every_digit_is_answered_by_both_networks_with_its_box(server, folder):
    event, (answer,) = serving.call(
        server.url, "digits", serving.upload(server.url, (folder / "digits.jpg").read_bytes())
    )
    said = read(folder / "digits.jpg")
    assert event == "complete" and answer.keys() == {"digits"}
    for digit, expected in zip(answer["digits"], said.digits, strict=True):
        assert digit.keys() == {"box", "readings"} and tuple(digit["box"]) == expected.box
        for reading, wanted in zip(digit["readings"], expected.readings, strict=True):
            assert [reading[key] for key in ("network", "label", "accepted")] == [
                wanted.network, wanted.label, wanted.accepted
            ]  # fmt: skip
            assert [pair["label"] for pair in reading["confidences"]] == list(wanted.confidences)


def test_the_python_examples_run_as_printed(server, folder):
    def printed(tab):
        return serving.run([sys.executable, "-c", tab.PYTHON.replace("{url}", server.url)], folder).splitlines()

    assert printed(cifar10)[-1].startswith(predict(folder / "cat.jpg").label)
    lines = [
        f"{list(digit.box)} {' '.join(reading.label for reading in digit.readings if reading.accepted)}"
        for digit in read(folder / "digits.jpg").digits
    ]
    assert printed(digits)[-3:] == lines


@pytest.mark.skipif(not (shutil.which("bash") and shutil.which("curl")), reason="the HTTP example needs curl")
def test_the_http_examples_run_as_printed(server, folder):
    def printed(tab):
        return serving.run(["bash", "-c", tab.HTTP.replace("{url}", server.url)], folder)

    answer = printed(cifar10)
    assert "event: complete" in answer
    label = re.search(r'"label": "(\w+)"', answer).group(1)
    assert label == predict(folder / "cat.jpg").label and label in CLASSES
    answer = printed(digits)
    assert "event: complete" in answer and answer.count('"box"') == len(read(folder / "digits.jpg").digits)


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
