"""No file of the server gets out, and no path of it."""

import dataclasses
import itertools
import json
import re
import shutil
from pathlib import Path

import httpx
import pytest

from demos.retrieval.gallery import COLLECTION
from demos.shared import images
from demos.shared.gallery import files
from demos.shared.gallery.gallery import GalleryError
from tests import serving
from tests.security.conftest import Visitor, kind, values

META = {"meta": {"_type": "gradio.FileData"}}


@pytest.fixture(scope="module")
def private(tmp_path_factory, photograph) -> Path:
    """A picture of somebody who has the same server."""
    return Path(shutil.copy(photograph, tmp_path_factory.mktemp("private") / "passport.png"))


@pytest.fixture(scope="module")
def sent(attacked, photograph) -> dict:
    return serving.upload(attacked.url, photograph.read_bytes(), "sent.png")


@pytest.fixture(scope="module")
def link(private, sent) -> Path:
    """A symbolic link in the upload folder."""
    path = Path(sent["path"]).with_name("link.png")
    path.symlink_to(private)
    return path


def payloads(path: str) -> list:
    """A path in all forms in which Gradio takes files."""
    bare = {"path": path, "orig_name": "a.png"}
    files = [bare, bare | META, bare | {"url": path} | META, {"url": path}, {"path": None, "url": path} | META]
    files += [bare | {"path": f"file://{path}"}, bare | {"path": f"/tmp/../{path}"} | META]
    nested = [{"image": bare, "video": bare | META}, {"files": [bare]}, {"value": {"deep": [[bare | META]]}}]
    return [path, *files, [path], [bare], [bare | META], [[bare]], *nested]


def test_no_event_opens_a_file_of_the_server(attacked, events, components, private, link):
    """Every event by its number, a file in every input, each time in other forms."""
    visitor, forms = Visitor(attacked.url), itertools.cycle(payloads(str(private)))
    for number, event in events.items():
        known = values(event, components)
        for at, part in enumerate(event["inputs"]):
            is_file = kind(components[part]) in ("image", "file")
            tried = payloads(str(private)) + payloads(str(link))[1:3] if is_file else [next(forms)]
            for payload in tried:
                answer = visitor.ask(number, [*known[:at], payload, *known[at + 1 :]])
                text = json.dumps(answer).partition(", not ")[0]  # a wrong value is quoted to who sent it
                assert str(private.parent) not in text and "passport" not in text
                shows = re.search(r"<img|<article|\"path\"|data:image", text)
                assert not is_file or not answer["success"] or not shows, (number, payload)


def test_a_folder_is_no_file(attacked, sent):
    event, answer = serving.call(attacked.url, "cifar10", {"path": str(Path(sent["path"]).parent)} | META)
    assert event == "error" and answer["error"] == images.UNREADABLE


@pytest.mark.parametrize(
    "said",
    [
        {"size": "huge"},
        {"size": 1.5},
        {"orig_name": 7},
        {"mime_type": []},
        {"is_stream": "x"},
        {"url": 5},
        {"meta": None},
    ],
)
def test_what_is_said_of_a_file_besides_its_path_may_be_anything(attacked, sent, said):
    assert serving.call(attacked.url, "cifar10", sent | said)[0] == "complete"


@pytest.mark.parametrize("endpoint, more", [("denoiser", [0.0]), ("cifar10", ["airbench", None]), ("digits", [])])
def test_files_that_are_there_and_files_that_are_not_are_one_sentence(attacked, private, link, endpoint, more):
    sentences = set()
    for path in (private, link, private.with_name("none.png"), private.parent, Path("/")):
        for payload in payloads(str(path))[1:4]:
            event, answer = serving.call(attacked.url, endpoint, payload, *more)
            assert event == "error"
            sentences.add(answer["error"])
    assert sentences == {images.UNREADABLE}


def test_picture_that_was_sent_and_the_page_s_own_examples_are_opened(attacked, sent, components):
    for file in (sent, {"path": sent["path"]}):
        assert serving.call(attacked.url, "cifar10", file, "airbench", None)[0] == "complete"
    (picture,) = (part for part in components.values() if part["props"].get("elem_id") == "cifar10-picture")
    assert serving.call(attacked.url, "cifar10", picture["props"]["value"], "airbench", None)[0] == "complete"


@pytest.mark.parametrize(
    "path",
    [
        "gradio_api/file=http://example.com/a.png",
        "gradio_api/file=https://example.com/a.png",
        "gradio_api/file=%68ttp://example.com/a.png",
        "gradio_api/file= http://example.com/a.png",
        "gradio_api/file/http://example.com/a.png",
        "gradio_api/proxy=https://gradio-hello-world.hf.space/",
        "gradio_api/deep_link?session_hash=a",
        "gradio_api/stream/a/b/1/playlist.m3u8",
        "gradio_api/dev/reload",
        "monitoring",
        "login",
    ],
)
def test_address_that_the_page_does_not_use_is_refused(attacked, path):
    assert httpx.get(f"{attacked.url}/{path}").status_code == 404


@pytest.mark.parametrize(
    "path", ["process_recording", "component_server", "vibe-edit", "stream/a", "run-history/connect"]
)
def test_what_the_page_does_not_use_takes_nothing(attacked, path):
    answer = httpx.post(f"{attacked.url}/gradio_api/{path}", files={"video": ("a.mp4", b"x")})
    assert answer.status_code == 404


def test_picture_of_another_server_is_not_fetched(attacked):
    for form in ({"path": "http://127.0.0.1:9/a.png"}, {"url": "http://127.0.0.1:9/a.png", "path": None}):
        for more in ({}, META):
            event, answer = serving.call(attacked.url, "cifar10", form | more, "airbench", None)
            assert event == "error" and answer["error"] == images.UNREADABLE


def test_empty_gallery_does_not_name_its_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("LOUPE_GALLERY", str(tmp_path))
    with pytest.raises(GalleryError) as error:
        files.open_gallery(dataclasses.replace(COLLECTION))
    assert str(error.value) == files.NO_INDEX and str(tmp_path) not in files.NO_INDEX
