"""A local Hub for tests: a real HTTP server that speaks the Hub's routes to the real Hub client.

    with Hub() as hub:
        commit = hub.commit("owner/name", {"manifest.json": b"..."})
        hf_hub_download("owner/name", "manifest.json", endpoint=hub.url)

Files are taken and given as regular files, without LFS or Xet.

`hub.faults["/manifest.json"] = 503` lets each path fail that ends so, "" all, until it is taken back. A fault is the
status of a refusal, or

    hang            no answer comes
    slow headers    a byte of the answer now and then, before its content
    slow            a byte of the content now and then
    truncated       the connection is closed after half of the content, once
    reset           the connection is reset after half of the answer
    cut             it is closed before there is an answer
    loop            a redirection to itself
    login           a page of HTML, as networks that want a login send it
    garbage         other bytes of the same number
    short           half of the file, as if that were all
    pointer         what stands in git in place of a large file
"""

import base64
import hashlib
import json
import re
import socket
import struct
import threading
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

TOKEN = "hf_local"


@dataclass
class Hub:
    """Repositories in memory, behind `url`. Who sends `TOKEN` may write to those of `owner`."""

    owner: str = "owner"
    # (kind, repository) -> its commits, oldest first: (commit, {path: content})
    repositories: dict[tuple[str, str], list[tuple[str, dict]]] = field(default_factory=dict)
    # (method, path) of every request
    requests: list[tuple[str, str]] = field(default_factory=list)
    # files, by path, of which half is sent, then nothing or a byte now and then, until `release` is set
    stalled: set[str] = field(default_factory=set)
    trickling: set[str] = field(default_factory=set)
    # files, by path, of which the next request is cut off, once for each mention
    cut: list[str] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)
    # the byte from which on a file was asked for, each time, by its path
    starts: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    # of Spaces: hardware and variables; and on which hardware none can be created without a paid plan
    hardware: dict[str, str] = field(default_factory=dict)
    variables: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    paid: set[str] = field(default_factory=set)
    # see above
    faults: dict[str, int | str] = field(default_factory=dict)
    # headers of refusals
    refusal: dict[str, str] = field(default_factory=dict)
    # repositories that only `TOKEN` may read, and new names of others
    private: set[str] = field(default_factory=set)
    renamed: dict[str, str] = field(default_factory=dict)

    def __enter__(self) -> "Hub":
        handler = type("Handler", (_Handler,), {"hub": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_) -> None:
        self.release.set()
        self._server.shutdown()
        self._server.server_close()

    def commit(self, repo: str, files: dict[str, bytes | None], kind: str = "model") -> str:
        """Add files (None deletes one) as a new commit, and return the commit."""
        commits = self.repositories.setdefault((kind, repo), [])
        held = {**(commits[-1][1] if commits else {}), **files}
        commit = hashlib.sha1(f"{kind} {repo} {len(commits)}".encode()).hexdigest()
        commits.append((commit, {path: content for path, content in held.items() if content is not None}))
        return commit

    def files(self, repo: str, kind: str = "model") -> dict[str, bytes]:
        """What the repository holds now."""
        return self.repositories[kind, repo][-1][1]

    def heal(self) -> None:
        """Take all faults back."""
        self.faults.clear()
        self.release.set()

    def fault(self, path: str) -> int | str:
        """What is wrong with a path, "" if nothing is."""
        return next((fault for end, fault in list(self.faults.items()) if path.endswith(end)), "")

    def fetched(self, path: str) -> bool:
        """Whether the content of a file was asked for."""
        return any(method == "GET" and asked.endswith(f"/{path}") for method, asked in self.requests)


class _Handler(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"

    def do_HEAD(self):
        self._answer()

    def do_GET(self):
        self._answer()

    def do_POST(self):
        self._answer()

    def log_message(self, *_):
        pass

    def _answer(self):
        path = unquote(urlsplit(self.path).path)
        self.hub.requests.append((self.command, path))
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = self.hub.fault(path)
        if fault in _BROKEN or isinstance(fault, int):
            with suppress(ConnectionError):
                self._break(fault, path)
            return
        for method, pattern, route in _ROUTES:
            match = re.fullmatch(pattern, path)
            if match and self.command in method.split():
                with suppress(ConnectionError):  # the client may have given up
                    route(self, **match.groupdict())
                return
        self._json({}, 200 if path == "/api/agent-harnesses" else 404)

    def _break(self, fault: int | str, path: str) -> None:
        """Answer as a Hub does that is out of order."""
        answer = f"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n{'X-Filler: x' * 999}".encode()
        if isinstance(fault, int):
            self._send(b"", fault, self.hub.refusal)
        elif fault == "loop":
            self._send(b"", 302, {"Location": path})
        elif fault == "login":
            self._send(b"<!DOCTYPE html><title>Welcome to the airport</title>", 200, {"Content-Type": "text/html"})
        elif fault == "hang":
            self.hub.release.wait()
        elif fault == "slow headers":
            while answer and not self.hub.release.wait(0.05):
                self.wfile.write(answer[:1])
                answer = answer[1:]
        elif fault == "reset":
            self.wfile.write(answer[: len(answer) // 2])
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        self.close_connection = True

    def _json(self, value, status: int = 200, **headers: str):
        self._send(json.dumps(value).encode(), status, {"Content-Type": "application/json", **headers})

    def _refuse(self, status: int, code: str):
        self._json({"error": code}, status, **{"X-Error-Code": code, "X-Error-Message": code})

    def _send(self, content: bytes, status: int = 200, headers: dict | None = None, name: str = ""):
        self.send_response(status)
        for key, value in (headers or {}).items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command == "HEAD":
            return
        half = len(content) // 2
        if self.hub.fault(self.path) == "truncated":
            self.close_connection = True
            del self.hub.faults[next(end for end in self.hub.faults if self.path.endswith(end))]
            content = content[:half]
        while self.hub.fault(self.path) == "slow" and content and not self.hub.release.wait(0.05):
            self.wfile.write(content[:1])
            content = content[1:]
        if name in self.hub.stalled:
            self.wfile.write(content[:half])
            self.wfile.flush()
            self.hub.release.wait()
            content = content[half:]
        while name in self.hub.trickling and content and not self.hub.release.is_set():
            self.wfile.write(content[:1])
            self.wfile.flush()
            content = content[1:]
            time.sleep(0.05)
        self.wfile.write(content)

    def _find(self, kind: str, repo: str, revision: str) -> tuple[str, dict] | None:
        """The commit and files at a revision; refuses the request, and returns None, if there are none."""
        commits = self.hub.repositories.get((kind, repo))
        if commits is None:
            return self._refuse(404, "RepoNotFound")
        if revision == "main" and commits:
            return commits[-1]
        for commit, files in commits:
            if commit == revision:
                return commit, files
        return self._refuse(404, "RevisionNotFound")

    def _may_write(self, repo: str) -> bool:
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._refuse(401, "Unauthorized")
        elif repo.split("/")[0] != self.hub.owner:
            self._refuse(403, "Forbidden")
        else:
            return True
        return False

    def resolve(self, repo: str, revision: str, path: str, kind: str | None = None):
        if repo in self.hub.renamed:
            return self._send(b"", 307, {"Location": self.path.replace(repo, self.hub.renamed[repo])})
        token = self.headers.get("Authorization", "")
        if token not in ("", f"Bearer {TOKEN}") or repo in self.hub.private and not token:
            return self._refuse(401, "RepoNotFound" if not token else "InvalidToken")
        found = self._find((kind or "models")[:-1], repo, revision)
        if found is None:
            return
        commit, files = found
        if path in self.hub.cut:
            self.hub.cut.remove(path)
            self.close_connection = True
            return
        if path not in files:
            headers = {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": commit}
            return self._send(b"", 404, headers)
        content, status = _DAMAGED.get(self.hub.fault(self.path), bytes)(files[path]), 200
        headers = {"ETag": f'"{hashlib.sha1(files[path]).hexdigest()}"', "X-Repo-Commit": commit}
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if self.command == "GET":
            self.hub.starts[path].append(int(asked[1]) if asked else 0)
        if asked:
            start, whole = int(asked[1]), len(content)
            headers["Content-Range"] = f"bytes {start}-{whole - 1}/{whole}"
            content, status = content[start:], 206
        self._send(content, status, headers, name=path)

    def info(self, kind: str, repo: str, revision: str = "main"):
        if self.hub.repositories.get((kind[:-1], repo)) == []:
            return self._json({"id": repo, "siblings": []})
        found = self._find(kind[:-1], repo, revision)
        if found is not None:
            siblings = [{"rfilename": path} for path in found[1]]
            self._json({"id": repo, "sha": found[0], "siblings": siblings})

    def tree(self, kind: str, repo: str, revision: str):
        if not self.hub.repositories.get((kind[:-1], repo), [1]):
            return self._json([])
        found = self._find(kind[:-1], repo, revision)
        if found is not None:
            listed = [
                {"type": "file", "path": path, "size": len(content), "oid": _oid(content)}
                for path, content in found[1].items()
            ]
            self._json(listed)

    def create(self):
        asked = json.loads(self.body)
        repo, kind = f"{asked['organization']}/{asked['name']}", asked.get("type") or "model"
        if self._may_write(repo):
            if kind == "space" and asked.get("hardware") in self.hub.paid:
                return self._refuse(402, "PaymentRequired")
            exists = (kind, repo) in self.hub.repositories
            if kind == "space" and not exists:
                self.hub.hardware[repo] = asked.get("hardware", "cpu-basic")
            self.hub.repositories.setdefault((kind, repo), [])
            prefix = "" if kind == "model" else f"{kind}s/"
            self._json({"url": f"{self.hub.url}/{prefix}{repo}", "id": repo}, 409 if exists else 200)

    def validate(self):
        self._json({"errors": [], "warnings": []})

    def preupload(self, kind: str, repo: str, revision: str):
        if self._may_write(repo):
            held = (self.hub.repositories[kind[:-1], repo] or [("", {})])[-1][1]
            files = [
                {
                    "path": file["path"],
                    "uploadMode": "regular",
                    "shouldIgnore": False,
                    "oid": _oid(held[file["path"]]) if file["path"] in held else None,
                }
                for file in json.loads(self.body)["files"]
            ]
            self._json({"files": files})

    def receive(self, kind: str, repo: str, revision: str):
        if not self._may_write(repo):
            return
        files = {}
        for line in self.body.splitlines():
            item = json.loads(line)
            if item["key"] == "file":
                files[item["value"]["path"]] = base64.b64decode(item["value"]["content"])
            elif item["key"] == "deletedFile":
                files[item["value"]["path"]] = None
        commit = self.hub.commit(repo, files, kind[:-1])
        self._json({"commitUrl": f"{self.hub.url}/{repo}/commit/{commit}", "commitOid": commit})

    def runtime(self, repo: str):
        if self.command == "GET" or self._may_write(repo):
            if self.command == "POST":
                self.hub.hardware[repo] = json.loads(self.body)["flavor"]
            hardware = {"current": None, "requested": self.hub.hardware[repo]}
            self._json({"stage": "RUNNING", "hardware": hardware, "storage": None, "gcTimeout": None})

    def set_variable(self, repo: str):
        if self.command == "GET" or self._may_write(repo):
            variables = self.hub.variables[repo]
            if self.command == "POST":
                asked = json.loads(self.body)
                variables[asked["key"]] = asked["value"]
            self._json({key: {"value": value} for key, value in variables.items()})


def _oid(content: bytes) -> str:
    """The number that git gives a file."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


# Faults of the connection, and of the content: what comes in place of the file.
_BROKEN = ("hang", "slow headers", "reset", "cut", "loop", "login")
_DAMAGED = {
    "garbage": lambda content: bytes(byte ^ 255 for byte in content),
    "short": lambda content: content[: len(content) // 2],
    "pointer": lambda content: (
        f"version https://git-lfs.github.com/spec/v1\noid sha256:{hashlib.sha256(content).hexdigest()}\n"
        f"size {len(content)}\n"
    ).encode(),
}
_KIND, _REPO, _REVISION = r"(?P<kind>models|spaces|datasets)", r"(?P<repo>[^/]+/[^/]+)", r"(?P<revision>[^/]+)"
_ROUTES = (
    ("POST", "/api/repos/create", _Handler.create),
    ("POST", "/api/validate-yaml", _Handler.validate),
    ("POST", f"/api/{_KIND}/{_REPO}/preupload/{_REVISION}", _Handler.preupload),
    ("POST", f"/api/{_KIND}/{_REPO}/commit/{_REVISION}", _Handler.receive),
    ("GET", f"/api/spaces/{_REPO}/runtime", _Handler.runtime),
    ("POST", f"/api/spaces/{_REPO}/hardware", _Handler.runtime),
    ("GET POST", f"/api/spaces/{_REPO}/variables", _Handler.set_variable),
    ("GET", f"/api/{_KIND}/{_REPO}/revision/{_REVISION}", _Handler.info),
    ("GET", f"/api/{_KIND}/{_REPO}/tree/{_REVISION}", _Handler.tree),
    ("GET", f"/api/{_KIND}/{_REPO}", _Handler.info),
    ("GET HEAD", rf"/({_KIND}/)?{_REPO}/resolve/{_REVISION}/(?P<path>.+)", _Handler.resolve),
)
