"""Faults of the Hub, of the way to it and of the disk: the real client against a local Hub that fails."""

import hashlib
from pathlib import Path

import pytest
from huggingface_hub import constants

from tests.hub import TOKEN
from tests.waiting import wait_for
from tests.weights.conftest import REPO, begin, contents, edit, origins, pulled, run
from weights import Unavailable

# Seconds.
QUICK = {"patience": 0.4, "pause": 0.01}
EVERYTHING = [
    401, 403, 404, 408, 410, 429, 500, 502, 503, 504,
    "hang", "slow headers", "reset", "cut", "loop", "login",
]  # fmt: skip


def are_intact(cache: Path) -> bool:
    """Whether each file under a final name in the cache is the whole file: the local Hub's ETag is its digest."""
    blobs = [path for path in cache.glob("*/blobs/*") if not path.name.endswith(".incomplete")]
    return all(hashlib.sha1(path.read_bytes()).hexdigest() == path.name for path in blobs)


@pytest.mark.parametrize("fault", EVERYTHING)
def test_hub_out_of_order_leaves_the_bundled_weights_and_is_asked_again(store_of, published, hub, tmp_path, fault):
    hub.faults[""], hub.refusal = fault, {"Retry-After": "0"}
    store = store_of(**QUICK)
    store.start()
    wait_for(lambda: set(origins(store).values()) == {"bundled"})
    status = store.status("shapes/plain")
    assert status.ready and "owner/loupe" in status.message and "the bundled weights answer meanwhile" in status.message
    assert store.load("shapes/plain").entry == store.manifest().networks["shapes/plain"]
    assert store.manifest().repository is None and are_intact(tmp_path / "cache")
    hub.heal()
    wait_for(lambda: set(origins(store).values()) == {pulled(hub)})
    assert store.status("shapes/plain").message == "" and are_intact(tmp_path / "cache")


def test_hub_that_hangs_is_given_up_and_asked_again(store_of, published, hub, monkeypatch):
    hub.faults[""] = "hang"
    monkeypatch.setattr(constants, "HF_HUB_ETAG_TIMEOUT", 0.1)
    store = store_of(patience=600, pause=0.001)
    store.start()
    sentence = "The weights in owner/loupe cannot be reached; the bundled weights answer meanwhile."
    wait_for(lambda: store.status("shapes/plain").message == sentence)
    assert len(hub.requests) >= 4
    monkeypatch.undo()
    hub.heal()
    wait_for(lambda: set(origins(store).values()) == {pulled(hub)})


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:9", "hub.example", "http://[::1"])
def test_address_without_a_hub_leaves_the_bundled_weights(store_of, endpoint):
    store = store_of(patience=600, pause=0.001, endpoint=endpoint)
    store.start()
    sentence = "The weights in owner/loupe cannot be reached; the bundled weights answer meanwhile."
    wait_for(lambda: store.status("shapes/plain").message == sentence)
    assert set(origins(store).values()) == {"bundled"}


@pytest.mark.parametrize("fault", [404, 503, "hang", "slow headers", "login"])
def test_hub_out_of_order_leaves_the_weights_of_an_earlier_start(store_of, published, hub, fault):
    earlier = store_of(**QUICK)
    earlier.start()
    wait_for(lambda: set(origins(earlier).values()) == {pulled(hub)})
    hub.faults[""] = fault
    store = store_of(patience=600, pause=0.01)
    store.start()
    # At once, whether the Hub answers or not.
    wait_for(lambda: set(origins(store).values()) == {pulled(hub)})
    if fault not in ("hang", "slow headers"):
        sentence = "The weights in owner/loupe cannot be reached; those fetched before answer meanwhile."
        wait_for(lambda: store.status("shapes/plain").message == sentence)
    hub.commit(REPO, {"notes.md": b"a later commit of the same weights"})
    hub.heal()
    wait_for(lambda: set(origins(store).values()) == {pulled(hub)})


@pytest.mark.parametrize("fault", [403, 404, "login", "garbage", "short", "pointer"])
@pytest.mark.parametrize("file", ["shapes/plain.tflite", "manifest.json"])
def test_damaged_file_is_never_opened_and_is_fetched_when_it_is_whole(store_of, published, hub, tmp_path, file, fault):
    commit = hub.repositories["model", REPO][-1][0]
    hub.faults[f"{commit}/{file}"] = fault
    store = store_of(patience=600, pause=0.002)
    store.start()
    wait_for(lambda: all(origins(store).values()))
    bundled = {"shapes/plain"} if file != "manifest.json" else set(origins(store))
    wait_for(lambda: {name for name, origin in origins(store).items() if origin == "bundled"} == bundled)
    message = store.status("shapes/plain").message
    assert REPO in message and message.endswith("; the bundled weights answer meanwhile.")
    hub.heal()
    wait_for(lambda: set(origins(store).values()) == {pulled(hub)})
    assert store.status("shapes/plain").message == ""


def test_download_that_is_cut_goes_on_where_it_was(store_of, published, hub, tmp_path, monkeypatch):
    monkeypatch.setattr("weights.hub.CHUNK", 512)
    hub.faults["shapes/plain.tflite"] = "truncated"
    store = store_of(patience=600)
    store.start()
    wait_for(lambda: set(origins(store).values()) == {pulled(hub)})
    assert [start > 0 for start in hub.starts["shapes/plain.tflite"]] == [False, True]


def test_file_at_a_crawl_leaves_the_bundled_one_and_counts_its_bytes(store_of, published, hub, monkeypatch):
    monkeypatch.setattr("weights.hub.CHUNK", 1)
    hub.faults["shapes/plain.tflite"] = "slow"
    store = store_of(**QUICK)
    store.start()
    wait_for(lambda: store.status("tones/free").origin == pulled(hub))
    wait_for(lambda: store.status("shapes/plain").origin == "bundled")
    wait_for(lambda: "0.0 of 0.0 MB" in store.status("shapes/plain").message)
    assert store.status("shapes/plain").awaited
    # Pages stop looking by and by: what comes after a minute, the next visit finds.
    monkeypatch.setattr("weights.store.SOON", 0.0)
    assert not store.status("shapes/plain").awaited


def test_commit_that_is_left_while_files_are_fetched_stays_the_one_that_answers(store_of, published, hub):
    commit = pulled(hub)
    hub.stalled.add("shapes/plain.tflite")
    store = store_of(patience=600)
    store.start()
    wait_for(lambda: hub.fetched("shapes/plain.tflite"))
    hub.commit(REPO, {name: b"another" for name in ("manifest.json", "shapes/plain.tflite", "shapes/wide.tflite")})
    hub.release.set()
    wait_for(lambda: set(origins(store).values()) == {commit})


def test_commit_that_is_gone_while_files_are_fetched_gives_way_to_the_one_in_its_place(store_of, published, hub):
    hub.faults["shapes/wide.tflite"] = "hang"
    store = store_of(patience=600, pause=0.002)
    store.start()
    wait_for(lambda: hub.fetched("shapes/plain.tflite"))
    hub.commit(REPO, {"notes.md": b"the history of the repository begins here"})
    del hub.repositories["model", REPO][0]
    hub.heal()
    wait_for(lambda: set(origins(store).values()) == {pulled(hub)})


@pytest.mark.parametrize("is_listed", [False, True])
def test_weights_that_are_nowhere_else_are_waited_for(store_of, published, bundled, hub, is_listed):
    if is_listed:
        (bundled / "shapes/plain.tflite").unlink()
    else:
        edit(bundled, lambda manifest: manifest["networks"].pop("shapes/plain"))
    hub.faults[""] = 404
    store = store_of(**QUICK)
    store.start()
    sentence = "The weights in owner/loupe cannot be reached; they are asked for again."
    wait_for(lambda: store.status("shapes/plain").message == sentence)
    assert store.status("shapes/plain").awaited and not store.status("shapes/wide").awaited
    with pytest.raises(Unavailable, match=sentence):
        store.load("shapes/plain")
    edit(published, lambda manifest: manifest["networks"].pop("shapes/wide"))
    hub.commit(REPO, contents(published))
    hub.heal()
    wait_for(lambda: store.status("shapes/plain").origin == pulled(hub))
    missing = "The repository owner/loupe lists no weights for shapes/wide; the bundled weights answer meanwhile."
    assert store.status("shapes/wide").message == missing


@pytest.mark.parametrize("repo", ["Owner/Loupe", "owner/loupe"])
def test_repository_is_named_as_it_is_written(store_of, published, hub, repo):
    hub.repositories["model", repo] = hub.repositories["model", REPO]
    hub.faults["shapes/plain.tflite"] = "garbage"
    store = store_of(repo=repo, patience=600)
    store.start()
    wait_for(lambda: all(origins(store).values()))
    message = f"The repository {repo} gives no intact weights for shapes/plain; the bundled weights answer meanwhile."
    assert store.status("shapes/plain").message == message
    assert store.status("tones/free").origin.startswith(f"{repo}@")


def test_renamed_repository_is_found(store_of, published, hub):
    hub.renamed["owner/old"] = REPO
    store = store_of(repo="owner/old")
    store.start()
    wait_for(lambda: set(origins(store).values()) == {pulled(hub).replace(REPO, "owner/old")})


@pytest.mark.parametrize("token", ["hf_expired", TOKEN])
def test_refused_token_is_left_out_where_none_is_needed(store_of, published, hub, monkeypatch, caplog, token):
    monkeypatch.setenv("HF_TOKEN", token)
    store = store_of(patience=600)
    store.start()
    wait_for(lambda: set(origins(store).values()) == {pulled(hub)})
    assert ("The Hub refuses the token" in caplog.text) == (token != TOKEN) and token not in caplog.text


def test_private_repository_needs_a_token_that_may_read_it(store_of, published, hub, monkeypatch, caplog):
    hub.private.add(REPO)
    store = store_of(**QUICK)
    store.start()
    wait_for(lambda: "set HF_TOKEN to a token that may read it" in caplog.text)
    wait_for(lambda: set(origins(store).values()) == {"bundled"})
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    wait_for(lambda: set(origins(store).values()) == {pulled(hub)})


def test_offline_mode_asks_nobody_and_takes_what_the_cache_holds(store_of, published, hub, monkeypatch):
    first = store_of()
    first.start()
    wait_for(lambda: set(origins(first).values()) == {pulled(hub)})
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    asked = len(hub.requests)
    cached, bundled = store_of(patience=600), store_of(patience=600, cache_dir=published / "empty")
    for store, origin in ((cached, pulled(hub)), (bundled, "bundled")):
        store.start()
        wait_for(lambda store=store, origin=origin: set(origins(store).values()) == {origin})
    assert len(hub.requests) == asked


def test_pinned_commit_in_the_cache_asks_nobody(store_of, published, hub):
    revision = hub.repositories["model", REPO][-1][0]
    for _ in range(2):
        asked = len(hub.requests)
        store = store_of(revision=revision)
        store.start()
        wait_for(lambda store=store: set(origins(store).values()) == {pulled(hub)})
    assert len(hub.requests) == asked


def test_cache_that_cannot_be_written_is_named_and_its_repair_is_noticed(store_of, published, hub, tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be, as a disk that is read-only refuses it")
    store = store_of(patience=600, pause=0.002)
    store.start()
    wait_for(lambda: set(origins(store).values()) == {"bundled"})
    sentence = "The weights in owner/loupe cannot be stored on this machine; the bundled weights answer meanwhile."
    assert store.status("shapes/plain").message == sentence
    (tmp_path / "cache").unlink()
    wait_for(lambda: set(origins(store).values()) == {pulled(hub)})


def test_cache_behind_a_symbolic_link_is_a_cache(store_of, published, hub, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "cache").symlink_to("elsewhere")
    for fault in ("", 503):
        hub.faults[""] = fault
        store = store_of(patience=600, pause=0.002)
        store.start()
        wait_for(lambda store=store: set(origins(store).values()) == {pulled(hub)})


START = """
import resource, time, weights
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
weights.start()
while (status := weights.status("shapes/plain")).awaited or not status.ready:
    time.sleep(0.02)
print(status.origin)
print(status.message)
"""


def test_full_disk_leaves_the_bundled_weights_and_no_partial_file(published, bundled, hub, tmp_path):
    origin, sentence = run(START.format(limit=1000), bundled, tmp_path, hub.url)
    assert origin == "bundled" and "cannot be stored on this machine" in sentence
    assert are_intact(tmp_path / "home/hub") and not list(tmp_path.glob("home/hub/*/blobs/*.incomplete"))


def test_killed_download_begins_again_and_what_was_whole_is_not_fetched_twice(published, bundled, hub, tmp_path):
    hub.stalled.add("shapes/wide.tflite")
    code = START.format(limit=10**9)
    process = begin(code, bundled, tmp_path, hub.url)
    wait_for(lambda: hub.fetched("shapes/wide.tflite"))
    wait_for(lambda: list(tmp_path.glob("home/hub/*/blobs/*.incomplete")))
    process.kill()
    process.wait()
    assert are_intact(tmp_path / "home/hub")
    hub.heal()
    assert run(code, bundled, tmp_path, hub.url) == [pulled(hub), ""]
    fetched = [path for method, path in hub.requests if method == "GET"]
    assert [sum(path.endswith(f"/{name}.tflite") for path in fetched) for name in ("plain", "wide")] == [1, 2]
    assert are_intact(tmp_path / "home/hub") and not list(tmp_path.glob("home/hub/*/blobs/*.incomplete"))


def test_two_processes_at_once_share_a_cache(published, bundled, hub, tmp_path):
    code = START.format(limit=10**9)
    both = [begin(code, bundled, tmp_path, f"{hub.url}/") for _ in range(2)]  # an address may end in a slash
    assert [process.communicate(timeout=300)[0] for process in both] == [f"{pulled(hub)}\n\n"] * 2
    assert are_intact(tmp_path / "home/hub")


def test_waiting_costs_no_processor_time(published, bundled, hub, tmp_path):
    code = """
import time, huggingface_hub, weights
weights.start()
time.sleep(1)
before = time.process_time()
time.sleep(0.5)
print(time.process_time() - before)
"""
    hub.faults[""] = "hang"
    (seconds,) = run(code, bundled, tmp_path, hub.url)
    assert float(seconds) < 0.05
