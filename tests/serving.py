"""The page as a visitor gets it: `python app.py` in a process of its own, and calls over plain HTTP."""

import html
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.house import ROOT
from tests.waiting import wait_for

# To make a client takes longer than to ask. It keeps no connection, which the page may close at any moment.
CLIENT = httpx.Client(timeout=120, limits=httpx.Limits(max_keepalive_connections=0))


class App:
    """A process that runs `python app.py`, the address of its page, and what it has printed."""

    def __init__(self, arguments: list[str], root: Path, environment: dict[str, str]):
        self.printed = tempfile.TemporaryFile("w+")
        # Its code is compiled once, whatever the environment says, for all pages that the tests start.
        given = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        # A shell that started the tests in the background may have had SIGINT ignored, which children inherit.
        self.process = subprocess.Popen(
            [sys.executable, *arguments], cwd=root, env={**given, **environment},
            stdout=self.printed, stderr=subprocess.STDOUT,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )  # fmt: skip

    @property
    def output(self) -> str:
        self.printed.flush()
        self.printed.seek(0)
        return self.printed.read()

    def interrupt(self) -> int:
        """Press Ctrl-C, and return the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)


@contextmanager
def serve(
    *arguments: str, root: Path = ROOT, script: Path | str = "app.py", url: str = "http://127.0.0.1:{port}",
    **environment: str,
) -> Iterator[App]:  # fmt: skip
    """An App on a free port that answers, at `url`, stopped at the end. script: what to run in place of app.py."""
    port = free_port()
    app = App([str(script), "--port", str(port), *arguments], root, environment)
    app.url = url.format(port=port)
    try:
        wait_for(lambda: app.process.poll() is not None or answers(app.url))
        assert app.process.poll() is None, app.output
        yield app
    finally:
        app.process.kill()
        app.process.wait()


def answers(url: str) -> bool:
    try:
        return CLIENT.get(f"{url}/config").is_success
    except httpx.TransportError:
        return False


def cpu(app: App) -> float:
    """Seconds of CPU time of the page's process."""
    fields = Path(f"/proc/{app.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def is_idle(app: App) -> bool:
    before = cpu(app)
    time.sleep(1)
    return cpu(app) - before < 0.3


def becomes_idle(app: App) -> None:
    """The work that is left would take minutes."""
    wait_for(lambda: is_idle(app), 30)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def config(url: str) -> dict:
    """What Gradio draws the page from, as it is sent with the page."""
    return CLIENT.get(f"{url}/config").json()


def shown(url: str) -> str:
    """All texts and HTML with which the page opens."""
    values = [component["props"].get("value") for component in config(url)["components"]]
    return "\n".join(value for value in values if isinstance(value, str))


def snippets(url: str, demo: str) -> dict[str, str]:
    """What "Use it elsewhere" of a demo shows, by label, with the page's address in it."""
    drawn = [part["props"] for part in config(url)["components"] if part["props"].get("elem_id") == f"{demo}-snippets"]
    texts = re.findall("<figcaption>([^<]+)<.*?<code>(.*?)</code>", drawn[0]["value"], re.DOTALL)
    return {label: html.unescape(text).replace("{url}", url) for label, text in texts}


def upload(url: str, content: bytes, name: str = "picture.jpg") -> dict:
    """Send a file, and return what stands for it in a call."""
    (path,) = CLIENT.post(f"{url}/gradio_api/upload", files={"files": (name, content)}).json()
    return {"path": path, "orig_name": name, "meta": {"_type": "gradio.FileData"}}


def call(url: str, endpoint: str, *data) -> tuple[str, list | dict | None]:
    """Ask an endpoint over plain HTTP: its last event, "complete" or "error", and what came with it."""
    place = f"{url}/gradio_api/call/{endpoint}"
    event_id = CLIENT.post(place, json={"data": data}).raise_for_status().json()["event_id"]
    stream = CLIENT.get(f"{place}/{event_id}").text.strip()
    event, answer = stream.split("\n\n")[-1].splitlines()
    return event.removeprefix("event: "), json.loads(answer.removeprefix("data: "))


def information(url: str) -> dict[str, dict]:
    """What Gradio's clients read of each endpoint."""
    return CLIENT.get(f"{url}/gradio_api/info").json()["named_endpoints"]


def endpoints(url: str) -> set[str]:
    """The names under which the page can be asked."""
    return set(information(url))


def run(command: list[str], folder: Path) -> str:
    """What a command prints that must succeed in a folder."""
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    assert not ran.returncode, ran.stderr
    return ran.stdout
