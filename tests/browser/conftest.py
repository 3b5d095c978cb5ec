"""A real browser whose camera plays a photograph, and a way to visit the page with it."""

import base64
import io
import os
import shutil
import threading
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import numpy as np
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from PIL import Image
from playwright.sync_api import expect, sync_playwright

from tests.waiting import wait_for

DESK, PHONE, SMALL_PHONE = (1280, 1000), (390, 844), (320, 568)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
)  # fmt: skip
WAIT = 120_000  # milliseconds, for a busy machine; nothing is judged by how long it takes
expect.set_options(timeout=WAIT)
# Layout shifts, with what moved, since the last time that the list was emptied.
SHIFTS = """
window.shifts = [];
const place = box => `${box.x},${box.y} ${box.width}x${box.height}`;
new PerformanceObserver(list => shifts.push(...list.getEntries().map(entry => [
    entry.value, ...entry.sources.map(({node, previousRect, currentRect}) =>
        `${node?.id || node?.className || node?.nodeName}: ${place(previousRect)} -> ${place(currentRect)}`)
]))).observe({type: "layout-shift"});
"""
# The questions that the page has asked of the queue and that were not answered yet. Whether the stream of the answers
# has ended does not say it: Gradio leaves one open now and then that brings nothing any more.
QUESTIONS = """
const plain = window.fetch, asked = new Set(), answered = new Set();
window.unanswered = () => [...asked].filter(event => !answered.has(event));
async function listen(stream) {
    let text = "";
    for await (const part of stream.pipeThrough(new TextDecoderStream())) {
        const lines = (text + part).split("\\n");
        text = lines.pop();
        for (const line of lines.filter(line => line.startsWith("data: "))) {
            const {msg, event_id} = JSON.parse(line.slice(6));
            if (msg == "process_completed") answered.add(event_id);
        }
    }
}
window.fetch = async (...given) => {
    const answer = await plain(...given);
    if (answer.url.includes("/queue/join") && answer.ok) asked.add((await answer.clone().json()).event_id);
    if (answer.url.includes("/queue/data") && answer.ok) listen(answer.clone().body).catch(() => {});
    return answer;
};
"""
# The questions without an answer, once the page has been drawn twice.
DRAWN = """() => new Promise(done =>
    requestAnimationFrame(() => requestAnimationFrame(() => done(unanswered()))))"""


@pytest.fixture(scope="session")
def scene(photograph, tmp_path_factory):
    """The file of what the camera sees: a cat, 640x480, not the same from left to right."""
    picture = Image.open(photograph).convert("RGB").crop((25, 0, 425, 300)).resize((640, 480))
    path = tmp_path_factory.mktemp("camera") / "scene.jpg"
    picture.save(path, quality=95)
    return path


@pytest.fixture(scope="session")
def profile(scene, tmp_path_factory):
    """A browser with a profile, in which it keeps the page's scripts compiled: half the work of a visit."""
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    if executable is None:
        # Continuous integration must not pass for want of a browser.
        give_up = pytest.fail if os.environ.get("LOUPE_NEED_BROWSER") else pytest.skip
        give_up(f"no browser is installed: none of {', '.join(NAMES)} is on the path")
    film = scene.with_suffix(".mjpeg")
    film.write_bytes(scene.read_bytes() * 4)
    with sync_playwright() as playwright:
        flags = [*FLAGS, f"--use-file-for-fake-video-capture={film}"]
        folder = tmp_path_factory.mktemp("profile")
        profile = playwright.chromium.launch_persistent_context(folder, executable_path=executable, args=flags)
        yield profile
        profile.close()


@pytest.fixture(scope="session")
def browser(profile):
    return profile.browser


@pytest.fixture
def visit(profile, server):
    """Open the page, `visit("/?demo=...")`, as another visitor each time.

    No visit may ask another host for anything, or leave an error in the console.
    """
    ends, outside, errors = [], [], []

    def open_page(is_first: bool):
        if is_first:
            context = profile.browser.new_context()
            ends.append(context.close)
            return context.new_page()
        page = profile.new_page()
        ends.append(page.close)
        return page

    def visit(
        path="/?demo=cifar10", *, url=server.url, size=DESK, scheme="light", script="", held=None, ready=".card",
        is_first=False,
    ):  # fmt: skip
        """held: a pattern of requests that get no answer. ready: what to wait for.

        is_first: in a browser that has nothing of the page yet, neither its files nor their compiled scripts.
        """
        page = open_page(is_first)
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme=scheme)
        page.set_default_timeout(WAIT)
        page.add_init_script(SHIFTS + QUESTIONS + script)
        forget(page, url)
        if held:
            page.route(held, lambda route: None)
        page.on("request", lambda request: is_local(request.url) or outside.append(request.url))
        page.pending = set()
        page.on("request", lambda request: is_stream(request.url) or page.pending.add(request))
        page.on("requestfinished", lambda request: page.pending.discard(request))
        page.on("requestfailed", lambda request: page.pending.discard(request))
        page.on("console", lambda said: said.type == "error" and errors.append((said.text, said.location)))
        page.on("pageerror", lambda error: errors.append((str(error), error.stack)))
        page.goto(url + path, wait_until="domcontentloaded")  # it is loaded only when what is held has come
        page.locator(ready).first.wait_for()
        if ready.endswith(".card") and not held:
            settled(page)
        return page

    yield visit
    for end in ends:
        end()
    assert not outside and not errors


def forget(page, url: str) -> None:
    """Take from the browser whatever a page of this address has kept in it."""
    devtools = page.context.new_cdp_session(page)
    kept = "cookies,local_storage,indexeddb,cache_storage,service_workers"
    devtools.send("Storage.clearDataForOrigin", {"origin": url, "storageTypes": kept})
    devtools.detach()


@pytest.fixture
def opened(visit, request):
    """Visit the tab of the demo that the tests are named after."""
    name = request.path.stem.removeprefix("test_")
    return partial(visit, f"/?demo={name}", ready=f"#{name}-answer .card")


@pytest.fixture
def elsewhere():
    """Serves `elsewhere.html` as the page of another host; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            content = server.html.encode() if self.path == "/" else b""
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.url = f"http://localhost:{server.server_address[1]}"  # by this name it is another site than 127.0.0.1
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def is_stream(url: str) -> bool:
    """Whether a request lasts on its own: the heartbeat that says that somebody is there, and the stream of answers."""
    return "/heartbeat/" in url or "/queue/data" in url


def is_local(url: str) -> bool:
    place = urlsplit(url)
    return place.scheme in ("data", "blob", "about") or place.hostname in ("127.0.0.1", "localhost")


def answer(page, demo: str = "cifar10") -> str:
    """The text where the answer stands."""
    return page.locator(f"#{demo}-answer").inner_text()


def inputs(page, demo: str = "cifar10") -> np.ndarray:
    """The first pixels that the page shows as they are, the networks' inputs, uint8 (H, W) or (H, W, 3)."""
    uri = page.locator(f"#{demo}-inputs .inputs:not(.step) img").first.get_attribute("src")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2]))))


def choose(page, content: bytes, name: str, kind: str = "image/png", demo: str = "cifar10") -> None:
    """Upload a file into the picture of a demo, and wait for the answer."""
    file = {"name": name, "mimeType": kind, "buffer": content}
    with changing(page, demo=demo):
        page.locator(f"#{demo}-picture input[type=file]").set_input_files(file)


@contextmanager
def changing(page, frame=None, demo: str = "cifar10"):
    """Wait, after what is done within, until the answer or the networks' inputs are others, and nothing is pending.

    frame: where in the page they stand, if that is not the page itself.
    """
    parts = f"['#{demo}-answer', '#{demo}-inputs']"
    shown = f"{parts}.map(part => document.querySelector(`${{part}} .prose`).innerHTML).join()"
    place = frame or page
    before = place.evaluate(shown)
    yield
    place.wait_for_function(f"before => {shown} != before", arg=before)
    settled(page)


def choose_example(page, number: int) -> None:
    """Click one of the examples of the tab that is open."""
    page.locator(".examples button:visible").nth(number).click()


@contextmanager
def late(page, do):
    """Do what asks the server, which hears of it after what is done within."""
    held = []
    page.route("**/gradio_api/queue/join**", lambda route: held.append(route), times=1)
    do()
    wait_for(lambda: page.wait_for_timeout(20) or held)
    yield
    held.pop().continue_()
    settled(page)


def settled(page) -> None:
    """Wait until the page has asked for nothing for half a second. What never ends is named, and holds no test up.

    Only time in which the page was drawn counts: a busy machine may show an answer long after it has come.
    """
    quiet = 0
    for _ in range(WAIT // 100):
        page.wait_for_timeout(100)
        unanswered = page.evaluate(DRAWN)
        quiet = 0 if page.pending or unanswered else quiet + 1
        if quiet == 5:
            return
    pytest.fail(f"these were not answered: {[request.url for request in page.pending]}, events {unanswered}")


def take_photograph(page, demo: str = "cifar10") -> np.ndarray:
    """Take a picture with the camera in place of the one that is there, wait for the answer, and return it."""
    picture = page.locator(f"#{demo}-picture")
    picture.get_by_role("button", name="Take a photo").click()
    page.wait_for_function(f"document.querySelector('#{demo}-picture video').videoWidth > 0")
    with changing(page, demo=demo):
        picture.get_by_role("button", name="Take it").click()
    return np.asarray(shown(page, demo).convert("RGB"))


def shown(page, demo: str = "cifar10") -> Image.Image:
    """The file that the page shows as a demo's picture."""
    read = """async (image) => {
        const data = new Uint8Array(await (await fetch(image.src)).arrayBuffer());
        return btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(""));
    }"""
    content = page.locator(f"#{demo}-picture img").first.evaluate(read)
    return Image.open(io.BytesIO(base64.b64decode(content)))


def is_the_right_way_round(given: np.ndarray, original: np.ndarray) -> bool:
    """Whether a picture is nearer to the original than to its mirror image, by far."""
    given, original = given.astype(float), original.astype(float)
    return np.abs(given - original).mean() < np.abs(given - original[:, ::-1]).mean() / 2


def serious_violations(
    page, rules: tuple[str, ...] = (), but: tuple[str, ...] = (), within: tuple[str, ...] = ()
) -> list[str]:
    """What axe finds serious or critical; rules: by these alone; but: by all except these; within: in these parts."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    # Sound that plays by itself is the only thing that axe would load files for.
    options = {"resultTypes": ["violations"], "preload": False, "rules": {rule: {"enabled": False} for rule in but}}
    options |= {"runOnly": rules} if rules else {}
    run = "([parts, options]) => axe.run(parts.length ? parts : document, options).then(found => found.violations)"
    return [
        f"{violation['impact']} {violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in page.evaluate(run, [list(within), options])
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


def encode(picture: Image.Image, format: str, **options) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, format, **options)
    return buffer.getvalue()
