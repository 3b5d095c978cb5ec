"""The ways to give a picture, what is sent of it, and what the page shows meanwhile."""

import base64
import re

import numpy as np
import pillow_heif
import pytest
from PIL import ExifTags, Image
from playwright.sync_api import expect

from demos.cifar10.predict import predict
from demos.shared import images
from demos.shared.ui import picture
from tests.browser.conftest import PHONE, answer, changing, choose_example, encode, serious_violations, settled

pillow_heif.register_heif_opener()
PLACE = "#cifar10-picture"
# Keeps the cameras that were opened; `refuse` is the name of an error that stands in the way.
CAMERAS = """window.cameras = [];
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (given) => {
    window.constraints = given;
    if (window.refuse) throw new DOMException("", window.refuse);
    const stream = await ask(given);
    window.cameras.push(stream);
    return stream;
};"""
IS_FILMED = "cameras.flatMap(one => one.getTracks()).some(one => one.readyState == 'live')"
# A camera that looks at a sheet with digits.
SHEET = """navigator.mediaDevices.getUserMedia = async () => {
    const canvas = Object.assign(document.createElement("canvas"), {width: 640, height: 480});
    const pen = canvas.getContext("2d");
    setInterval(() => {
        pen.fillStyle = "#f4f2ee";
        pen.fillRect(0, 0, 640, 480);
        pen.fillStyle = "#222";
        pen.font = "180px sans-serif";
        pen.fillText("2 0 1", 120, 300);
    }, 50);
    return canvas.captureStream(20);
};"""
GIVE = """(target, [kind, content, name, type]) => {
    const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt());
    const data = new DataTransfer();
    if (type == "text/plain") data.setData(type, name);
    else data.items.add(new File([bytes], name, {type}));
    const event = kind == "paste" ? new ClipboardEvent(kind, {clipboardData: data, bubbles: true, cancelable: true})
        : new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true});
    target.dispatchEvent(event);
    return event.defaultPrevented;
}"""


@pytest.fixture(scope="module")
def large(photograph) -> Image.Image:
    """A photograph with more pixels than the page needs."""
    return Image.open(photograph).convert("RGB").resize((1500, 1000), Image.Resampling.BICUBIC)


def give(
    page, kind: str, content: bytes, name: str = "a.png", type: str = "image/png", target: str = f"{PLACE} .frame"
) -> bool:
    """Drop or paste a file; whether the page has taken it."""
    return page.locator(target).first.evaluate(GIVE, [kind, base64.b64encode(content).decode(), name, type])


def sent(page, content: bytes, name: str, kind: str) -> bytes:
    """What the page sends of a file that is chosen."""
    with page.expect_response("**/gradio_api/upload") as response:
        page.locator(f"{PLACE} input[type=file]").set_input_files({"name": name, "mimeType": kind, "buffer": content})
    (path,) = response.value.json()
    assert re.fullmatch(r"picture(\.\w+)?", path.rpartition("/")[2])
    return page.request.get(f"{page.url.partition('?')[0]}gradio_api/file={path}").body()


def with_chunk(png: bytes, kind: bytes, data: bytes) -> bytes:
    """A PNG with a further chunk in front of its pixels."""
    import zlib

    chunk = len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)
    return png[:33] + chunk + png[33:]


def turned(orientation: int = 6) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    return exif


def test_large_photo_is_reduced_upright_and_what_browsers_read_otherwise_is_sent_as_it_is(visit, large, server):
    page = visit()
    photo = encode(large, "JPEG", quality=97, exif=turned())
    small = sent(page, photo, "IMG_1.JPG", "image/jpeg")
    settled(page)
    opened, original = images.open(small), images.open(photo, longest=1024)
    assert len(small) < 300_000 < len(photo) and opened.pixels.shape == original.pixels.shape
    assert np.abs(opened.pixels.astype(int) - original.pixels).mean() < 3
    assert predict(photo).label in answer(page)
    expect(page.locator(f"{PLACE} img").first).to_have_js_property("naturalWidth", 1000)  # the photo itself, upright

    noise = np.random.default_rng(0).integers(0, 256, (500, 700, 3), np.uint8)
    screen = Image.new("RGBA", (1500, 1000), (250, 250, 250, 255))
    screen.paste((200, 30, 30, 90), (200, 200, 1200, 600))
    lossless = with_chunk(encode(screen, "PNG"), b"tEXt", b"a\0" + bytes(range(1, 250)) * 900)
    reduced = sent(page, lossless, "screen.png", "image/png")
    assert reduced.startswith(b"\x89PNG") and len(reduced) < len(lossless) / 4
    assert images.open(reduced).alpha.min() == 90
    kept = {
        "small.jpg": encode(large.resize((900, 600)), "JPEG", quality=60),
        "cut.jpg": photo[: len(photo) // 2], "cmyk.jpg": encode(large.convert("CMYK"), "JPEG", quality=95),
        "deep.png": images.png(noise.astype(np.uint16) * 257), "gamma.png": with_chunk(
            encode(Image.fromarray(noise), "PNG"), b"gAMA", (100_000).to_bytes(4)
        ), "cut.png": encode(large.resize((800, 500)), "PNG")[:300_000],
        "turned.webp": encode(large, "WEBP", quality=98, exif=turned()),
        "a.heic": encode(large.resize((1200, 800)), "HEIF", quality=90),
        "a.tif": encode(large.resize((400, 300)), "TIFF"),
    }  # fmt: skip
    for name, content in kept.items():
        assert sent(page, content, name, "" if name == "a.heic" else f"image/{name[-3:]}") == content, name
    settled(page)


def test_newer_picture_wins_a_failed_one_leaves_the_old_one_and_text_changes_nothing(visit, large, photograph):
    page, held = visit(), []
    first, second = encode(large.resize((300, 200)).rotate(180), "PNG"), encode(large.resize((320, 200)), "PNG")
    page.route("**/gradio_api/upload", lambda route: held.append(route))
    stale = page.locator("[data-stale]")
    assert give(page, "drop", first)
    with changing(page):
        choose_example(page, 1)
    expect(stale).to_have_count(0)
    assert value(page)["path"].endswith("car.webp") and held.pop()  # the example was chosen later
    assert give(page, "drop", first)
    expect(stale).to_have_count(1)
    shown = page.locator(f"{PLACE} img").first
    expect(shown).to_have_js_property("naturalWidth", 300)
    assert shown.get_attribute("src").startswith("blob:")  # before anything was sent
    expect(page.locator("#cifar10-answer .card")).to_have_count(2)
    assert not serious_violations(page)
    page.unroute("**/gradio_api/upload")
    with changing(page):
        assert give(page, "paste", second, target="body")
    assert len(held) == 1  # which was given up
    assert np.array_equal(images.open(page.request.get(value(page)["url"]).body()).pixels, images.open(second).pixels)
    expect(stale).to_have_count(0)
    before = value(page)
    too_large = """() => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(30000001)], "a.heic"));
        document.querySelector("#cifar10-picture .frame").dispatchEvent(
            new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
    }"""
    page.evaluate(too_large)
    expect(page.locator(f"{PLACE} .said")).to_have_text(images.TOO_LARGE)
    page.evaluate("() => { XMLHttpRequest.prototype.send = function () { this.onerror(); this.onloadend(); }; }")
    give(page, "drop", first)
    expect(page.locator(f"{PLACE} .said")).to_have_text(picture.TEXTS["failed"])
    expect(shown).to_have_js_property("naturalWidth", 320)
    expect(stale).to_have_count(0)
    assert not give(page, "paste", b"", "some words", "text/plain", target="body")
    assert give(page, "drop", b"%PDF", "a.pdf", "application/pdf")
    expect(page.locator(f"{PLACE} .said")).to_have_text(images.UNKNOWN)
    assert value(page) == before
    assert give(page, "drop", first, target=".page-header")  # beside the picture: the browser stays on the page
    assert value(page) == before


def value(page):
    """What the page holds as its picture."""
    return page.evaluate("[...window.loupe.pictures][0].value()")


def test_camera_is_the_rear_one_and_goes_off_when_it_is_not_wanted(visit, scene):
    page = visit(script=CAMERAS)
    camera = page.locator(PLACE)

    def film() -> None:
        camera.get_by_role("button", name="Take a photo").click()
        expect(camera.get_by_role("button", name="Take it")).to_be_focused()
        assert page.evaluate(IS_FILMED)

    film()
    assert page.evaluate("constraints.video.facingMode") == {"ideal": "environment"}
    assert not serious_violations(page)
    page.get_by_role("tab", name="Digits").click()
    page.wait_for_function(f"!({IS_FILMED})")
    page.get_by_role("tab", name="Ten things").click()
    film()
    page.evaluate("""() => {
        Object.defineProperty(document, "hidden", {value: true, configurable: true});
        document.dispatchEvent(new Event("visibilitychange"));
        delete document.hidden;
    }""")
    page.wait_for_function(f"!({IS_FILMED})")
    film()
    with changing(page):
        choose_example(page, 1)
    assert not page.evaluate(IS_FILMED)
    film()
    camera.get_by_role("button", name="Close").click()
    expect(camera.get_by_role("button", name="Take a photo")).to_be_focused()
    assert not page.evaluate(IS_FILMED)
    for name, words in (
        ("NotAllowedError", "blocked"),
        ("NotFoundError", "No camera"),
        ("NotReadableError", "program"),
    ):
        page.evaluate("name => { window.refuse = name; }", name)
        camera.get_by_role("button", name="Take a photo").click()
        expect(camera.locator(".said")).to_contain_text(words)
        assert camera.locator(".filming").count() == 0
    page.evaluate("Object.defineProperty(navigator, 'mediaDevices', {value: undefined})")
    camera.get_by_role("button", name="Take a photo").click()
    expect(camera.locator(".said")).to_contain_text("https")
    settled(page)


def test_live_answers_frame_by_frame_with_boxes_and_stops_with_its_tab(visit):
    page = visit("/?demo=digits", ready="#digits-answer .card", script=SHEET)
    page.get_by_label("Camera or file").check()
    camera = page.locator("#digits-picture")
    camera.get_by_role("button", name="Take a photo").click()
    bodies = []
    page.on("request", lambda request: "queue/join" in request.url and bodies.append(request.post_data_buffer))
    camera.get_by_label("Live").check()
    expect(page.locator("#digits-boxes rect")).to_have_count(3)
    page.wait_for_function("window.loupe.count > 5")
    frames = [len(body) for body in bodies if b"is_stream" in body]
    assert frames and max(frames) < 9000
    boxes = [box.bounding_box() for box in page.locator("#digits-boxes rect").all()]
    video = camera.locator("video").bounding_box()
    assert all(video["x"] < box["x"] < video["x"] + video["width"] for box in boxes)
    assert max(box["height"] for box in boxes) > video["height"] / 6
    page.route("**/gradio_api/queue/join**", spoil)
    expect(camera.locator(".said")).to_contain_text("Live is off")
    expect(camera.get_by_label("Live")).not_to_be_checked()
    page.unroute("**/gradio_api/queue/join**")
    camera.get_by_label("Live").check()
    expect(camera.locator(".said")).to_be_empty()
    count = page.evaluate("window.loupe.count")
    page.wait_for_function(f"window.loupe.count > {count + 2}")
    page.get_by_role("tab").first.click()
    expect(camera.locator(".filming")).to_have_count(0)
    settled(page)
    count = page.evaluate("window.loupe.count")
    page.wait_for_timeout(500)
    assert page.evaluate("window.loupe.count") == count


def spoil(route) -> None:
    """Let the server take a frame for a file that was never sent, which it says in Gradio's own way."""
    route.continue_(post_data=route.request.post_data.replace('"path":null', '"path":"/etc/hostname"'))


def test_heat_map_lies_over_the_picture_at_a_toggle(visit):
    page = visit("/?demo=clothing", size=PHONE, ready="#clothing-answer .card")
    layer = page.locator("#clothing-picture .layer")
    expect(layer).to_be_hidden()
    page.get_by_role("button", name="Heat map").click()
    expect(layer).to_be_visible()
    over, shown = layer.bounding_box(), page.locator("#clothing-picture img").first.bounding_box()
    assert [over[key] for key in over] == pytest.approx([shown[key] for key in over], abs=1)
    page.get_by_role("button", name="Heat map").click()
    expect(layer).to_be_hidden()


def test_an_example_that_is_dragged_onto_the_picture_is_given_in_its_own_size(visit):
    page = visit()
    example = page.locator(".examples button:visible").nth(1)
    with changing(page):
        example.locator("img").drag_to(page.locator(f"{PLACE} .frame"))
    assert value(page)["path"] == example.get_attribute("data-path")
    expect(page.locator(f"{PLACE} img").first).to_have_attribute("src", re.compile(re.escape(value(page)["path"])))
