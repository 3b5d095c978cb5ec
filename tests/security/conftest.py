"""A page of its own for the attacks, and a visitor who speaks the browser's protocol and sends what they like."""

import json
import secrets
import threading
from contextlib import contextmanager

import httpx
import pytest

from tests import serving

JSON = {"Content-Type": "application/json"}


class Visitor:
    """One session of the page. Its questions name events by their numbers, as the page's do."""

    def __init__(self, url: str):
        self.url, self.session, self.client = f"{url}/gradio_api", secrets.token_hex(6), serving.CLIENT

    def join(self, number: int, data: list, **more) -> httpx.Response:
        """Ask, and read no answer."""
        body = {"data": data, "fn_index": number, "session_hash": self.session, **more}
        return self.client.post(f"{self.url}/queue/join", content=json.dumps(body), headers=JSON)

    def messages(self):
        """What the server sends to this session, until it has answered all."""
        with self.client.stream("GET", f"{self.url}/queue/data", params={"session_hash": self.session}) as lines:
            yield from (json.loads(line.removeprefix("data: ")) for line in lines.iter_lines() if line)

    def ask(self, number: int, data: list, **more) -> dict:
        """Ask, and return the last message: whether it went well, and the output."""
        joined = self.join(number, data, **more)
        if not joined.is_success:
            return {"success": False, "output": joined.json()}
        return [message for message in self.messages() if message["msg"] == "process_completed"][-1]

    @contextmanager
    def here(self):
        """Within, the page of this visitor is open."""
        opened, closed = threading.Event(), threading.Event()

        def beat():
            with self.client.stream("GET", f"{self.url}/heartbeat/{self.session}", timeout=60) as stream:
                next(stream.iter_lines())
                opened.set()
                closed.wait()

        thread = threading.Thread(target=beat)
        thread.start()
        opened.wait(30)
        try:
            yield self
        finally:
            closed.set()
            thread.join()


@pytest.fixture(scope="session")
def attacked():
    """The page, to be attacked."""
    with serving.serve(LOUPE_WEIGHTS_REPO="") as app:
        yield app


@pytest.fixture
def visitor(attacked):
    return Visitor(attacked.url)


@pytest.fixture(scope="session")
def events(attacked) -> dict[int, dict]:
    """Every event of the page that the server answers, by its number."""
    listed = serving.config(attacked.url)["dependencies"]
    return {event["id"]: event for event in listed if event["backend_fn"]}


@pytest.fixture(scope="session")
def components(attacked) -> dict[int, dict]:
    """Every component by its number."""
    return {part["id"]: part for part in serving.config(attacked.url)["components"]}


def kind(component: dict) -> str:
    """The type of a component; "image" for where a visitor gives a picture, which the page draws by itself."""
    return "image" if "picture" in component["props"].get("elem_classes", ()) else component["type"]


def values(event: dict, components: dict[int, dict]) -> list:
    """What the page sends with an event as it opens."""
    return [components[number]["props"].get("value") for number in event["inputs"]]
