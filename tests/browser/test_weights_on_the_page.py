"""What the page says while weights come from the Hub, and when they do not."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests import serving
from tests.hub import Hub
from weights.files import folder, read_manifest, sha256

REPO = "owner/loupe"


@pytest.fixture
def hub():
    """A Hub whose weights are the bundled ones with a byte more, so that they have to be fetched."""
    networks = json.loads((folder() / "manifest.json").read_text())["networks"]
    contents = {}
    for entry in networks.values():
        contents[entry["file"]] = (folder() / entry["file"]).read_bytes() + b"\0"
        entry |= {"bytes": len(contents[entry["file"]]), "sha256": sha256(contents[entry["file"]])}
        entry.pop("source", None)
    with Hub() as hub:
        contents["manifest.json"] = json.dumps({"repository": None, "networks": networks}).encode()
        hub.commit_of_weights = hub.commit(REPO, contents)
        yield hub


def test_the_page_opens_at_once_says_what_it_waits_for_and_answers_when_it_is_there(visit, hub, tmp_path):
    hub.stalled.update(entry.file for entry in read_manifest(folder() / "manifest.json").networks.values())
    # Without weights beside the code it waits as long as it takes.
    (tmp_path / "manifest.json").write_text(json.dumps({"repository": None, "networks": {}}))
    environment = environment_of(hub.url, tmp_path) | {"LOUPE_WEIGHTS_DIR": str(tmp_path)}
    with serving.serve(**environment) as app:
        page = visit(url=app.url, ready="#cifar10-answer .sentence")
        waiting = page.locator("#cifar10-answer [role=status]")
        expect(waiting).to_contain_text(f"The weights are being fetched from {REPO}")
        expect(page.locator(".block.page-footer")).to_contain_text("none yet")
        hub.release.set()
        page.locator(".card").first.wait_for()
        expect(page.locator(".card")).to_have_count(2)
        origin = f"{REPO}@{hub.commit_of_weights[:7]}"
        another = visit(url=app.url)
        expect(another.locator(".block.page-footer")).to_contain_text(origin)
        leave(page, another)


def test_without_the_hub_the_bundled_weights_answer_and_the_page_says_so(visit, tmp_path):
    with serving.serve(**environment_of("http://127.0.0.1:9", tmp_path)) as app:
        page = visit(url=app.url)
        expect(page.locator(".card")).to_have_count(2)
        expect(page.locator(".block.page-footer")).to_contain_text("bundled with the page")
        expect(page.locator(".block.page-footer")).to_contain_text(re.compile(f" {REPO}.*; the bundled weights answer"))
        assert "Traceback" not in app.output
        leave(page)


def leave(*pages) -> None:
    """Close pages while they are still served: one whose server has gone complains."""
    for page in pages:
        page.close()


def environment_of(endpoint: str, home) -> dict[str, str]:
    return {"HF_ENDPOINT": endpoint, "HF_HOME": str(home / "home"), "LOUPE_WEIGHTS_REPO": REPO}
