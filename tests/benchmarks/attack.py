"""`python -m tests.benchmarks.attack [--minutes 30]`: memory and quick answers before, during and after attacks.

Ten visitors send mixed requests while bombs, abandoned work, oversized bodies and sessions without end come in. All
figures are of one run: ratios to the page as it was before. Needs the packages of requirements-dev.txt.
"""

import argparse
import statistics
import threading
import time

import httpx
import numpy as np

from demos.shared import images
from tests.benchmarks.common import PHOTOGRAPH, ROOT, Client, Server, table

VISITORS, REQUESTS = 10, 2000
QUICK = 100  # answers whose median counts
CASES = ROOT / "tests/cases/files"
SETTLE_SECONDS = 90  # after the last visitor has left


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5, help="of attacks (default 5)")
    seconds = 60 * parser.parse_args().minutes
    with Server(["app.py"]) as server:
        server.wait()
        url = f"http://127.0.0.1:{server.port}/gradio_api"
        visit(server.port, 40)  # opens the networks
        rows = [["idle", *look(server)]]
        print(f"30 megapixels denoised in {denoise(url):.0f} s")
        end, sent = time.monotonic() + seconds, []
        threads = [threading.Thread(target=attack, args=(url, end, number, sent)) for number in range(4)]
        threads += [threading.Thread(target=visit, args=(server.port, REQUESTS // VISITORS)) for _ in range(VISITORS)]
        for thread in threads:
            thread.start()
        time.sleep(seconds / 2)
        rows.append(["during attacks", *look(server)])
        for thread in threads:
            thread.join()
        time.sleep(SETTLE_SECONDS)
        rows.append(["after", *look(server)])
    first = rows[0]
    rows = [[name, f"{mb:.0f}", f"{mb / first[1]:.2f}", f"{ms:.0f}", f"{ms / first[2]:.2f}"] for name, mb, ms in rows]
    print(f"{len(sent):,} attacks and {REQUESTS:,} requests of {VISITORS} visitors in {seconds / 60:.0f} minutes:\n")
    print(table(["the page", "MB", "to idle", "quick answer, ms", "to idle"], rows))


def look(server: Server) -> tuple[float, float]:
    """Resident memory in MB, and the median time of a quick answer in milliseconds."""
    client = Client(server.port)
    number, arguments = client.endpoints()["cifar10"]
    times = []
    for _ in range(QUICK):
        began = time.perf_counter()
        client.ask(number, arguments)
        times.append(time.perf_counter() - began)
    return server.resident(), 1000 * statistics.median(times)


def visit(port: int, requests: int) -> None:
    """One visitor asks all endpoints of short answers in turn."""
    client = Client(port)
    known = client.endpoints()
    asked = [known[name] for name in ("cifar10", "digits", "retrieval")]
    for number in range(requests):
        try:
            client.ask(*asked[number % len(asked)])
        except RuntimeError:  # the queue is full
            time.sleep(0.1)


def upload(url: str, content: bytes, name: str) -> dict:
    (path,) = httpx.post(f"{url}/upload", files={"files": (name, content)}, timeout=60).json()
    return {"path": path, "meta": {"_type": "gradio.FileData"}}


def denoise(url: str) -> float:
    """Seconds for a picture of 30 megapixels."""
    noise = np.random.default_rng(0).integers(0, 256, (600, 500, 3), np.uint8)
    file = upload(url, images.jpeg(np.tile(noise, (10, 10, 1)), 60), "large.jpg")
    began = time.perf_counter()
    place = f"{url}/call/denoiser"
    event = httpx.post(place, json={"data": [file, 1.0]}, timeout=60).json()["event_id"]
    stream = httpx.get(f"{place}/{event}", timeout=1200).text
    if "event: complete" not in stream:
        raise SystemExit(f"30 megapixels were not denoised: {stream[-200:]}")
    return time.perf_counter() - began


def attack(url: str, end: float, number: int, sent: list) -> None:
    """Send one kind of attack after another until `end`."""
    bomb = images.png(np.zeros((7000, 7000, 3), np.uint8))
    damaged = [path.read_bytes() for path in sorted(CASES.iterdir())]
    damaged += [b"", b"GIF89a" + 200 * b"\0!\xfe\1x", PHOTOGRAPH.read_bytes()[:2000], b"<svg/>", bytes(1000)]
    small = images.png(np.zeros((2000, 2000, 3), np.uint8))
    json = {"Content-Type": "application/json"}

    def pixels() -> None:
        file = upload(url, bomb, "bomb.png")
        for endpoint, more in (("cifar10", ["airbench", None]), ("digits", []), ("denoiser", [1.0])):
            httpx.post(f"{url}/call/{endpoint}", json={"data": [file, *more]}, timeout=60)

    def leave() -> None:
        place, file = f"{url}/call/denoiser", upload(url, small, "small.png")
        event = httpx.post(place, json={"data": [file, 1.0]}, timeout=60).json()["event_id"]
        httpx.get(f"{place}/{event}", timeout=1)

    def bodies() -> None:
        for body in (b'{"data": ' + b"[" * 400_000, b'{"data": ["' + b"a" * 5_000_000 + b'"]}'):
            httpx.post(f"{url}/queue/join", content=body, headers=json, timeout=60)

    def paths() -> None:
        for path in (str(PHOTOGRAPH), "/etc/hostname", "http://example.com/a.png"):
            httpx.post(f"{url}/call/cifar10", json={"data": [{"path": path}, "airbench", None]}, timeout=60)
            httpx.get(f"{url}/file={path}", timeout=60)

    def sessions() -> None:
        for count in range(100):
            body = {"data": [{"path": "x"}], "fn_index": count % 80, "session_hash": f"{number}-{time.time()}"}
            httpx.post(f"{url}/queue/join", json=body, timeout=60)

    def files() -> None:
        file = upload(url, damaged[len(sent) % len(damaged)], "damaged.jpg")
        for endpoint in ("clothing", "digits", "retrieval", "style", "vehicles"):
            body = {"data": [file]}
            event = httpx.post(f"{url}/call/{endpoint}", json=body, timeout=60).json()["event_id"]
            httpx.get(f"{url}/call/{endpoint}/{event}", timeout=60)

    kinds = [pixels, leave, bodies, paths, sessions, files]
    while time.monotonic() < end:
        try:
            kinds[(len(sent) + number) % len(kinds)]()
        except (httpx.HTTPError, KeyError, ValueError):  # refused
            pass
        sent.append(number)


if __name__ == "__main__":
    main()
