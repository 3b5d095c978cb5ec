"""The suite around the tabs, as it is sent: what stands in it before anything runs, and what it keeps to itself."""

import asyncio
import html
import io
import json
import re
import secrets
import shutil
from types import SimpleNamespace

import httpx
import pytest
from PIL import Image
from starlette.responses import Response
from starlette.testclient import TestClient

import demos
from demos import page
from demos.shared.ui import sending
from demos.shared.ui.blocks import Page
from tests import house, serving
from tests.house import ROOT
from weights.files import folder


def test_the_page_is_sent_with_its_heading_each_question_and_the_first_answer(server):
    shown = serving.shown(server.url)
    assert shown.count("<h1") == 1
    for found in demos.discover():
        assert f"<h2>{html.escape(found.demo.question)}</h2>" in shown
    assert 'class="card"' in shown and "Traceback" not in shown and str(ROOT) not in shown


def test_the_page_is_sent_compressed_and_a_stream_of_answers_is_not(server, photograph):
    with httpx.stream("GET", server.url) as answer:
        sent = sum(map(len, answer.iter_raw()))
    assert answer.headers["content-encoding"] == "gzip" and sent < 100_000
    file = serving.upload(server.url, photograph.read_bytes())
    place = f"{server.url}/gradio_api/call/cifar10"
    event = httpx.post(place, json={"data": [file, "airbench", None]}).json()["event_id"]
    answer = httpx.get(f"{place}/{event}", timeout=60)
    assert "event: complete" in answer.text and "content-encoding" not in answer.headers


def test_no_rule_changes_one_side_of_a_border_that_a_variable_colours():
    # Gradio lets the browser read and write each rule, which loses such a border.
    lost = re.compile(r"\bborder:[^;}]*var\([^}]*\bborder-(top|right|bottom|left|width|style|color)\b")
    styles = [*(ROOT / "demos").rglob("*.css")]
    assert len(styles) > 5 and not [style.name for style in styles if lost.search(style.read_text(encoding="utf-8"))]


def drawn(url: str, **options) -> dict:
    """What a page is drawn from that was sent to a visitor."""
    text = httpx.get(url, **options).raise_for_status().text
    return json.JSONDecoder().raw_decode(text.partition("window.gradio_config = ")[2])[0]


@pytest.mark.parametrize("name, other", [("digits", "cifar10"), ("cifar10", "digits"), ("no such", "digits")])
def test_the_page_is_sent_with_the_demo_alone_that_its_address_names(server, name, other):
    config = drawn(f"{server.url}/?demo={name}")
    named = {component["props"].get("elem_id") for component in config["components"]}
    assert (f"{name}-answer" in named) is (name != "no such") and f"{other}-answer" not in named
    whole = serving.config(server.url)
    assert {component["props"].get("elem_id") for component in whole["components"]} > named
    public = [{one["api_name"] for one in of["dependencies"] if one["api_visibility"] == "public"}
              for of in (config, whole)]  # fmt: skip
    assert public[0] == public[1] and "digits" in public[0]


def test_each_address_of_the_page_has_a_page_of_its_own(server):
    assert drawn(server.url)["root"] == server.url
    for _ in range(2):
        headers = {"x-forwarded-host": "loupe.example", "x-forwarded-proto": "https"}
        assert drawn(server.url, headers=headers)["root"] == "https://loupe.example"
        assert drawn(server.url)["root"] == server.url


@pytest.mark.parametrize("path, name", [("/", ""), ("/?demo=digits", "digits"), ("/?demo=<b>%22", "")])
def test_each_link_has_a_title_a_description_a_picture_and_an_icon_of_its_own(server, path, name):
    headers = {"x-forwarded-host": "loupe.example", "x-forwarded-proto": "https"}
    text = httpx.get(f"{server.url}{path}", headers=headers).text.replace("window.gradio_config", "<!--")
    told = dict(re.findall('<meta (?:property|name)="([^"]+)" content="([^"]*)">', text))
    found = {one.name: one.demo for one in demos.discover()}.get(name)
    title = f"{found.title}, Loupe" if found else "Loupe"
    query = f"?demo={name}" if found else ""
    assert re.findall("<title>(.*?)</title>", text) == [title] and text.count('property="og:title"') == 1
    assert told["og:title"] == told["twitter:title"] == title and told["twitter:card"] == "summary_large_image"
    assert told["description"] == told["og:description"] == (found.question if found else page.WORDS)
    assert told["og:url"] == f"https://loupe.example/{query}"
    assert told["og:image"] == told["twitter:image"] == f"https://loupe.example/card.jpg{query}"
    card = httpx.get(f"{server.url}/card.jpg{query}")
    assert card.headers["content-type"] == "image/jpeg" and len(card.content) < 200_000
    assert Image.open(io.BytesIO(card.content)).size == (1200, 630)
    (icon,) = re.findall('<link rel="icon" type="image/png" href="./([^"]+)">', text)
    assert Image.open(io.BytesIO(httpx.get(f"{server.url}/{icon}").content)).format == "PNG"
    assert '<html\n\tlang="en"' in text and "<noscript><p>" in text


def test_a_host_that_is_no_host_is_text_in_the_page(server):
    text = httpx.get(server.url, headers={"x-forwarded-host": 'a"><script>alert(1)</script>'}).text
    assert "<script>alert(1)" not in text


def test_what_the_page_loads_is_sent_compressed_or_plain_whole_or_in_part(server):
    (script,) = re.findall(r'src="\./(assets/index-[^"]+\.js)"', httpx.get(server.url).text)
    place = f"{server.url}/{script}"
    plain = httpx.get(place, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers and "immutable" in plain.headers["cache-control"]
    assert "javascript" in plain.headers["content-type"]
    for _ in range(2):
        answer = httpx.get(place, headers={"accept-encoding": "gzip, br"})
        assert answer.headers["content-encoding"] == "gzip" and answer.content == plain.content
        assert answer.headers["content-type"] == plain.headers["content-type"]
    part = httpx.get(place, headers={"range": "bytes=5-9", "accept-encoding": "identity"})
    assert part.status_code == 206 and part.content == plain.content[5:10]
    for _ in range(2):
        assert httpx.get(f"{server.url}/assets/no-such.js").status_code == 404


@pytest.fixture
def sent():
    """How pages and files of 400 kB are sent: `get` asks for one, `asked` are the paths that Gradio answered itself."""
    asked, blocks = [], SimpleNamespace(version=0, parts={}, config={"components": []}, listings={}, title="Loupe")

    async def answer(scope, receive, send):
        asked.append(scope["path"])
        await Response(secrets.token_bytes(400_000), media_type="text/javascript")(scope, receive, send)

    middleware = sending.Sending(answer, head="")

    async def app(scope, receive, send):
        await middleware({**scope, "app": SimpleNamespace(get_blocks=lambda: blocks)}, receive, send)

    def get(path: str = "/", **headers: str) -> bytes:
        answer = TestClient(app).get(path, headers={"accept-encoding": "identity", **headers})
        return answer.raise_for_status().content

    return SimpleNamespace(get=get, asked=asked, pages=middleware.pages, files=middleware.files)


def test_pages_for_invented_hosts_take_a_bounded_memory_and_no_place_of_a_file_or_of_the_page_in_use(sent):
    file, own = sent.get("/assets/a.js"), sent.get(host="loupe.example")
    for number in range(60):
        sent.get(**{"host": f"{number}.example", "x-forwarded-host": f"{number}" * 10_000})
        assert sent.pages.bytes <= sending.PAGE_BYTES and sent.get(host="loupe.example") == own
    assert sent.get("/assets/a.js") == file and sent.asked.count("/assets/a.js") == 1
    assert sent.pages.bytes > sending.PAGE_BYTES / 2


def test_file_under_other_names_of_its_path_is_kept_once(sent):
    file = sent.get("/assets/a.js")
    for number in range(60):
        assert sent.get(f"/assets/{number}/%2e%2e/a.js") == file == sent.get("/assets/%2e/a.js")
    assert sent.asked == ["/assets/a.js"]


def test_files_take_a_bounded_memory(sent):
    for number in range(70):
        sent.get(f"/assets/{number}.js")
    assert sending.FILE_BYTES / 2 < sent.files.bytes <= sending.FILE_BYTES


def test_what_nobody_wants_goes_on_going_after_a_round_that_failed(monkeypatch, caplog):
    swept, text = [], "a visitor's file"

    def sweep(kept):
        swept.append(kept)
        if len(swept) < 3:
            raise RuntimeError(text)

    async def serve():
        async with page.keep_house(SimpleNamespace(get_blocks=lambda: blocks)):
            while len(swept) < 5:
                await asyncio.sleep(0.01)

    blocks = Page()
    for name, value in {"FIRST_SECONDS": 0, "HOUSE_SECONDS": 0.01, "SWEEP_EVERY": 1}.items():
        monkeypatch.setattr(page, name, value)
    monkeypatch.setattr(page, "lighten", lambda app: None)
    monkeypatch.setattr(page.scratch, "sweep", sweep)
    monkeypatch.setattr(blocks, "forget_sessions", lambda: None)
    house.run(asyncio.wait_for(serve(), 60))
    assert caplog.text.count("RuntimeError at") == 2 and "test_page.py" in caplog.text and text not in caplog.text


def test_the_footer_says_which_weights_answer():
    assert "Weights that answer: bundled with the page." in page.footer(["cifar10/airbench"])
    assert "Source and cards" in page.footer(["cifar10/airbench"]) and "Apache-2.0" in page.footer(["cifar10/airbench"])


def test_a_title_and_a_problem_are_text_not_markup():
    found = demos.Found("x", demos.Demo("X", "<b>Why?"), problem="<script>")
    with page.gr.Blocks() as blocks:
        page._draw(found)
    drawn = "".join(block.value for block in blocks.blocks.values() if isinstance(block, page.gr.HTML))
    assert "&lt;b&gt;Why?" in drawn and "&lt;script&gt;" in drawn and "<script>" not in drawn


@pytest.mark.parametrize("path", ["monitoring", "monitoring/summary", "gradio_api/file=weights/manifest.json"])
def test_what_visitors_have_no_business_with_is_refused(server, path):
    assert httpx.get(f"{server.url}/{path}").status_code in (401, 403, 404)


def test_the_page_may_be_framed_and_keeps_no_history(server):
    answer = httpx.get(server.url)
    assert "x-frame-options" not in answer.headers
    assert "frame-ancestors" not in answer.headers.get("content-security-policy", "")
    config = serving.config(server.url)
    assert not config.get("run_history") and not config.get("show_error") and not config.get("analytics_enabled")


def test_a_damaged_weights_file_disables_its_demo_by_a_sentence_and_the_page_is_up(tmp_path, photograph):
    damaged = shutil.copytree(folder(), tmp_path / "weights", ignore=shutil.ignore_patterns("*.py", "*.keras"))
    file = damaged / "cifar10/airbench.tflite"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 255
    file.write_bytes(content)
    with serving.serve(LOUPE_WEIGHTS_DIR=str(damaged), LOUPE_WEIGHTS_REPO="") as app:
        shown = serving.shown(app.url)
        assert "The weights of cifar10/airbench are damaged" in shown and "git checkout" in shown
        (answer,) = (
            component["props"]["value"]
            for component in serving.config(app.url)["components"]
            if component["props"].get("elem_id") == "cifar10-answer"
        )
        assert "are damaged" in answer and "card" not in answer and str(tmp_path) not in shown
        file = serving.upload(app.url, photograph.read_bytes())
        event, answer = serving.call(app.url, "cifar10", file, "airbench", None)
        assert event == "error" and "are damaged" in answer["error"]
        assert serving.call(app.url, "cifar10", file, "baseline", None)[0] == "complete"
        assert "Traceback" not in app.output
