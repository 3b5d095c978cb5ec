"""The page as a server of tools, asked by MCP's own client."""

import asyncio
import base64
import json
import re
import threading
from contextlib import asynccontextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import numpy as np
import pytest
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

from demos.cifar10.predict import predict
from demos.shared import images
from demos.shared.fetch import NOT_FETCHED
from tests import house, serving
from tests.house import ENDPOINTS, ROOT

# app.py, for which the site of this test is on the internet, by its name.
ONLINE = """
import os, runpy, sys
sys.path.insert(0, os.getcwd())
from demos.shared import fetch
resolve = fetch.resolve
async def known(host):
    return "127.0.0.1" if host == "site.example" else await resolve(host)
fetch.resolve = known
runpy.run_path("app.py", run_name="__main__")
"""


class Site(SimpleHTTPRequestHandler):
    """The files of a folder; `away` leads to this machine."""

    def do_GET(self):
        if self.path != "/away":
            return super().do_GET()
        self.send_response(302)
        self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/cat.png")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory, photograph):
    """The address of a folder with a picture and a file that is none."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "cat.png").write_bytes(photograph.read_bytes())
    (folder / "note.txt").write_text("no picture")
    server = ThreadingHTTPServer(("127.0.0.1", 0), lambda *given: Site(*given, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://site.example:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    script = tmp_path_factory.mktemp("app") / "online.py"
    script.write_text(ONLINE)
    with serving.serve("--mcp", script=script, LOUPE_WEIGHTS_REPO="") as app:
        yield app


@asynccontextmanager
async def session(url: str):
    async with streamable_http_client(f"{url}/gradio_api/mcp/") as (read, write, *_):
        async with ClientSession(read, write) as opened:
            await opened.initialize()
            yield opened


@pytest.fixture
def call(page):
    """Call a tool: whether it went wrong, and the answer's parts."""

    async def ask(name, arguments):
        async with session(page.url) as agent:
            return await agent.call_tool(name, arguments)

    def call(name: str, **arguments):
        return house.run(ask(name, arguments))

    return call


@pytest.fixture(scope="module")
def tools(page):
    async def ask():
        async with session(page.url) as agent:
            return (await agent.list_tools()).tools

    return {tool.name: tool for tool in house.run(ask())}


def test_tools_are_the_endpoints_by_their_names_and_nothing_else(tools):
    assert {f"/{name}" for name in tools} == ENDPOINTS


def test_tools_say_what_they_do_take_and_give(tools):
    for name, tool in tools.items():
        assert "image:" not in tool.description and "Raises" not in tool.description and len(tool.description) > 50
        for parameter in tool.inputSchema["properties"].values():
            assert parameter["description"].endswith(".") and parameter["type"] != "object" or parameter["properties"]
            assert parameter["type"] not in ("integer", "number") or {"minimum", "maximum"} <= parameter.keys()
        assert all(field["description"] for field in tool.outputSchema["properties"].values()), name
    described = tools["retrieval"].inputSchema
    assert described["required"] == ["image"] and described["properties"]["k"]["maximum"] == 50
    assert "http or https URL" in described["properties"]["image"]["description"]


def test_schema_that_the_hub_reads_is_that_of_the_tools(page, tools):
    listed = httpx.get(f"{page.url}/gradio_api/mcp/schema").json()
    assert {one["name"]: one["inputSchema"] for one in listed} == {n: tool.inputSchema for n, tool in tools.items()}
    assert {one["description"] for one in listed} == {tool.description for tool in tools.values()}


def test_picture_comes_by_url_upload_and_data_uri(page, call, site, photograph):
    file = serving.upload(page.url, photograph.read_bytes(), "cat.png")["path"]
    uri = "data:image/png;base64," + base64.b64encode(photograph.read_bytes()).decode()
    expected = predict(photograph)
    for image in (f"{site}/cat.png", file, f"{page.url}/gradio_api/file={file}", uri, {"path": file}):
        answer = call("cifar10", image=image)
        assert not answer.isError, answer
        assert answer.structuredContent["label"] == expected.label
        assert json.loads(answer.content[0].text) == answer.structuredContent
    left = {path for path in Path(file).parents[1].rglob("*") if path.name == "picture"}
    assert not left  # what was fetched


def test_restored_picture_is_shown_small_and_has_a_url(page, call, photograph):
    answer = call("denoiser", image=serving.upload(page.url, photograph.read_bytes())["path"], strength=0.5)
    shown, text = answer.content
    assert images.open(base64.b64decode(shown.data)).pixels.shape == images.open(photograph).pixels.shape
    url = re.search(r"http\S+", text.text)[0]
    assert url == answer.structuredContent["url"] and url.startswith(page.url)
    assert images.open(httpx.get(url).content).size == images.open(photograph).size


@pytest.mark.parametrize(
    "name, arguments, sentence",
    [
        ("cifar10", {}, "image must be a picture, a JPEG"),
        ("cifar10", {"image": None}, "image must be a picture, a JPEG"),
        ("cifar10", {"image": 7}, "image must be a picture, a JPEG"),
        ("cifar10", {"image": ["FILE"]}, "image must be a picture, a JPEG"),
        ("cifar10", {"image": "/etc/hostname"}, "image must be a picture, a JPEG"),
        ("cifar10", {"image": "data:image/svg+xml,<svg/>"}, "image must be a picture, a JPEG"),
        ("cifar10", {"image": "data:image/png;base64,AAAA"}, images.UNKNOWN),
        ("cifar10", {"image": "SITE/note.txt"}, images.UNKNOWN),
        ("cifar10", {"image": "SITE/none.png"}, NOT_FETCHED),
        ("cifar10", {"image": "SITE/away"}, NOT_FETCHED),
        ("cifar10", {"image": "http://localhost/cat.png"}, NOT_FETCHED),
        ("cifar10", {"image": "FILE", "network": "resnet"}, "network must be one of airbench, baseline, not 'resnet'."),
        ("cifar10", {"image": "FILE", "crop": {"zoom": 0}}, "crop must be an object like"),
        ("cifar10", {"picture": "FILE"}, "cifar10 takes image, network, crop, and no picture."),
        ("retrieval", {"image": "FILE", "k": 51}, "k must be a whole number from 1 to 50, not '51'."),
        ("retrieval", {"image": "FILE", "k": "four"}, "k must be a whole number from 1 to 50, not 'four'."),
        ("vehicles", {"image": "FILE", "is_reranked": "no"}, "is_reranked must be true or false, not 'no'."),
        ("vehicles_compare", {"a": "FILE"}, "b must be a picture, a JPEG"),
        ("denoiser", {"image": "FILE", "strength": 2}, "strength must be a number from 0 to 1, not '2'."),
        ("call", {"image": "FILE"}, "There is no tool 'call': there are cifar10,"),
    ],
)
def test_wrong_call_is_one_sentence(page, call, site, photograph, name, arguments, sentence):
    file = serving.upload(page.url, photograph.read_bytes())["path"]

    def fill(value):
        return value.replace("FILE", file).replace("SITE", site) if isinstance(value, str) else value

    answer = call(name, **{key: fill(value) for key, value in arguments.items()})
    assert answer.isError and len(answer.content) == 1
    assert answer.content[0].text.startswith(sentence) and "Traceback" not in answer.content[0].text
    assert str(ROOT) not in answer.content[0].text


def test_many_agents_ask_at_once_and_each_gets_its_own_answer(page, photograph):
    names = ("chelsea.png", "coffee.png", "rocket.jpg")
    expected = [predict(photograph.with_name(name)) for name in names]

    async def ask(number: int):
        file = serving.upload(page.url, photograph.with_name(names[number % 3]).read_bytes())["path"]
        async with session(page.url) as agent:
            return (await agent.call_tool("cifar10", {"image": file})).structuredContent

    async def ask_all():
        return await asyncio.gather(*map(ask, range(12)))

    for number, answer in enumerate(house.run(ask_all())):
        assert answer["id_score"] == pytest.approx(expected[number % 3].id_score, rel=1e-3)


def test_work_for_an_agent_that_has_gone_ends(page):
    pixels = np.random.default_rng(0).integers(0, 256, (500, 500, 3), np.uint8)
    file = serving.upload(page.url, images.jpeg(np.tile(pixels, (8, 8, 1)), 60))["path"]  # takes a minute or two
    params = {"name": "denoiser", "arguments": {"image": file}}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    headers = {"Accept": "application/json, text/event-stream"}
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{page.url}/gradio_api/mcp/", json=body, headers=headers, timeout=3)
    serving.becomes_idle(page)


@pytest.mark.parametrize(
    "method, path, status",
    [("GET", "mcp/sse", 404), ("POST", "mcp/messages/", 404), ("GET", "mcp/", 405), ("POST", "mcp/", 413)],
)
def test_of_the_protocol_only_calls_are_served(page, method, path, status):
    content = {"content": b"x" * 9_000_000} if status == 413 else {}
    headers = {"Accept": "text/event-stream"}
    answer = httpx.request(method, f"{page.url}/gradio_api/{path}", headers=headers, **content)
    assert answer.status_code == status


def test_nothing_of_calls_stands_in_the_log(page):
    assert not re.search("Traceback|Processing|cifar10|picture", page.output)


def test_without_the_flag_there_are_no_tools(server):
    assert httpx.post(f"{server.url}/gradio_api/mcp/", json={}, follow_redirects=True).status_code in (404, 405)


def test_missing_package_is_one_sentence(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.util as u\nfind = u.find_spec\nu.find_spec = lambda name: name != 'mcp' and find(name)"
    )
    app = serving.App(["app.py", "--mcp"], ROOT, {"PYTHONPATH": str(tmp_path)})
    assert app.process.wait(60) == 1
    assert app.output.strip().endswith('pip install "gradio[mcp]", then start the page again.')
    assert len(app.output.strip().splitlines()) == 1
