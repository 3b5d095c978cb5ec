"""Weights from the Hub: the real client against a local Hub."""

import json
import time

import pytest

from tests.waiting import wait_for
from tests.weights.conftest import REPO, contents, edit, origins, pulled, run
from weights import Unavailable


def test_the_weights_of_the_repository_answer_with_their_own_entries(store_of, published, hub):
    store = store_of()
    assert store.load("shapes/plain").origin == "bundled"  # nothing is pulled before it is asked for
    store.start()
    store.start()
    wait_for(lambda: set(origins(store).values()) == {pulled(hub)})
    assert store.load("shapes/plain").entry.thresholds == {"energy": -9.9, "new": 1.0}
    assert store.load("shapes/plain") is store.load("shapes/plain")
    # By its commit, which the branch may leave meanwhile.
    asked = [path for method, path in hub.requests if method == "GET" and path.endswith("/manifest.json")]
    assert asked == [f"/{REPO}/resolve/{hub.repositories['model', REPO][-1][0]}/manifest.json"]
    assert store.status("shapes/plain").message == ""
    assert store.manifest().repository.model_dump() == {
        "repo": REPO,
        "commit": hub.repositories["model", REPO][-1][0],
    }
    assert store.manifest().networks["shapes/plain"].thresholds["energy"] == -9.9


def test_what_lies_beside_the_code_is_not_fetched(store_of, published, hub):
    store = store_of()
    store.start()
    wait_for(lambda: set(origins(store).values()) == {pulled(hub)})
    assert hub.fetched("shapes/plain.tflite") and hub.fetched("shapes/wide.tflite")
    assert not hub.fetched("tones/free.tflite")


def test_what_was_fetched_once_is_not_fetched_again(store_of, published, hub):
    for _ in range(2):
        store = store_of()
        store.start()
        wait_for(lambda store=store: set(origins(store).values()) == {pulled(hub)})
    assert [path for method, path in hub.requests if method == "GET" and path.endswith("/plain.tflite")] == [
        f"/{REPO}/resolve/{hub.repositories['model', REPO][-1][0]}/shapes/plain.tflite"
    ]


def test_a_revision_is_pulled_by_name(store_of, published, bundled, hub):
    first = hub.repositories["model", REPO][-1][0]
    hub.commit(REPO, {"manifest.json": b"{}"})
    store = store_of(revision=first)
    store.start()
    wait_for(lambda: origins(store)["shapes/plain"] == f"{REPO}@{first[:7]}")


@pytest.mark.parametrize("repo", [None, ""])
def test_bundled_weights_are_the_default_wherever_they_were_published(store_of, published, bundled, hub, repo):
    commit = hub.repositories["model", REPO][-1][0]
    edit(bundled, lambda manifest: manifest.update(repository={"repo": REPO, "commit": commit}))
    store = store_of(repo=repo)
    store.start()
    assert set(origins(store).values()) == {"bundled"} and not store.status("shapes/plain").awaited
    assert store.manifest().repository.commit == commit and not hub.requests
    named = store_of()
    named.start()
    wait_for(lambda: origins(named)["shapes/plain"] == f"{REPO}@{commit[:7]}")


def test_a_stalled_file_holds_up_its_own_demo_and_only_for_a_while(store_of, published, hub):
    hub.stalled.add("shapes/plain.tflite")
    store = store_of(patience=2)
    store.start()
    with pytest.raises(Unavailable, match="are being fetched from owner/loupe"):
        store.load("shapes/plain")
    wait_for(lambda: store.status("tones/free").origin == pulled(hub))
    wait_for(lambda: "MB" in store.status("shapes/wide").message)
    wait_for(lambda: origins(store)["shapes/plain"] == "bundled")
    assert "the bundled weights answer meanwhile" in store.status("shapes/plain").message
    bundled = store.load("shapes/plain")
    # Whoever was only slow is served from then on.
    hub.release.set()
    wait_for(lambda: set(origins(store).values()) == {pulled(hub)})
    assert store.load("shapes/plain") is not bundled


def test_a_trickling_file_does_not_hold_up_the_page(store_of, published, hub):
    hub.trickling.add("shapes/plain.tflite")
    store = store_of(patience=1)
    store.start()
    wait_for(lambda: origins(store)["shapes/plain"] == "bundled")
    wait_for(lambda: origins(store)["tones/free"] == pulled(hub))


def test_a_connection_that_breaks_is_tried_again(store_of, published, hub):
    hub.cut += ["manifest.json", "shapes/plain.tflite"]
    store = store_of(patience=60)
    store.start()
    wait_for(lambda: set(origins(store).values()) == {pulled(hub)})
    assert not hub.cut


def test_a_stalled_manifest_does_not_hold_up_the_page(store_of, published, hub):
    hub.stalled.add("manifest.json")
    store = store_of(patience=0.5)
    began = time.monotonic()
    store.start()
    assert not store.status("tones/free").ready
    wait_for(lambda: set(origins(store).values()) == {"bundled"})
    assert time.monotonic() - began >= 0.5


def test_the_environment_says_what_to_pull(published, bundled, hub, tmp_path):
    code = """
import time, weights
weights.start()
while not weights.status("shapes/plain").ready:
    time.sleep(0.02)
print(weights.load("shapes/plain").origin, weights.manifest().repository.repo)
"""
    assert run(code, bundled, tmp_path, hub.url) == [f"{pulled(hub)} {REPO}"]


def test_an_unreachable_hub_leaves_the_bundled_weights(bundled, tmp_path):
    code = """
import time, weights.store
store = weights.store.Store.from_environment()
store.patience = 1
store.start()
print(store.status("shapes/plain").ready)
time.sleep(1.1)
print(store.status("shapes/plain").origin, store.manifest().repository)
print(store.status("shapes/plain").message)
"""
    assert run(code, bundled, tmp_path, "http://127.0.0.1:9") == [
        "False",
        "bundled None",
        "The weights are being fetched from owner/loupe; the bundled weights answer meanwhile.",
    ]


@pytest.mark.parametrize("repo", ["owner/none", "no such name!"])
def test_a_repository_that_is_not_there_leaves_the_bundled_weights_at_once(store_of, hub, repo):
    store = store_of(repo=repo, patience=60)
    store.start()
    wait_for(lambda: set(origins(store).values()) == {"bundled"})
    message = f"The weights in {repo} cannot be reached; the bundled weights answer meanwhile."
    assert store.status("shapes/plain").message == message


@pytest.mark.parametrize("content", [None, b"", b"damaged"])
def test_a_file_missing_or_damaged_at_the_hub_is_replaced_by_the_bundled_one_alone(store_of, published, hub, content):
    hub.commit(REPO, {"shapes/plain.tflite": content})
    store = store_of(patience=60)
    store.start()
    wait_for(lambda: all(origins(store).values()))
    assert origins(store) == {
        "shapes/plain": "bundled",
        "shapes/wide": pulled(hub),
        "tones/free": pulled(hub),
    }
    assert "gives no intact weights for shapes/plain" in store.status("shapes/plain").message
    assert store.manifest().networks["shapes/plain"] == store.load("shapes/plain").entry


def test_a_file_damaged_in_the_cache_is_fetched_again(store_of, published, hub, tmp_path):
    for _ in range(2):
        store = store_of(patience=60)
        store.start()
        wait_for(lambda store=store: set(origins(store).values()) == {pulled(hub)})
        for path in (tmp_path / "cache").rglob("snapshots/*/shapes/plain.tflite"):
            path.resolve().write_bytes(b"damaged")


def test_a_network_that_the_repository_does_not_list_is_bundled(store_of, published, hub):
    edit(published, lambda manifest: manifest["networks"].pop("shapes/plain"))
    hub.commit(REPO, contents(published))
    store = store_of(patience=60)
    store.start()
    wait_for(lambda: all(origins(store).values()))
    assert origins(store)["shapes/plain"] == "bundled" and origins(store)["shapes/wide"] == pulled(hub)


def test_a_network_that_only_the_repository_has_is_waited_for(store_of, published, bundled, hub):
    edit(bundled, lambda manifest: manifest["networks"].pop("shapes/plain"))
    hub.stalled.add("shapes/plain.tflite")
    store = store_of(patience=0)
    store.start()
    wait_for(lambda: hub.fetched("shapes/plain.tflite"))
    assert "are being fetched" in store.status("shapes/plain").message
    hub.release.set()
    wait_for(lambda: store.status("shapes/plain").origin == pulled(hub))


@pytest.mark.parametrize(
    "change",
    [
        {"thresholds": {}},
        {"inputs": {"picture": {"shape": [None, 9, 9, 3], "dtype": "uint8"}}},
        {"outputs": {"probabilities": {"shape": [None, 5], "dtype": "float32"}}},
    ],
)
def test_a_network_that_the_code_cannot_use_is_not_taken(store_of, published, hub, change):
    edit(published, lambda manifest: manifest["networks"]["shapes/plain"].update(change))
    hub.commit(REPO, contents(published))
    store = store_of(patience=60)
    store.start()
    wait_for(lambda: all(origins(store).values()))
    assert origins(store)["shapes/plain"] == "bundled" and origins(store)["shapes/wide"] == pulled(hub)


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"[" * 100_000,
        json.dumps({"networks": {"../../x": {}}}).encode(),
        {"file": "../../outside.tflite"},
        {"file": "/tmp/outside.tflite"},
        {"bytes": "many"},
        {"outputs": [[]]},
        {"thresholds": {"energy": "low"}},
    ],
)
def test_a_hostile_manifest_is_rejected_whole(store_of, published, hub, hostile, caplog):
    if isinstance(hostile, bytes):
        hub.commit(REPO, {"manifest.json": hostile})
    else:
        edit(published, lambda manifest: manifest["networks"]["tones/free"].update(hostile))
        hub.commit(REPO, contents(published))
    store = store_of(patience=60)
    store.start()
    wait_for(lambda: all(origins(store).values()))
    assert set(origins(store).values()) == {"bundled"}
    sentence = "The list of weights in owner/loupe is malformed; the bundled weights answer meanwhile."
    assert store.status("shapes/plain").message == sentence
    assert "is rejected" in caplog.text
    assert not any("outside" in path for _, path in hub.requests)
