"""README's walk from an empty folder to figures on a card, as it stands there."""

import re
import sys
import textwrap

import pytest

from tests import house, serving
from tests.house import README

WALK = README.split("## Add a demo\n")[1].split("\n## ")[0]
FILES = {
    path: textwrap.dedent(text)
    for path, text in re.findall(r"   `(demos/textures/[\w/.]+)`\n\n   ```\w+\n(.*?)\n   ```\n", WALK, re.DOTALL)
}
CARD = "demos/textures/CARD.md"
COMMANDS = re.findall(r"^ +(python -m [^\n`]+)$", WALK, re.MULTILINE)


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """A copy of the house, the walk's files in it, and its commands run; and what the tab said before these."""
    root = house.copy(tmp_path_factory.mktemp("house"))
    (root / "README.md").write_text(README, encoding="utf-8")
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text + "\n", encoding="utf-8")
    with serving.serve(root=root, LOUPE_WEIGHTS_REPO="", LOUPE_WEIGHTS_DIR="") as app:
        before = serving.shown(app.url)
    printed = [serving.run([sys.executable, *command.split()[1:]], root) for command in COMMANDS]
    return root, before, printed


def test_walk_has_all_files_and_commands():
    rooms = ("__init__", "predict", "tab", "data", "training/__main__", "training/net", "evaluate")
    assert FILES.keys() == {*(f"demos/textures/{room}.py" for room in rooms), CARD}
    assert [command.split()[2] for command in COMMANDS] == [
        "demos.textures.training", "demos.textures.evaluate", "weights.results"
    ]  # fmt: skip


def test_before_training_the_tab_says_that_the_weights_are_missing(walked):
    assert "There are no weights called textures/net" in walked[1]


def test_figures_stand_in_the_manifest_on_the_card_and_in_readme(walked):
    root, _, printed = walked
    accuracy = float(re.search(r"accuracy +([\d.]+)", printed[1])[1])
    assert accuracy > 0.8
    figure = f"{100 * accuracy:.2f} %"
    assert f"| Accuracy on the other halves of the photographs | {figure} |" in (root / CARD).read_text()
    assert "| [textures](demos/textures/CARD.md) | " in (root / "README.md").read_text()


def test_after_training_tab_endpoint_and_card_answer(walked, photograph):
    with serving.serve(root=walked[0], LOUPE_WEIGHTS_REPO="", LOUPE_WEIGHTS_DIR="") as app:
        shown = serving.shown(app.url)
        assert "Is this brick, grass or gravel?" in shown and "A small network tells brick" in shown
        file = serving.upload(app.url, (photograph.parent / "brick.png").read_bytes())
        event, (answer,) = serving.call(app.url, "textures", file)
        assert event == "complete" and answer["label"] == "brick" and len(answer["confidences"]) == 3
