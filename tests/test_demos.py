"""The contract: every folder in demos/ keeps it, and a new one needs no other file."""

import importlib
import inspect
import json
import re
import runpy
import shutil
import sys

import httpx
import pyarrow.parquet
import pytest

import demos
import weights
from demos.shared import images, signature
from demos.shared.ui import api
from tests import house, serving
from tests.house import DEMOS, ENDPOINTS, ROOT

each = pytest.mark.parametrize("name", DEMOS)


@pytest.fixture(scope="module")
def discovered():
    return {found.name: found for found in demos.discover()}


def has_evaluate(name: str) -> bool:
    return (ROOT / "demos" / name / "evaluate.py").is_file()


measured = pytest.mark.parametrize("name", list(filter(has_evaluate, DEMOS)))


def arguments(predict, picture) -> dict:
    """A picture for each parameter of `predict` that must be given."""
    needed = [parameter for parameter in signature.parameters(predict) if parameter.default is signature.REQUIRED]
    return {one.name: picture if one.kind == "picture" else [picture] for one in needed}


def test_every_folder_is_found_by_order_then_by_name(discovered):
    folders = {path.parent.name for path in ROOT.glob("demos/*/__init__.py")} - {"shared"}
    assert set(discovered) == folders
    places = [(found.demo.order, found.name) for found in discovered.values()]
    assert places == sorted(places)


@each
def test_it_imports(discovered, name):
    assert not discovered[name].problem


@each
def test_it_has_a_title_and_a_question(discovered, name):
    demo = discovered[name].demo
    assert 0 < len(demo.title) <= 20 and demo.question.endswith("?")


@each
def test_its_networks_are_its_own_and_in_the_manifest(discovered, name):
    listed = weights.manifest().networks
    for network in discovered[name].demo.networks:
        assert network.startswith(f"{name}/") and network in listed


@each
def test_predict_takes_pictures_and_values_that_have_defaults(discovered, name):
    first, *others = signature.parameters(discovered[name].predict)
    assert first.name in ("image", "images") and first.is_picture and first.default is signature.REQUIRED
    assert all(one.is_picture or one.default is not signature.REQUIRED for one in others)


@each
def test_its_endpoints_say_what_they_do(discovered, name):
    assert all(map(inspect.getdoc, discovered[name].endpoints.values()))


@each
def test_values_out_of_range_are_sentences_that_name_parameter_and_range(discovered, name, server, photograph):
    file = serving.upload(server.url, photograph.read_bytes())
    for endpoint, function in discovered[name].endpoints.items():
        known = signature.parameters(function)
        for number, one in enumerate(known):
            assert one.kind not in ("int", "float") or None not in (one.least, one.most), f"{one.name} has no range"
            right = [file if other.kind == "picture" else [file] for other in known if other.is_picture]
            right = [right.pop(0) if other.is_picture else other.default for other in known]
            wrong = ["sixty", ["x"], {"left": 1}] + [None] * (one.default is not None)
            wrong += [one.least - 1e-3, -1e9, one.most + 1e-3, 1e9] if one.kind in ("int", "float") else [1e9]
            ranges = {"choice": f"one of {', '.join(one.choices)}, not ", "bool": "true or false, not "}
            ranges |= {"crop": "zoom from 1 to 100", "str": "a text, not ", "picture": images.KINDS}
            if one.kind in ("int", "float"):
                ranges |= {one.kind: f"number from {one.least:g} to {one.most:g}, not "}
            for value in wrong:
                data = [*right[:number], value, *right[number + 1 :]]
                event, answer = serving.call(server.url, endpoint, *data)
                assert event == "error" and answer["error"].startswith(f"{one.name} must be "), (value, answer)
                assert ranges.get(one.kind, images.KINDS) in answer["error"], (value, answer)


@each
def test_build_needs_no_argument(discovered, name):
    assert not inspect.signature(discovered[name].build).parameters


@each
def test_predict_answers_with_what_json_can_hold(discovered, name, photograph):
    predict = discovered[name].predict
    answer = api.plain(predict(**arguments(predict, photograph)))
    assert answer and json.loads(json.dumps(answer)).keys() == answer.keys()


@each
def test_predict_says_what_is_wrong_with_a_picture(discovered, name):
    predict = discovered[name].predict
    with pytest.raises(images.PictureError):
        predict(**arguments(predict, b"no picture"))


@measured
def test_evaluate_takes_a_file_and_ends_with_json(discovered, name, photograph, tmp_path, monkeypatch, capsys):
    small = images.png(images.open(photograph, longest=160).pixels)
    table = {"image": [{"bytes": small, "path": "cat.png"}] * 4, "label": [0, 1, 2, 3]}
    pyarrow.parquet.write_table(pyarrow.table(table), tmp_path / "pictures.parquet")
    monkeypatch.setattr(sys, "argv", ["evaluate", "--data", str(tmp_path / "pictures.parquet")])
    runpy.run_module(f"demos.{name}.evaluate", run_name="__main__")
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert set(figures) == set(discovered[name].demo.networks)
    assert all(isinstance(value, float) for values in figures.values() for value in values.values())


@measured
def test_its_served_files_score_what_the_manifest_says(name, monkeypatch, capsys):
    """On a fixed subset of its test set."""
    monkeypatch.setattr(sys, "argv", ["evaluate", "--check"])
    try:
        runpy.run_module(f"demos.{name}.evaluate", run_name="__main__")
    except SystemExit as end:
        if end.code == 2 and "names none" in (problem := capsys.readouterr().err):
            pytest.skip(problem)
        if "LOUPE_DATA" in str(end.code):
            pytest.skip(end.code)
        pytest.fail(str(end.code))
    assert json.loads(capsys.readouterr().out.splitlines()[-1])


DEMO = 'from demos import Demo\n\ndemo = Demo("Halved", "Why?", order=5)\n'
PREDICT = "from demos.shared import images\n\n\ndef predict(image: images.Source{more}):\n    return image\n"
TAB = "def build():\n    pass\n"


@pytest.mark.parametrize(
    "files, reason",
    [
        ({"__init__.py": DEMO, "predict.py": "", "tab.py": TAB}, "demos.halved.predict has no 'predict'"),
        ({"__init__.py": DEMO, "predict.py": PREDICT.format(more=""), "tab.py": ""}, "demos.halved.tab has no 'build'"),
        ({"__init__.py": DEMO, "predict.py": PREDICT.format(more=", k=4"), "tab.py": TAB}, "the parameter k of"),
        ({"__init__.py": DEMO, "predict.py": PREDICT.format(more=", k: dict = None"), "tab.py": TAB}, "must be"),
        ({"__init__.py": DEMO, "predict.py": "import no_such_package", "tab.py": TAB}, "ModuleNotFoundError"),
        ({"__init__.py": DEMO.replace("order", "networks=('x'), order")}, "networks of a Demo must be a tuple"),
        ({"__init__.py": DEMO.replace("order", "functions=('mix',), order"), "predict.py": PREDICT.format(more="")},
         "demos.halved.predict has no 'mix'"),
    ],
    ids=["no predict", "no build", "no type", "other type", "no package", "no tuple", "no function"],
)  # fmt: skip
def test_a_demo_that_breaks_the_contract_is_named_with_the_part(tmp_path, monkeypatch, files, reason):
    house.add(tmp_path, "halved", files)
    for name in ("demos.halved", "demos.halved.predict", "demos.halved.tab"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setattr(demos, "__path__", [str(tmp_path / "demos")])
    importlib.invalidate_caches()
    (found,) = demos.discover()
    assert found.name == found.demo.title == "halved" and found.demo.question.endswith("?")
    assert "demos/halved" in found.problem and reason in found.problem and str(tmp_path) not in found.problem
    assert found.predict is found.build is None and not found.endpoints


# A demo in a new folder, as README has it, that asks the network of another one under a name of its own.
MINE = {
    "__init__.py": """
from demos import Demo

demo = Demo(title="Mine", question="What does mine do?", networks=("mine/net",))
""",
    "predict.py": '''
from dataclasses import dataclass

import weights
from demos.shared import images


@dataclass(frozen=True)
class Answer:
    """How high the picture is."""

    height: int
    network: str


def predict(image: images.Source, unit: str = "pixels") -> Answer:
    """Measure one picture."""
    return Answer(images.open(image).size[1], weights.load("mine/net").name)
''',
    "tab.py": """
import gradio as gr

from demos.mine import demo
from demos.mine.predict import predict
from demos.shared.ui import events, inputs


def build() -> None:
    picture, answer = inputs.picture_input(), gr.HTML(elem_id="mine-answer")
    events.answer_first(demo.networks, lambda image: image and predict(image).network, [picture], [answer])
""",
}
# A demo with two pictures in, one of them several, and two public functions.
MIXER = {
    "__init__.py": """
from demos import Demo

demo = Demo("Mixer", "What lies between two pictures?", examples={"None": ("no_such_package", "a.png")},
            functions=("mix",), order=15, lane="long")
""",
    "predict.py": '''
from dataclasses import dataclass
from typing import Literal

import numpy as np

from demos.shared import images


@dataclass(frozen=True, eq=False)
class Answer:
    """The mean of two pictures' mean colours, and how many others there are."""

    grey: float
    others: int
    pixels: np.ndarray


def predict(image: images.Source, style: images.Source, share: float = 0.5, crop: images.Crop | None = None) -> Answer:
    """Compare two pictures."""
    greys = [images.open(source).pixels.mean() for source in (image, style)]
    return Answer(round(float((1 - share) * greys[0] + share * greys[1])), 0, np.zeros((2, 2)))


def mix(
    pictures: list[images.Source], how: Literal["mean", "sum"] = "mean", times: int = 1, loud: bool = False
) -> Answer:
    """Mix several pictures."""
    greys = [images.open(source).pixels.mean() for source in pictures]
    return Answer(round(float(times * (np.mean(greys) if how == "mean" else np.sum(greys)))), len(greys), np.zeros(1))
''',
    "style.css": ".mixer-only { color: var(--accent); }\n",
    "tab.py": """
import gradio as gr

from demos.mixer import demo
from demos.mixer.predict import predict
from demos.shared.ui import events, inputs, sections


@events.messages(0)
def draw(image, style):
    return f"mixed to {predict(image, style).grey}"


def build() -> None:
    first = inputs.first_example("mixer", demo.examples)
    pictures = [inputs.picture_input(first), inputs.picture_input(first)]
    inputs.examples("mixer", demo.examples, pictures[0])
    answer = gr.HTML(elem_id="mixer-answer")
    events.answer_first(demo.networks, draw, pictures, [answer])
    gr.Button("Mix").click(draw, pictures, answer, **events.SHORT)
    gr.Button("Again").click(lambda image, style: draw(image, style), pictures, answer)  # without any option

    def cifar10(image):
        return "a handler with the name of an endpoint"

    pictures[0].change(cifar10, pictures[0], answer)
    sections.about("mixer")
    sections.elsewhere("mixer", 'print(answer["grey"])', ("cat.jpg", "dog.jpg"), share=0.25)
""",
}
BROKEN = {"__init__.py": "import no_such_package\n"}
HALF_DRAWN = {
    "__init__.py": 'from demos import Demo\n\ndemo = Demo("Half", "Is it drawn?", order=1)\n',
    "predict.py": PREDICT.format(more=""),
    "tab.py": """
import gradio as gr


def build() -> None:
    with gr.Row():
        with gr.Accordion("half drawn"):
            button = gr.Button("half drawn")
            button.click(lambda: "wired", None, button)
            raise ZeroDivisionError(__file__)
""",
}
WAITING = {
    "__init__.py": 'from demos import Demo\n\ndemo = Demo("Waiting", "Is it there?", order=2)\n',
    "predict.py": PREDICT.format(more=""),
    "tab.py": 'import weights\n\n\ndef build() -> None:\n    weights.load("waiting/net")\n',
}
UNTYPED = {
    "__init__.py": 'from demos import Demo\n\ndemo = Demo("Untyped", "What is it?", order=3)\n',
    "predict.py": "def predict(image, strength=1.0):\n    return image\n",
    "tab.py": TAB,
}
ADDED = {
    "mine": MINE, "mixer": MIXER, "broken": BROKEN, "half": HALF_DRAWN, "waiting": WAITING, "untyped": UNTYPED,
}  # fmt: skip


@pytest.fixture(scope="module")
def extended(tmp_path_factory):
    """The page of a house to which folders were added, some of which cannot be started."""
    root = house.copy(tmp_path_factory.mktemp("house"))
    for name, files in ADDED.items():
        house.add(root, name, files)
    with serving.serve(root=root, LOUPE_WEIGHTS_REPO="", LOUPE_WEIGHTS_DIR="") as app:
        app.root = root
        yield app


def test_new_folders_have_their_tabs_in_order_and_their_endpoints(extended):
    labels = [
        component["props"]["label"]
        for component in serving.config(extended.url)["components"]
        if component["type"] == "tabitem"
    ]
    shipped = [found.demo.title for found in demos.discover()]
    assert labels == ["Start", "Half", "Waiting", "untyped", shipped[0], "Mixer", *shipped[1:], "broken", "Mine"]
    shown = serving.shown(extended.url)
    assert "What does mine do?" in shown and "What lies between two pictures?" in shown
    tiles = dict(re.findall('data-demo="(\\w+)"([^>]*)>', shown))
    assert set(tiles) == set(DEMOS) | set(ADDED)
    assert "data-asks" in tiles["mixer"] and not any(tiles[name] for name in ("broken", "half", "untyped", "waiting"))
    own = {"/mine", "/mixer", "/mixer_mix", "/half", "/waiting"}
    assert serving.endpoints(extended.url) == ENDPOINTS | own


def test_a_plain_handler_is_no_endpoint_and_takes_no_name_of_one(extended, photograph):
    visibilities = {one["api_visibility"] for one in serving.config(extended.url)["dependencies"]}
    assert visibilities == {"private", "public"}
    for name in ("lambda", "draw", "cifar10_1"):
        answer = httpx.post(f"{extended.url}/gradio_api/call/{name}", json={"data": [None, None]})
        assert answer.is_error or "event: error" in httpx.get(f"{answer.url}/{answer.json()['event_id']}").text
    file = serving.upload(extended.url, photograph.read_bytes())
    event, (answer,) = serving.call(extended.url, "cifar10", file, "airbench", None)
    assert event == "complete" and answer["network"] == "airbench"


def test_an_endpoint_takes_two_pictures_and_a_further_function_several(extended, photograph):
    file = serving.upload(extended.url, photograph.read_bytes())
    other = serving.upload(extended.url, photograph.with_name("coffee.png").read_bytes())
    greys = [images.open(photograph.with_name(name)).pixels.mean() for name in ("chelsea.png", "coffee.png")]
    expected = {"grey": round(0.75 * greys[0] + 0.25 * greys[1]), "others": 0}
    assert serving.call(extended.url, "mixer", file, other, 0.25, None) == ("complete", [expected])
    expected = {"grey": round(2 * sum(greys)), "others": 2}
    assert serving.call(extended.url, "mixer_mix", [file, other], "sum", 2, False) == ("complete", [expected])


@pytest.mark.parametrize(
    "endpoint, data, sentence",
    [
        ("mixer", ("FILE", "cat.jpg", 0.5, None), "style must be an uploaded picture"),
        ("mixer", ("FILE", "FILE", "half", None), "share must be a number, not 'half'."),
        ("mixer", ("FILE", "FILE", 0.5, {"zoom": 0}), "crop must be an object like"),
        ("mixer", ("FILE", None, 0.5, None), "style must be an uploaded picture"),
        ("mixer", ("FILE",), "style must be an uploaded picture"),
        ("mixer", ("FILE", "FILE", None, None), "share must be a number, not 'None'."),
        ("mixer", ("FILE", "FILE", 0.5, None, 1), "mixer takes 4 values (image, style, share, crop), not 5."),
        ("mixer_mix", (["FILE", 7], "sum", 1, False), "pictures must be an uploaded picture"),
        ("mixer_mix", (["FILE"], "most", 1, False), "how must be one of mean, sum, not 'most'."),
        ("mixer_mix", (["FILE"], "sum", 1.5, False), "times must be a whole number, not '1.5'."),
        ("mixer_mix", (["FILE"], "sum", 1, "no"), "loud must be true or false, not 'no'."),
    ],
)
def test_a_wrong_value_is_a_sentence_that_names_the_parameter(extended, photograph, endpoint, data, sentence):
    file = serving.upload(extended.url, photograph.read_bytes())

    def fill(value):
        return list(map(fill, value)) if isinstance(value, list) else file if value == "FILE" else value

    event, answer = serving.call(extended.url, endpoint, *map(fill, data))
    assert event == "error" and answer["error"].startswith(sentence)


def test_the_snippets_of_two_pictures_run_as_printed(extended, photograph, tmp_path):
    for name, file in (("cat.jpg", photograph), ("dog.jpg", photograph.with_name("coffee.png"))):
        shutil.copy(file, tmp_path / name)
    texts = serving.snippets(extended.url, "mixer")
    greys = [images.open(photograph.with_name(name)).pixels.mean() for name in ("chelsea.png", "coffee.png")]
    expected = round(0.75 * greys[0] + 0.25 * greys[1])
    assert serving.run([sys.executable, "-c", texts["Python"]], tmp_path).splitlines()[-1] == str(expected)
    if shutil.which("bash") and shutil.which("curl"):
        assert f'"grey": {expected}' in serving.run(["bash", "-c", texts["HTTP"]], tmp_path)


def test_a_folder_that_cannot_be_started_says_so_and_the_others_serve(extended, photograph):
    shown = serving.shown(extended.url)
    for name, reason in (
        ("broken", "ModuleNotFoundError"),
        ("half", "ZeroDivisionError"),
        ("untyped", "the parameter image of demos.untyped.predict.predict has no type"),
    ):
        assert f"could not be started ({reason})" in shown and f"demos/{name}" in shown
    assert "There are no weights called waiting/net" in shown
    assert "Traceback" not in shown and str(extended.root) not in shown
    file = serving.upload(extended.url, photograph.read_bytes())
    event, _ = serving.call(extended.url, "cifar10", file, "airbench", None)
    assert event == "complete"


def test_a_half_drawn_tab_leaves_neither_components_nor_events(extended):
    config = serving.config(extended.url)
    assert "half drawn" not in json.dumps(config)
    drawn = {component["id"] for component in config["components"]}
    for event in config["dependencies"]:
        assert {*event["inputs"], *event["outputs"]} <= drawn


def test_a_demo_s_own_style_is_joined(extended):
    assert ".mixer-only" in serving.config(extended.url)["css"]


def test_a_demo_whose_examples_are_not_installed_opens_without_them(extended):
    rows = [
        component["props"]
        for component in serving.config(extended.url)["components"]
        if "examples" in (component["props"].get("elem_classes") or "")
    ]
    assert [row["visible"] for row in rows].count(False) == 1


def test_a_new_folder_waits_for_its_weights_and_answers_once_they_are_there(extended, photograph):
    missing = "There are no weights called mine/net"
    assert missing in serving.shown(extended.url)
    file = serving.upload(extended.url, photograph.read_bytes())
    event, answer = serving.call(extended.url, "mine", file, "pixels")
    assert event == "error" and missing in answer["error"]

    folder = extended.root / "weights"
    entry = weights.files.read_manifest(folder / "manifest.json").networks["cifar10/airbench"]
    (folder / "mine").mkdir()
    shutil.copy(folder / entry.file, folder / "mine/net.tflite")
    described = entry.model_dump(mode="json") | {"source": None, "file": "mine/net.tflite"}
    weights.files.record("mine/net", directory=folder, **described)
    assert serving.call(extended.url, "mine", file, "pixels") == ("complete", [{"height": 300, "network": "mine/net"}])
