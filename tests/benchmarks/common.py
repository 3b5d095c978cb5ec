"""What the benchmarks share: a server in its own process, the browser's protocol, memory, Markdown tables."""

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[2]
PHOTOGRAPH = Path(find_spec("skimage").origin).parent / "data/chelsea.png"
JSON = {"Content-Type": "application/json"}


class Server:
    """`command` in a process of its own, which serves a Gradio page on `port`; stopped at the end of `with`.

    Its time counts from just before the process is started, and its weights are those beside the code.
    """

    def __init__(self, command: list[str]):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self.port = listener.getsockname()[1]
        environment = {**os.environ, "GRADIO_ANALYTICS_ENABLED": "False", "LOUPE_WEIGHTS_REPO": ""}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # code is compiled once, as for everybody
        environment |= {"GRADIO_SERVER_PORT": str(self.port), "TF_CPP_MIN_LOG_LEVEL": "2"}
        self._printed = tempfile.TemporaryFile("w+")
        self._began = time.perf_counter()
        self._process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=environment, stdout=self._printed, stderr=self._printed
        )

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_) -> None:
        self._process.kill()
        self._process.wait()

    def seconds(self) -> float:
        """How long ago the process was started."""
        return time.perf_counter() - self._began

    def wait(self, most: float = 300.0) -> None:
        """Return when the page and its configuration are served."""
        while self._process.poll() is None and self.seconds() < most:
            try:
                client = Client(self.port)
                if client.get("/") and client.get("/config"):
                    return
            except (OSError, http.client.HTTPException):
                time.sleep(0.005)
        self._printed.seek(0)
        raise SystemExit(f"The page was not served. What its process printed:\n{self._printed.read()}")

    def resident(self) -> float:
        """Resident memory of the process, in MB (10^6 bytes)."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) * 1024 / 1e6

    def processor(self) -> float:
        """Seconds that the process has used of the processor."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def busy() -> float:
    """Seconds that all processors of the machine have worked."""
    user, nice, system, _, _, *rest = map(int, Path("/proc/stat").read_text().split("\n")[0].split()[1:9])
    return (user + nice + system + sum(rest)) / os.sysconf("SC_CLK_TCK")


class Client:
    """One visitor's browser: a session, one connection, one question at a time."""

    def __init__(self, port: int):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        self._session = uuid.uuid4().hex[:12]

    def get(self, path: str) -> bytes:
        return self._request("GET", path)

    def endpoints(self) -> dict[str, tuple[int, list]]:
        """By name, each public endpoint's number, and its arguments: the defaults, else the photograph."""
        numbers = {d["api_name"]: d["id"] for d in json.loads(self.get("/config"))["dependencies"]}
        named = json.loads(self.get("/gradio_api/info"))["named_endpoints"]
        picture = self.upload(PHOTOGRAPH)
        found = {}
        for name, endpoint in named.items():
            arguments = [
                given["parameter_default"] if given["parameter_has_default"] else picture
                for given in endpoint["parameters"]
            ]
            found[name.removeprefix("/")] = numbers[name.removeprefix("/")], arguments
        return found

    def upload(self, file: Path) -> dict:
        """Send a file, and return what stands for it in a question."""
        return self.send(file.read_bytes(), file.name)

    def send(self, content: bytes, name: str) -> dict:
        """The same, of a file that has this content."""
        head = f'--cut\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
        body = head.encode() + content + b"\r\n--cut--\r\n"
        headers = {"Content-Type": "multipart/form-data; boundary=cut"}
        (path,) = json.loads(self._request("POST", "/gradio_api/upload", body, headers))
        return {"path": path, "orig_name": name, "meta": {"_type": "gradio.FileData"}}

    def ask(self, number: int, arguments: list) -> list:
        """Ask an endpoint as the page does: join the queue, then read the events up to the answer."""
        self.join(number, arguments)
        for line in self.get(f"/gradio_api/queue/data?session_hash={self._session}").splitlines():
            message = json.loads(line.removeprefix(b"data: ") or "{}")
            if message.get("msg") == "process_completed":
                if not message["success"]:
                    raise RuntimeError(message["output"].get("error"))
                return message["output"]["data"]
        raise RuntimeError("The events ended without an answer.")

    def join(self, number: int, arguments: list) -> None:
        """Ask, and read no answer."""
        question = {"data": arguments, "fn_index": number, "session_hash": self._session}
        self._request("POST", "/gradio_api/queue/join", json.dumps(question), JSON)

    def _request(self, method: str, path: str, body: str | bytes | None = None, headers: dict | None = None) -> bytes:
        try:
            self._connection.request(method, path, body, headers or {})
            response = self._connection.getresponse()
        except (ConnectionError, http.client.RemoteDisconnected):  # the server has closed what was idle
            self._connection.close()
            self._connection.request(method, path, body, headers or {})
            response = self._connection.getresponse()
        content = response.read()
        if response.status != 200:
            raise RuntimeError(f"Status {response.status}: {content[:200].decode(errors='replace')}")
        return content


def require(*packages: str) -> None:
    """Leave with one sentence if a package is absent."""
    if absent := [package for package in packages if not find_spec(package)]:
        raise SystemExit(f"{', '.join(absent)} is missing: pip install -r tests/benchmarks/requirements.txt")


def table(head: list[str], rows: list[list]) -> str:
    """Markdown, numbers to the right of their cells."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
