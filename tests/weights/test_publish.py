import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from huggingface_hub import HfApi, ModelCard, SpaceCard

from tests.hub import TOKEN
from tests.waiting import wait_for
from weights import Store, space
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
    (root / "docs").mkdir()
    (root / "docs/thumbnail.jpg").write_bytes(b"the page")
    (root / "docs/load.md").write_text("")
    (root / "demos/shapes/training").mkdir()
    (root / "demos/shapes/training/net.py").write_text("")
    (root / "requirements.txt").write_text("gradio==6\n# The recipes\ntensorflow==2\n")
    (root / "requirements-dev.txt").write_text("pytest\n")
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
    store = Store(bundled, REPO, endpoint=hub.url, cache_dir=tmp_path / "cache")
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


def test_figure_is_filed_under_the_data_set_that_the_card_names(root, bundled, hub, api):
    card = (root / "demos/shapes/CARD.md").read_text()
    dataset = "measured_on: [{name: Shapes in rain, type: owner/rain, metrics: ['calibration_*']}]"
    (root / "demos/shapes/CARD.md").write_text(card.replace("rows:", f"{dataset}, rows:"))
    publish_weights(REPO, root, folder=bundled, api=api)
    for path in ("README.md", "shapes/README.md"):
        found = ModelCard(hub.files(REPO)[path].decode()).data.eval_results
        filed = {(result.metric_type, result.dataset_name, result.dataset_type) for result in found}
        assert filed == {
            ("accuracy", "owner/shapes", "owner/shapes"), ("calibration_error", "Shapes in rain", "owner/rain")
        }  # fmt: skip


def test_publishing_again_adds_to_what_is_there_and_what_is_there_is_not_sent_again(root, bundled, hub, api):
    hub.commit(REPO, {"notes.md": b"mine"})
    first = publish_weights(REPO, root, folder=bundled, api=api)
    assert hub.files(REPO)["notes.md"] == b"mine"
    assert publish_weights(REPO, root, folder=bundled, api=api) == first
    assert len(hub.repositories["model", REPO]) == 2
    (root / "demos/shapes/drawn.webp").write_bytes(b"another picture")
    second = publish_weights(REPO, root, folder=bundled, api=api)
    assert second != first and hub.files(REPO)["notes.md"] == b"mine"
    assert json.loads((bundled / "manifest.json").read_text())["repository"]["commit"] == second


def test_a_file_that_is_not_the_listed_one_is_not_published(root, bundled, hub, api):
    (bundled / "shapes/plain.tflite").write_bytes(b"another")
    with pytest.raises(Refused, match="shapes/plain is not what the manifest lists"):
        publish_weights(REPO, root, folder=bundled, api=api)
    assert not hub.repositories


IN_A_SPACE = {
    ".gitattributes", "README.md", "demos/shapes/CARD.md", "demos/shapes/drawn.webp", "docs/load.md",
    "docs/thumbnail.jpg", "name with [brackets].txt", "requirements.txt", "weights/shapes/plain.tflite",
}  # fmt: skip


def test_a_space_holds_what_git_tracks_less_what_does_not_serve(root, hub, api):
    hub.commit("owner/demo", {"old.py": b"", ".gitattributes": b"*"}, "space")
    hub.hardware["owner/demo"] = "cpu-basic"
    commit = publish_space("owner/demo", root, api=api)
    assert hub.repositories["space", "owner/demo"][-1][0] == commit
    assert hub.files("owner/demo", "space").keys() == IN_A_SPACE
    assert hub.files("owner/demo", "space")["requirements.txt"] == b"gradio==6\n"
    assert hub.hardware["owner/demo"] == "cpu-basic" and not hub.variables["owner/demo"]
    assert publish_space("owner/demo", root, api=api) == commit
    publish_space("owner/demo", root, has_keras=True, api=api)
    assert hub.files("owner/demo", "space").keys() - IN_A_SPACE == {"demos/shapes/training/net.py"}
    assert b"tensorflow" in hub.files("owner/demo", "space")["requirements.txt"]


def test_a_space_holds_what_its_readme_and_cards_link_to():
    held = space.collect("owner/demo", ROOT)
    for page in [path for path in held if path.endswith(".md")]:
        links = re.findall(r"\]\(([^):#]+)\)", held[page].decode())
        missing = [link for link in links if os.path.normpath(os.path.join(os.path.dirname(page), link)) not in held]
        assert not missing, page


def test_a_space_has_its_hardware_variable_thumbnail_and_model(root, hub, api):
    for _ in range(2):
        publish_space("owner/demo", root, weights_repo=REPO, api=api)
    assert hub.hardware["owner/demo"] == "zero-a10g"
    assert hub.variables["owner/demo"] == {"LOUPE_WEIGHTS_REPO": REPO}
    assert [path for method, path in hub.requests if method == "POST" and path.endswith("/variables")] == [
        "/api/spaces/owner/demo/variables"
    ]
    card = SpaceCard(hub.files("owner/demo", "space")["README.md"].decode())
    assert card.data.models == [REPO] and card.data.suggested_hardware == "zero-a10g" and card.data.title == "Loupe"
    assert card.data.thumbnail == "https://huggingface.co/spaces/owner/demo/resolve/main/docs/thumbnail.jpg"
    publish_space("owner/demo", root, hardware="cpu-basic", api=api)
    assert hub.hardware["owner/demo"] == "cpu-basic" and hub.variables["owner/demo"]


def test_what_the_page_of_this_repository_needs_to_serve_is_a_part_of_its_requirements():
    text = (ROOT / "requirements.txt").read_text()
    served = space.requirements(text)
    assert "gradio==" in served and "scikit-image==" in served and text.startswith(served)
    assert "tensorflow" not in served and "keras==" not in served and "tensorflow" in text


def test_a_space_needs_its_front_matter(root, hub, api):
    (root / "README.md").write_text("# Loupe\n")
    with pytest.raises(Refused, match="front matter"):
        publish_space("owner/demo", root, api=api)
    shutil.rmtree(root / ".git")
    with pytest.raises(Refused, match="the files that git tracks, and git says: .*not a git repository"):
        publish_space("owner/demo", root, api=api)
    assert not hub.repositories


@pytest.mark.parametrize(
    ("arguments", "token", "sentence"),
    [
        (["weights", "owner/loupe"], "", "There is no token for the Hub"),
        (["space", "somebody/else"], TOKEN, "This token may not write to somebody/else"),
        (["space", "owner/demo", "--hardware", "cpu-basic"], TOKEN, "Free accounts: --hardware zero-a10g"),
    ],
)
def test_the_command_says_why_it_cannot_publish(root, bundled, hub, tmp_path, arguments, token, sentence):
    hub.paid.add("cpu-basic")
    ran = command(arguments, root, bundled, hub, tmp_path, token)
    assert ran.returncode == 1
    assert sentence in ran.stderr and "Traceback" not in ran.stderr
    assert not hub.repositories


def command(arguments, root, bundled, hub, tmp_path, token=TOKEN):
    environment = {**os.environ, "HF_ENDPOINT": hub.url, "HF_HOME": str(tmp_path / "home"), "HF_TOKEN": token}
    environment |= {"LOUPE_WEIGHTS_DIR": str(bundled), "PYTHONPATH": str(ROOT)}
    line = [sys.executable, "-m", "weights.publish", *arguments]
    return subprocess.run(line, cwd=root, env=environment, capture_output=True, text=True)


def test_the_command_publishes_weights_then_a_space_that_pulls_them(root, bundled, hub, tmp_path):
    ran = command(["weights", REPO], root, bundled, hub, tmp_path)
    assert ran.stdout == f"{REPO} is at {hub.repositories['model', REPO][-1][0]}.\n", ran.stderr
    ran = command(["space", "owner/demo"], root, bundled, hub, tmp_path)
    hardware, variable, last = ran.stdout.splitlines()
    assert hardware.startswith("zero-a10g. ZeroGPU: free") and variable == f"LOUPE_WEIGHTS_REPO={REPO}"
    assert last == f"owner/demo is at {hub.repositories['space', 'owner/demo'][-1][0]}."
    assert hub.variables["owner/demo"] == {"LOUPE_WEIGHTS_REPO": REPO}


@pytest.mark.parametrize("what", ["weights", "space"])
def test_a_dry_run_lists_every_file_with_its_size_and_asks_nobody(root, bundled, hub, tmp_path, what):
    ran = command([what, REPO, "--dry-run"], root, bundled, hub, tmp_path, token="")
    listed = {
        path: int(size.replace(",", "")) for size, path in re.findall(r"^ *([\d,]+)  (?!in )(.+)$", ran.stdout, re.M)
    }
    publish = publish_weights if what == "weights" else publish_space
    assert not hub.requests and ran.returncode == 0
    publish(REPO, root, api=HfApi(endpoint=hub.url, token=TOKEN), **({"folder": bundled} if what == "weights" else {}))
    held = hub.files(REPO, "model" if what == "weights" else "space")
    assert listed == {path: len(content) for path, content in held.items()}
    assert ran.stdout.splitlines()[-1].endswith(f"in {len(held)} files for {REPO}; nothing was sent.")
