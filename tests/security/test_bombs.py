"""Files and requests of some kilobytes that would take gigabytes or hours are refused, and the page goes on."""

import io
import json
import struct
import time
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import httpx
import numpy as np
import pytest

from demos.retrieval.gallery import COLLECTION
from demos.shared import images
from demos.shared.gallery import files, upload
from demos.shared.gallery.gallery import DAMAGED, GalleryError
from demos.shared.ui import gate
from tests import pictures, serving
from tests.security.conftest import JSON, Visitor, kind, values


def resident(app) -> float:
    """Memory of the page's process, in MB."""
    status = Path(f"/proc/{app.process.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1000


def zeros(width: int, height: int, depth: int = 8) -> bytes:
    """A small PNG of that many black pixels, RGB."""
    row = bytes(1 + width * 3 * depth // 8)
    packer, parts = zlib.compressobj(9), []
    for _ in range(height):
        parts.append(packer.compress(row))
    header = pictures.png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0))
    pixels = pictures.png_chunk(b"IDAT", b"".join(parts) + packer.flush())
    return b"\x89PNG\r\n\x1a\n" + header + pixels + pictures.png_chunk(b"IEND", b"")


@pytest.fixture(scope="module")
def large(attacked) -> dict:
    """49 megapixels in 150 kB."""
    return serving.upload(attacked.url, zeros(7000, 7000), "large.png")


def test_too_many_pixels_are_refused_by_the_header(attacked):
    for name, content in (("png", zeros(8000, 8000)), ("tiff", pictures.tiff(9000, 9000, 8, b""))):
        file = serving.upload(attacked.url, content, f"bomb.{name}")
        event, answer = serving.call(attacked.url, "cifar10", file, "airbench", None)
        assert event == "error" and answer["error"] in (images.TOO_MANY.format(50), images.DAMAGED)


def test_many_large_pictures_at_once_stay_within_one_budget(attacked, large, events, components):
    """Taps and first answers of five visitors, each of 49 megapixels: 200 MB decoded."""
    kinds = {number: [kind(components[at]) for at in event["inputs"]] for number, event in events.items()}
    wanted = []
    for number, event in events.items():
        (place, trigger), *_ = event["targets"]
        is_of_picture = place in components and kind(components[place]) == "image" and trigger in ("select", "change")
        if is_of_picture and kinds[number][0] == "image" and "radio" not in kinds[number]:
            wanted.append(number)
    assert len(wanted) > 3
    before, highest = resident(attacked), 0.0

    def ask(number: int) -> dict:
        event = wanted[number % len(wanted)]
        data = values(events[event], components)
        return Visitor(attacked.url).ask(event, [large, *data[1:]], event_data={"index": [9, 9], "value": None})

    with ThreadPoolExecutor(5) as pool:
        asked = [pool.submit(ask, number) for number in range(5)]
        while not all(answer.done() for answer in asked):
            highest = max(highest, resident(attacked))
            time.sleep(0.1)
    assert all(answer.result()["msg"] == "process_completed" for answer in asked)
    assert highest - before < 900


def test_queue_cannot_be_passed_by(attacked, events, components):
    for name in ("cifar10", "denoiser", "event_6"):
        for way in ("run", "api"):
            answer = httpx.post(f"{attacked.url}/gradio_api/{way}/{name}", json={"data": [None, "airbench", None]})
            assert answer.status_code == 404
    decoding = {"image", "file"}
    for number, event in events.items():
        if not event["queue"]:
            assert not decoding & {kind(components[at]) for at in event["inputs"] if at in components}, number


def test_endpoint_number_cannot_be_run_past_the_queue(attacked, events):
    queued = [number for number, event in events.items() if event["queue"]]
    for number in queued[:5]:
        body = {"data": [], "fn_index": number}
        assert httpx.post(f"{attacked.url}/gradio_api/run/predict", json=body).status_code == 404


def bring(visitor: Visitor, events: dict, components: dict, content: bytes, name: str) -> str:
    """Bring a file to the first tab that takes them, and return what is said."""
    number = next(
        number
        for number, event in events.items()
        if event["targets"][0][1] == "change" and [kind(components[at]) for at in event["inputs"]] == ["file", "state"]
    )
    file = serving.upload(visitor.url.removesuffix("/gradio_api"), content, name)
    answer = visitor.ask(number, [[file], None])
    return json.dumps(answer)


def zipped(members: dict[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", kind) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def overlapping(count: int) -> bytes:
    """A zip whose list names one member so many times."""
    member = zipped({"a.png": bytes(20_000_000)})
    start = member.rindex(b"PK\1\2")
    end = member.rindex(b"PK\5\6")
    entry = member[start:end]
    tail = struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, count & 65535, count & 65535, len(entry) * count, start, 0)
    return member[:start] + entry * count + tail


BOMBS = {
    "one member 5,000 times": lambda: overlapping(5000),
    "one member 65,000 times": lambda: overlapping(65_000),
    "bzip2": lambda: zipped({f"{n}.png": bytes(9_000_000) for n in range(3)}, zipfile.ZIP_BZIP2),
    "lzma": lambda: zipped({"a.png": bytes(100)}, zipfile.ZIP_LZMA),
    "700 MB": cache(lambda: zipped({f"{n}.png": bytes(100_000_000) for n in range(7)})),
}


@pytest.mark.parametrize("name", BOMBS)
def test_zip_bomb_is_one_sentence(tmp_path, name):
    (tmp_path / "a.zip").write_bytes(BOMBS[name]())
    with pytest.raises(GalleryError) as error:
        next(upload.list_files([tmp_path / "a.zip"]))
    assert "zip file" in str(error.value)


def index(titles: list, **members) -> bytes:
    """An index that a visitor could have saved, with other members."""
    content = zeros(8, 8)
    about = json.dumps({"titles": titles, "credits": [""] * len(titles), "digests": {}}).encode()
    stored = {"about": np.frombuffer(about, np.uint8), "pictures": np.frombuffer(content * len(titles), np.uint8)}
    stored["ends"] = np.cumsum([len(content)] * len(titles))
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **stored | members)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "build",
    [
        lambda: index(["a" * 97_000_000]),
        lambda: index(["a"], about=np.frombuffer(b'{"titles":[' + b"[]," * 20_000_000 + b"[]]}", np.uint8)),
        lambda: index(["a"], vectors_mobilenet=np.zeros((1, 60_000_000), np.float16)),
        lambda: overlapping(64),
    ],
    ids=["a title of 97 MB", "millions of nothings", "a long vector", "one member many times"],
)
def test_index_that_unpacks_to_much_is_one_sentence(tmp_path, build):
    content = build()
    assert len(content) < 200_000
    (tmp_path / "index.npz").write_bytes(content)
    with pytest.raises(GalleryError):
        list(upload.restore(tmp_path / "index.npz", COLLECTION))


def test_titles_are_cleaned_where_they_come_in(tmp_path):
    (tmp_path / "index.npz").write_bytes(index(["a\ud800b", "\u202egnp.exe", "x\r\n\0y", "z" * 5000]))
    found = files.read(tmp_path / "index.npz", COLLECTION.encoders)
    assert found.titles == ["a b", "gnp.exe", "x y", "z" * 200]


def test_index_with_large_pictures_is_refused_on_the_page(attacked, visitor, events, components):
    content = zeros(7000, 7000)
    large = {"pictures": np.frombuffer(content, np.uint8), "ends": np.array([len(content)])}
    assert DAMAGED in bring(visitor, events, components, index(["a"], **large), "index.npz")


def test_zip_bomb_is_a_sentence_on_the_page(attacked, visitor, events, components):
    assert "unpacks to more than 500 MB" in bring(visitor, events, components, BOMBS["700 MB"](), "a.zip")


@pytest.mark.parametrize("path", ["queue/join", "call/cifar10", "cancel", "run/event_7"])
def test_body_without_bound_is_refused(attacked, path):
    """Announced, streamed in parts, and nested."""
    url, large = f"{attacked.url}/gradio_api/{path}", b'{"data": ["' + b"a" * 2_000_000 + b'"]}'

    def parts():
        for start in range(0, len(large), 50_000):
            yield large[start : start + 50_000]

    for content in (large, parts()):
        try:
            assert httpx.post(url, content=content, headers=JSON).status_code == 413
        except httpx.TransportError:  # it closed the connection while we sent
            pass
    deep = b'{"data": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    for content in (deep, b'{"a": "' + b'\\"' * 300_000 + b'", "data": ' + b"[" * 100_000):
        began = time.monotonic()
        answer = httpx.post(url, content=content, headers=JSON)
        assert answer.status_code == 400 and time.monotonic() - began < 30


def test_upload_beyond_the_bound_is_refused_and_leaves_no_part(attacked, visitor):
    folder = Path(serving.upload(attacked.url, b"x")["path"]).parents[1]
    before = set(folder.iterdir())
    head = b'--cut\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n'
    multipart = {"Content-Type": "multipart/form-data; boundary=cut"}

    def body(parts: int):
        yield head
        for _ in range(parts):
            yield bytes(1_000_000)

    for form in (head, b'--cut\r\nContent-Disposition: form-data; name="text"\r\n\r\n'):
        try:
            answer = httpx.post(f"{visitor.url}/upload", content=form + bytes(33_000_000), headers=multipart)
            assert answer.status_code == 413
        except httpx.TransportError:
            pass
    try:
        assert httpx.post(f"{visitor.url}/upload", content=body(34), headers=multipart).status_code == 413
    except httpx.TransportError:
        pass

    def broken():
        yield from body(3)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        httpx.post(f"{visitor.url}/upload", content=broken(), headers=multipart)
    serving.wait_for(lambda: set(folder.iterdir()) == before, 20)


def test_depth_of_json_does_not_count_brackets_in_texts():
    assert gate.depth(b'["' + b"[" * 50 + b'", [[{"a": "\\"]["}]]]') == 4
    assert gate.depth(b"[" * 100) == 100
    assert gate.depth(b'"' + b'\\"' * 100_000 + b"[" * 40) <= 40
