"""The contract: every folder in demos/ keeps it, and a new one needs no other file."""

import importlib
import inspect
import json
import runpy
import shutil
import sys

import pyarrow.parquet
import pytest

import demos
import weights
from demos import images, parts
from tests import house, serving
from tests.house import DEMOS, README, ROOT

ROOMS = ("__init__.py", "predict.py", "tab.py", "networks.py", "train.py", "evaluate.py", "CARD.md")
each = pytest.mark.parametrize("name", DEMOS)


@pytest.fixture(scope="module")
def discovered():
    return {found.name: found for found in demos.discover()}


def test_every_folder_is_found_in_alphabetical_order(discovered):
    assert list(discovered) == DEMOS


@each
def test_it_imports(discovered, name):
    assert not discovered[name].problem


@each
def test_it_has_a_title_and_a_question(discovered, name):
    demo = discovered[name].demo
    assert 0 < len(demo.title) <= 20 and demo.question.endswith("?")


@each
def test_its_networks_are_its_own_and_in_the_manifest(discovered, name):
    listed = weights.manifest()["networks"]
    assert discovered[name].demo.networks
    for network in discovered[name].demo.networks:
        assert network.startswith(f"{name}/") and network in listed


@each
def test_it_has_the_same_rooms(name):
    assert not [room for room in ROOMS if not (ROOT / "demos" / name / room).is_file()]


@each
def test_it_has_tests(name):
    assert list((ROOT / "tests").glob(f"{name}/test_*.py"))


@each
def test_predict_takes_a_picture_and_choices_that_have_defaults(discovered, name):
    first, *others = inspect.signature(discovered[name].predict).parameters.values()
    assert first.name == "image" and first.default is first.empty
    assert all(parameter.default is not parameter.empty for parameter in others)
    assert inspect.getdoc(discovered[name].predict)


@each
def test_build_needs_no_argument(discovered, name):
    assert not inspect.signature(discovered[name].build).parameters


@each
def test_predict_answers_with_what_json_can_hold(discovered, name, photograph):
    answer = parts.plain(discovered[name].predict(photograph))
    assert answer and json.loads(json.dumps(answer)).keys() == answer.keys()


@each
def test_predict_says_what_is_wrong_with_a_picture(discovered, name):
    with pytest.raises(images.PictureError):
        discovered[name].predict(b"no picture")


@each
def test_evaluate_takes_a_file_and_ends_with_json(discovered, name, photograph, tmp_path, monkeypatch, capsys):
    table = {"image": [{"bytes": photograph.read_bytes(), "path": "cat.png"}] * 4, "label": [0, 1, 2, 3]}
    pyarrow.parquet.write_table(pyarrow.table(table), tmp_path / "pictures.parquet")
    monkeypatch.setattr(sys, "argv", ["evaluate", "--data", str(tmp_path / "pictures.parquet")])
    runpy.run_module(f"demos.{name}.evaluate", run_name="__main__")
    measured = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert set(measured) == set(discovered[name].demo.networks)
    assert all(isinstance(value, float) for values in measured.values() for value in values.values())


def test_a_demo_without_a_part_is_named_with_the_part(tmp_path, monkeypatch):
    folder = tmp_path / "halved"
    folder.mkdir()
    (folder / "__init__.py").write_text('from demos import Demo\ndemo = Demo("Halved", "Why?", ())\n')
    (folder / "predict.py").write_text("")
    monkeypatch.setattr(demos, "__path__", [str(tmp_path)])
    importlib.invalidate_caches()
    (found,) = demos.discover()
    assert found.name == found.demo.title == "halved" and found.demo.question.endswith("?")
    assert "demos/halved" in found.problem and str(tmp_path) not in found.problem
    assert found.predict is found.build is None


# A demo in a new folder, as README has it, that asks the network of another one under a name of its own.
MINE = {
    "__init__.py": README.split("`demos/mine/__init__.py`")[-1].split("```python\n")[1].split("```")[0],
    "predict.py": '''
from dataclasses import dataclass

import weights
from demos import images


@dataclass(frozen=True)
class Answer:
    """How high the picture is."""

    height: int
    network: str


def predict(image, unit: str = "pixels") -> Answer:
    """Measure one picture."""
    return Answer(images.open(image).size[1], weights.load("mine/net").name)
''',
    "tab.py": """
import gradio as gr

from demos import parts
from demos.mine import demo
from demos.mine.predict import predict


def build() -> None:
    picture, answer = parts.picture_input(), gr.HTML(elem_id="mine-answer")
    parts.answers_first(demo.networks, lambda image: [image and predict(image).network], [picture], [answer])
""",
}


@pytest.fixture(scope="module")
def extended(tmp_path_factory):
    """The page of a house to which two folders were added: mine, and one that cannot be imported."""
    root = house.copy(tmp_path_factory.mktemp("house"))
    for name, rooms in {"mine": MINE, "broken": {"__init__.py": "import no_such_package\n"}}.items():
        (root / "demos" / name).mkdir()
        for room, text in rooms.items():
            (root / "demos" / name / room).write_text(text)
    with serving.serve(root=root, LOUPE_WEIGHTS_REPO="", LOUPE_WEIGHTS_DIR="") as app:
        app.root = root
        yield app


def test_a_new_folder_has_its_tab_and_its_endpoint(extended):
    labels = [
        component["props"]["label"]
        for component in serving.config(extended.url)["components"]
        if component["type"] == "tabitem"
    ]
    titles = {one.name: one.demo.title for one in demos.discover()} | {"broken": "broken", "mine": "Mine"}
    assert labels == [titles[name] for name in sorted(titles)]
    assert "What does mine do?" in serving.shown(extended.url)
    assert serving.endpoints(extended.url) == {f"/{name}" for name in titles} - {"/broken"}


def test_a_folder_that_cannot_be_imported_says_so_and_the_others_serve(extended, photograph):
    shown = serving.shown(extended.url)
    assert "could not be started (ModuleNotFoundError)" in shown and "demos/broken" in shown
    assert "Traceback" not in shown and str(extended.root) not in shown
    file = serving.upload(extended.url, photograph.read_bytes())
    event, _ = serving.call(extended.url, "cifar10", file, "fast")
    assert event == "complete"


def test_a_new_folder_waits_for_its_weights_and_answers_once_they_are_there(extended, photograph):
    missing = "There are no weights called mine/net"
    assert missing in serving.shown(extended.url)
    file = serving.upload(extended.url, photograph.read_bytes())
    event, answer = serving.call(extended.url, "mine", file)
    assert event == "error" and missing in answer["error"]

    folder = extended.root / "weights"
    entry = weights.files.read_manifest(folder / "manifest.json")["networks"]["cifar10/fast"]
    (folder / "mine").mkdir()
    shutil.copy(folder / entry["file"], folder / "mine/net.tflite")
    weights.files.record("mine/net", directory=folder, **{**entry, "file": "mine/net.tflite"})
    assert serving.call(extended.url, "mine", file) == ("complete", [{"height": 300, "network": "mine/net"}])
