"""The endpoints, asked over the network as the page says that one can."""

import base64
import io
import re
import shutil
import sys
from dataclasses import asdict

import httpx
import pytest
from jsonschema import Draft202012Validator
from PIL import Image

from demos.cifar10.predict import CLASSES, predict
from demos.digits import demo as digits
from demos.digits.predict import predict as read
from demos.shared import images
from demos.shared.ui.inputs import example_paths
from tests import serving
from tests.house import DEMOS, ENDPOINTS


@pytest.fixture(scope="module")
def folder(tmp_path_factory, photograph):
    """Where somebody copies the examples to: it holds cat.jpg and digits.jpg."""
    folder = tmp_path_factory.mktemp("examples")
    Image.open(photograph).convert("RGB").save(folder / "cat.jpg", quality=95)
    shutil.copy(example_paths("digits", digits.examples)["A page"], folder / "digits.jpg")
    return folder


def test_the_demos_are_the_only_endpoints(server):
    assert serving.endpoints(server.url) == ENDPOINTS >= {f"/{name}" for name in DEMOS}


def test_what_endpoints_take_and_give_is_described_and_typed(server):
    """In what Gradio's clients read."""
    for name, endpoint in serving.information(server.url).items():
        assert endpoint["description"].endswith(".") and "image:" not in endpoint["description"]
        for parameter in endpoint["parameters"]:
            schema = parameter["type"]
            assert schema["description"] == parameter["python_type"]["description"] and schema["description"]
            assert schema["type"] in ("object", "string", "integer", "number", "boolean")
            assert schema["type"] not in ("integer", "number") or schema.keys() >= {"minimum", "maximum", "default"}
            assert parameter["python_type"]["type"] not in ("Any", "str | float | bool | list | dict")
        (answer,) = endpoint["returns"]
        assert answer["python_type"]["description"] and list(undescribed(answer["type"])) == [], name


def test_values_of_a_call_may_be_named(server, folder):
    file, call = serving.upload(server.url, (folder / "cat.jpg").read_bytes()), f"{server.url}/gradio_api/call"

    def ask(values) -> httpx.Response:
        return httpx.post(f"{call}/v2/cifar10", json=values)

    for values, said in (
        ({"network": "baseline", "image": file}, '"network": "baseline"'),
        ({}, "image must be an up"),
    ):
        assert said in httpx.get(f"{call}/cifar10/{ask(values).json()['event_id']}").text
    sentence = "cifar10 takes an object with image, network, crop, and no "
    for values, wrong in (
        ({"image": file, "picture": file}, "picture."),
        ([file], "other value."),
        (7, "other value."),
    ):
        assert ask(values).status_code == 400 and ask(values).json()["error"] == sentence + wrong
    answer = httpx.post(f"{call}/v2/nothing", json={})
    assert answer.status_code == 404 and answer.json()["error"].startswith("There is no endpoint 'nothing': there are")


def test_openapi_document_has_types_of_pictures_values_and_answers(server):
    document = httpx.get(f"{server.url}/gradio_api/openapi.json").json()
    schemas = document["components"]["schemas"]
    for path in (f"/gradio_api/call/v2{name}" for name in ENDPOINTS):
        begin = document["paths"][path]["post"]
        schema = begin["requestBody"]["content"]["application/json"]["schema"]
        Draft202012Validator.check_schema(schema)
        assert begin["summary"] and schema["required"] and list(undescribed(schema, path))[1:] == []
        assert begin["operationId"] + "_answer" in schemas
    file = serving.upload(server.url, b"picture")
    values = {"image": file, "k": 4, "encoder": "efficientnet", "crop": {"zoom": 2}}
    validator = Draft202012Validator({**document, "$ref": "#/x", "x": retrieval(document)})
    assert validator.is_valid(values)
    wrong = ({"image": None}, {"image": {}}, {"k": 51}, {"k": "4"}, {"encoder": "vgg"}, {"crop": {"zoom": 0}})
    assert not any(validator.is_valid(values | one) for one in wrong) and not validator.is_valid({"k": 4})


def retrieval(document: dict) -> dict:
    begin = document["paths"]["/gradio_api/call/v2/retrieval"]["post"]
    return begin["requestBody"]["content"]["application/json"]["schema"]


def test_answers_are_as_the_openapi_document_says(server, photograph):
    schemas = httpx.get(f"{server.url}/gradio_api/openapi.json").json()["components"]["schemas"]
    file = serving.upload(server.url, photograph.read_bytes())
    for name in DEMOS:
        event, (answer,) = serving.call(server.url, name, file)
        assert event == "complete"
        Draft202012Validator(schemas[f"{name}_answer"]).validate(answer)
        assert answer.keys() >= schemas[f"{name}_answer"]["properties"].keys()


def undescribed(schema: dict, name: str = "answer"):
    """The names of what a JSON schema gives neither type nor description."""
    if not schema.get("description") or not schema.keys() & {"type", "anyOf", "allOf"}:
        yield name
    for inner, one in {**schema.get("properties", {}), **schema.get("items", {}).get("properties", {})}.items():
        yield from undescribed(one, f"{name}.{inner}") if "title" not in schema else ()


def test_descriptions_of_parameters_are_those_of_the_function(server):
    endpoint = serving.information(server.url)["/retrieval"]
    types = {parameter["parameter_name"]: parameter["type"] for parameter in endpoint["parameters"]}
    assert types["k"]["description"] == "How many pictures to find. A whole number from 1 to 50."
    assert (types["k"]["minimum"], types["k"]["maximum"], types["k"]["default"]) == (1, 50, 4)
    assert types["encoder"]["enum"] == ["efficientnet", "mobilenet", "inception", "vae", "autoencoder"]
    assert types["image"]["description"].endswith(f"A {images.KINDS} file of at most 30 MB.")
    assert types["crop"]["properties"]["zoom"]["maximum"] == 100


def test_both_networks_answer_with_label_and_confidences(server, folder):
    file = serving.upload(server.url, (folder / "cat.jpg").read_bytes())
    for network in ("airbench", "baseline"):
        event, (answer,) = serving.call(server.url, "cifar10", file, network, None)
        expected = predict(folder / "cat.jpg", network)
        assert event == "complete"
        assert (answer["network"], answer["label"], answer["is_sure"]) == (network, expected.label, expected.is_sure)
        assert [pair["label"] for pair in answer["confidences"]] == list(expected.confidences)
        assert sum(pair["confidence"] for pair in answer["confidences"]) == pytest.approx(1, abs=1e-3)
        assert not {"inputs", "class_activation_map", "entry"} & answer.keys()


def test_every_digit_is_answered_by_both_networks_with_its_box(server, folder):
    event, (answer,) = serving.call(
        server.url, "digits", serving.upload(server.url, (folder / "digits.jpg").read_bytes())
    )
    page = read(folder / "digits.jpg")
    assert event == "complete" and answer.keys() == {"digits", "left_out"}
    assert answer["left_out"] == asdict(page.left_out)
    for digit, expected in zip(answer["digits"], page.digits, strict=True):
        assert digit.keys() == {"box", "readings"} and tuple(digit["box"]) == expected.box
        for reading, wanted in zip(digit["readings"], expected.readings, strict=True):
            assert [reading[key] for key in ("network", "label", "is_accepted")] == [
                wanted.network, wanted.label, wanted.is_accepted
            ]  # fmt: skip
            assert [pair["label"] for pair in reading["confidences"]] == list(wanted.confidences)


def test_the_python_examples_run_as_printed(server, folder):
    def run(demo):
        snippet = serving.snippets(server.url, demo)["Python"]
        return serving.run([sys.executable, "-c", snippet], folder).splitlines()

    assert run("cifar10")[-1].startswith(predict(folder / "cat.jpg").label)
    lines = [
        f"{list(digit.box)} {' '.join(reading.label for reading in digit.readings if reading.is_accepted)}"
        for digit in read(folder / "digits.jpg").digits
    ]
    assert run("digits")[-3:] == lines


@pytest.mark.skipif(not (shutil.which("bash") and shutil.which("curl")), reason="the HTTP example needs curl")
def test_the_http_examples_run_as_printed(server, folder):
    def run(demo):
        return serving.run(["bash", "-c", serving.snippets(server.url, demo)["HTTP"]], folder)

    answer = run("cifar10")
    assert "event: complete" in answer
    label = re.search(r'"label": "(\w+)"', answer).group(1)
    assert label == predict(folder / "cat.jpg").label and label in CLASSES
    answer = run("digits")
    assert "event: complete" in answer and answer.count('"box"') == len(read(folder / "digits.jpg").digits)


def test_the_crop_of_a_call_is_the_crop_of_predict(server, folder):
    file = serving.upload(server.url, (folder / "cat.jpg").read_bytes())
    event, (answer,) = serving.call(server.url, "cifar10", file, "airbench", {"zoom": 2, "x": 1, "y": 0})
    expected = predict(folder / "cat.jpg", crop=images.Crop(2, 1, 0))
    assert event == "complete" and answer["box"] == list(expected.box) == [301, 0, 451, 150]
    assert answer["id_score"] == pytest.approx(expected.id_score, rel=1e-3)


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
    event, answer = serving.call(server.url, "cifar10", file, "airbench", None)
    assert event == "error" and answer["error"] == sentence
    assert file["path"] not in str(answer) and "Traceback" not in str(answer)


def test_no_picture_is_one_sentence(server):
    event, answer = serving.call(server.url, "cifar10", None, "airbench", None)
    assert event == "error" and answer["error"].startswith(f"image must be an uploaded picture ({images.KINDS})")


def test_a_network_that_is_not_there_is_refused_with_those_that_are(server, folder):
    file = serving.upload(server.url, (folder / "cat.jpg").read_bytes())
    event, answer = serving.call(server.url, "cifar10", file, "../airbench", None)
    assert event == "error" and "airbench" in answer["error"] and "baseline" in answer["error"]


def test_a_file_of_the_server_is_not_opened(server, photograph):
    for path in (str(photograph.parent / "coins.png"), "/etc/hostname", "weights/manifest.json"):
        for file in ({"path": path, "meta": {"_type": "gradio.FileData"}}, {"path": path}, path):
            event, answer = serving.call(server.url, "cifar10", file, "airbench", None)
            assert event == "error" and path not in str(answer)


def test_a_picture_may_be_a_data_uri(server, folder):
    uri = "data:image/jpeg;base64," + base64.b64encode((folder / "cat.jpg").read_bytes()).decode()
    for url, event in ((uri, "complete"), ("data:image/png;base64,nonsense!", "error")):
        picture = {"path": None, "url": url, "meta": {"_type": "gradio.FileData"}}
        assert serving.call(server.url, "cifar10", picture, "airbench", None)[0] == event
