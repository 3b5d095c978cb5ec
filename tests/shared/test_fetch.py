"""Pictures from the internet, which a server of this machine stands for."""

import gzip
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from demos.shared import fetch, images
from tests import house

resolve = fetch.resolve


class Site(BaseHTTPRequestHandler):
    """Answers each path in its own way, and notes what it was asked for."""

    asked: list[str] = []

    def do_GET(self):
        self.asked.append(self.path)
        kind, _, target = self.path[1:].partition("?")
        content = {"file": b"content", "large": b"x" * 2000, "packed": gzip.compress(b"x" * 2000)}.get(kind, b"")
        self.send_response({"away": 302, "none": 404}.get(kind, 200))
        if kind == "away":
            self.send_header("Location", target.format(port=self.server.server_port))
        if kind == "packed":
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        if kind == "slow":
            for _ in range(100):
                self.wfile.write(b"x")
                time.sleep(0.05)
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()


@pytest.fixture
def get(site, monkeypatch, tmp_path):
    """Fetch a path of the site, which is on the internet by its name, and return the content of the file."""

    async def known(host):
        return "127.0.0.1" if host == "site.example" else await resolve(host)

    monkeypatch.setattr(fetch, "resolve", known)
    monkeypatch.setattr(images, "MAX_BYTES", 1000)
    Site.asked.clear()

    def get(path: str) -> bytes:
        house.run(fetch.fetch(f"http://site.example:{site}/{path}", tmp_path / "file"))
        return (tmp_path / "file").read_bytes()

    return get


def test_file_and_what_it_is_redirected_to_is_fetched(get):
    assert get("file") == get("away?/file") == get("away?http://site.example:{port}/file") == b"content"


@pytest.mark.parametrize(
    "target", ["http://localhost:{port}/file", "http://127.0.0.1:{port}/file", "http://[::1]:{port}/file",
               "http://2130706433:{port}/file", "//0.0.0.0:{port}/file", "file:///etc/hostname", "http://"],
)  # fmt: skip
def test_redirect_to_this_machine_or_to_no_file_is_not_followed(get, target):
    with pytest.raises(images.PictureError, match=fetch.NOT_FETCHED):
        get(f"away?{target}")
    assert "/file" not in Site.asked


def test_redirects_without_end_are_given_up(get, site):
    with pytest.raises(images.PictureError, match=fetch.NOT_FETCHED):
        get(f"away?http://site.example:{site}/{'away?' * 10}/file")
    assert len(Site.asked) <= 1 + fetch.MAX_REDIRECTS


@pytest.mark.parametrize(
    "path, sentence", [("large", images.TOO_LARGE), ("packed", fetch.NOT_FETCHED), ("none", fetch.NOT_FETCHED)]
)
def test_what_is_no_file_of_a_picture_s_size_is_one_sentence(get, path, sentence):
    with pytest.raises(images.PictureError, match=sentence):
        get(path)


def test_slow_site_is_given_up(get, monkeypatch):
    monkeypatch.setattr(fetch, "SECONDS", 0.2)
    with pytest.raises(images.PictureError, match=fetch.NOT_FETCHED):
        get("slow")


@pytest.mark.parametrize(
    "url", ["http://localhost/", "http://127.1/", "http://[::ffff:127.0.0.1]/", "http://169.254.169.254/latest/meta-data",
            "ftp://example.com/a.png", "http://", "x", f"http://example.com/{'x' * 3000}", "http://\0/", "http://a b/"],
)  # fmt: skip
def test_address_that_is_not_public_is_one_sentence(url, tmp_path):
    with pytest.raises(images.PictureError, match=fetch.NOT_FETCHED):
        house.run(fetch.fetch(url, tmp_path / "file"))


def test_addresses_of_the_internet_are_public_and_those_that_stand_for_others_are_not():
    assert all(map(fetch.is_public, ("8.8.8.8", "2606:4700::1111")))
    private = "10.0.0.1 100.64.0.1 192.0.2.1 224.0.0.1 ::1 ::ffff:8.8.8.8 64:ff9b::7f00:1 2002:7f00:1:: fe80::1%eth0"
    assert not any(map(fetch.is_public, private.split()))
