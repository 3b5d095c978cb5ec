import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from huggingface_hub import HfApi, ModelCard

from tests.hub import TOKEN
from tests.waiting import wait_for
from weights import Store
from weights.publish import Refused, publish_space, publish_weights

ROOT = Path(__file__).parents[2]
REPO = "owner/loupe"


@pytest.fixture
def root(tmp_path, bundled):
    """A suite under git, with a card for one of its demos."""
    root = tmp_path / "suite"
    (root / "demos/shapes").mkdir(parents=True)
    (root / "tests").mkdir()
    loupe = "loupe: {rows: {accuracy: Right answers}}\n"
    card = f"---\npipeline_tag: image-feature-extraction\n{loupe}---\n# Shapes\n\nWhat it is for.\n"
    (root / "demos/shapes/CARD.md").write_text(card)
    (root / "demos/shapes/drawn.webp").write_bytes(b"a picture")
    (root / "README.md").write_text("---\ntitle: Loupe\nsdk: gradio\n---\n# Loupe\n")
    (root / "tests/test_it.py").write_text("")
    (root / "weights/shapes").mkdir(parents=True)
    (root / "weights/shapes/plain.tflite").write_text("")
    (root / "weights/shapes/plain.keras").write_text("")
    (root / "secret.env").write_text("not tracked")
    (root / "name with [brackets].txt").write_text("tracked")
    for arguments in (["init", "-q"], ["add", ".", ":!secret.env"]):
        subprocess.run(["git", *arguments], cwd=root, check=True)
    return root


@pytest.fixture
def api(hub):
    return HfApi(endpoint=hub.url, token=TOKEN)


def test_weights_cards_and_manifest_are_one_commit_that_the_manifest_records(root, bundled, hub, api, tmp_path):
    commit = publish_weights(REPO, root, folder=bundled, api=api)
    assert [made for made, _ in hub.repositories["model", REPO]] == [commit]
    recorded = json.loads((bundled / "manifest.json").read_text())
    assert recorded["repository"] == {"repo": REPO, "commit": commit}
    files = hub.files(REPO)
    assert json.loads(files["manifest.json"]) == {**recorded, "repository": None}
    for name in ("shapes/plain", "shapes/wide", "tones/free", "tones/pair"):
        for suffix in ("tflite", "keras"):
            assert files[f"{name}.{suffix}"] == (bundled / f"{name}.{suffix}").read_bytes()
    # And what was published is what a store pulls.
    store = Store(bundled, endpoint=hub.url, cache_dir=tmp_path / "cache")
    store.start()
    wait_for(lambda: store.status("shapes/plain").origin == f"{REPO}@{commit[:7]}")


def test_cards_carry_the_figures_as_metadata_and_bring_their_pictures(root, bundled, hub, api):
    publish_weights(REPO, root, folder=bundled, api=api)
    files = hub.files(REPO)
    overview, card = (ModelCard(files[path].decode()) for path in ("README.md", "shapes/README.md"))
    assert overview.data.license == "apache-2.0" and overview.data.library_name == "keras"
    assert overview.data.datasets == ["owner/shapes"]
    assert "| `tones/free` |" in overview.text and "](shapes/README.md)" in overview.text
    assert card.data.pipeline_tag == "image-feature-extraction"
    assert "What it is for." in card.text and "loupe" not in card.data.to_dict()
    assert "| Right answers |" in overview.text
    figures = {(result.metric_name, result.metric_value) for result in card.data.eval_results}
    assert ("Accuracy (shapes/plain)", 0.9312) in figures
    assert not any("tones" in name for name, _ in figures)
    assert files["shapes/drawn.webp"] == b"a picture"
    assert files["tones/README.md"].decode().rstrip().endswith("# tones")


def test_publishing_again_adds_to_what_is_there(root, bundled, hub, api):
    hub.commit(REPO, {"notes.md": b"mine"})
    publish_weights(REPO, root, folder=bundled, api=api)
    second = publish_weights(REPO, root, folder=bundled, api=api)
    assert hub.files(REPO)["notes.md"] == b"mine"
    assert json.loads((bundled / "manifest.json").read_text())["repository"]["commit"] == second


def test_a_file_that_is_not_the_listed_one_is_not_published(root, bundled, hub, api):
    (bundled / "shapes/plain.tflite").write_bytes(b"another")
    with pytest.raises(Refused, match="shapes/plain is not what the manifest lists"):
        publish_weights(REPO, root, folder=bundled, api=api)
    assert not hub.repositories


def test_a_space_holds_what_git_tracks_less_tests_and_keras_files(root, hub, api):
    hub.commit("owner/demo", {"old.py": b"", ".gitattributes": b"*"}, "space")
    commit = publish_space("owner/demo", root, api=api)
    assert hub.repositories["space", "owner/demo"][-1][0] == commit
    assert hub.files("owner/demo", "space").keys() == {
        ".gitattributes",
        "README.md",
        "demos/shapes/CARD.md",
        "demos/shapes/drawn.webp",
        "name with [brackets].txt",
        "weights/shapes/plain.tflite",
    }


def test_a_space_needs_its_front_matter(root, hub, api):
    (root / "README.md").write_text("# Loupe\n")
    with pytest.raises(Refused, match="front matter"):
        publish_space("owner/demo", root, api=api)
    assert not hub.repositories


@pytest.mark.parametrize(
    ("arguments", "token", "sentence"),
    [
        (["weights", "owner/loupe"], "", "There is no token for the Hub"),
        (["space", "somebody/else"], TOKEN, "This token may not write to somebody/else"),
    ],
)
def test_the_command_says_why_it_cannot_publish(root, bundled, hub, tmp_path, arguments, token, sentence):
    environment = {
        **os.environ,
        "HF_ENDPOINT": hub.url,
        "HF_HOME": str(tmp_path / "home"),
        "HF_TOKEN": token,
        "LOUPE_WEIGHTS_DIR": str(bundled),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "weights.publish", *arguments]
    ran = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    assert ran.returncode == 1
    assert sentence in ran.stderr and "Traceback" not in ran.stderr
    assert not hub.repositories


def test_the_command_publishes(root, bundled, hub, tmp_path):
    environment = {**os.environ, "HF_ENDPOINT": hub.url, "HF_HOME": str(tmp_path / "home"), "HF_TOKEN": TOKEN}
    environment |= {"LOUPE_WEIGHTS_DIR": str(bundled), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "weights.publish", "weights", REPO]
    ran = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    assert ran.stdout == f"{REPO} is at {hub.repositories['model', REPO][-1][0]}.\n", ran.stderr
