"""`python -m tests.benchmarks.page`: what a visit of the start and of a demo costs, beside one of a bare Gradio page.

All in turns: bytes and requests of the first load, DOM nodes, the time of the processor for browser and server; then
as on a phone (1.6 Mbit/s, 150 ms, a processor four times slower): the first paint and the answer in sight. At last the
layout shift while the page loads, by width. Needs Playwright and a Chromium; Linux, for the time of the processor.
"""

import shutil
import statistics

from tests.benchmarks.common import Server, require, table
from tests.benchmarks.startup import BARE

ROUNDS = 5
LOUPE = ["app.py"]
# What is served, where it is visited, and what is in sight when it has answered.
PAGES = {
    "the start": (LOUPE, "/", ".tile q:not(:empty)"),
    "a demo": (LOUPE, "/?demo=cifar10", ".card"),
    "a bare page": (["-c", BARE], "/", "button:has-text('Press')"),
}
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 3, "is_mobile": True, "has_touch": True}
LINE = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 96_000}
SLOWER = 4
WIDTHS = (390, 768, 1024, 1280)
STILL_MS = 2500  # after the answer is in sight, so that all that loads has been loaded
SHIFTS = """window.shift = 0; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });"""
PAINT = 'performance.getEntriesByName("first-contentful-paint")[0].startTime'


def main() -> None:
    require("playwright")
    from playwright.sync_api import sync_playwright

    executable = next(filter(None, map(shutil.which, NAMES)), None)
    if executable is None:
        raise SystemExit("No Chromium is on the path.")
    quick, slow = ({name: [] for name in PAGES} for _ in range(2))
    with sync_playwright() as playwright, Server(LOUPE) as ours, Server(PAGES["a bare page"][0]) as bare:
        servers = {name: ours if arguments is LOUPE else bare for name, (arguments, *_) in PAGES.items()}
        ours.wait(), bare.wait()
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        for _ in range(ROUNDS + 1):
            for name, server in servers.items():
                quick[name].append(visit(browser, server, *PAGES[name][1:]))
        for _ in range(3):
            for name, server in servers.items():
                slow[name].append(visit_slowly(browser, server, *PAGES[name][1:]))
        shifts = {name: [shift(browser, ours, *PAGES[name][1:], width) for width in WIDTHS] for name in list(PAGES)[:2]}
        browser.close()
    # The first round warms the servers.
    rows = []
    for name in PAGES:
        medians = [statistics.median(column) for column in zip(*quick[name][1:], strict=True)]
        paint, answer = (statistics.median(column) for column in zip(*slow[name], strict=True))
        kilobytes, requests, nodes, chromium, server = medians
        rows.append([
            name, f"{kilobytes:.0f}", f"{requests:.0f}", f"{nodes:.0f}", f"{chromium:.2f}", f"{server:.3f}",
            f"{paint:.2f}", f"{answer:.2f}",
        ])  # fmt: skip
    head = ["", "kB", "requests", "nodes", "browser, CPU s", "server, CPU s", "first paint, s", "answer in sight, s"]
    print(table(head, rows))
    print("\nFirst paint and answer as on a phone. Layout shift while loading:")
    for name, values in shifts.items():
        print(name, ", ".join(f"{width} px {value:.3f}" for width, value in zip(WIDTHS, values, strict=True)))


def visit(browser, server: Server, path: str, ready: str) -> tuple[float, float, float, float, float]:
    """kB that came, requests, DOM nodes, and seconds of the processor for browser and server, of one new visitor."""
    processes = browser.new_browser_cdp_session()
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    sent, asked = [], []
    session.on("Network.requestWillBeSent", lambda event: asked.append(event["request"]["url"]))
    session.on("Network.loadingFinished", lambda event: sent.append(event["encodedDataLength"]))
    before, server_before = browser_seconds(processes, {}), server.processor()
    page.goto(f"http://127.0.0.1:{server.port}{path}")
    page.locator(ready).first.wait_for()
    page.wait_for_timeout(STILL_MS)
    browser_time, server_time = sum(browser_seconds(processes, before).values()), server.processor() - server_before
    nodes = page.evaluate("document.querySelectorAll('*').length")
    context.close()
    requests = sum(not address.startswith("data:") for address in asked)
    return sum(sent) / 1000, requests, nodes, browser_time, server_time


def visit_slowly(browser, server: Server, path: str, ready: str) -> tuple[float, float]:
    """Seconds to the first paint and to the answer, on a phone's line and processor."""
    context = browser.new_context(**PHONE)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", LINE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(f"http://127.0.0.1:{server.port}{path}", wait_until="commit")
    page.locator(ready).first.wait_for(timeout=120_000)
    answer = page.evaluate("performance.now()")
    page.wait_for_timeout(500)
    paint = page.evaluate(PAINT)
    context.close()
    return paint / 1000, answer / 1000


def shift(browser, server: Server, path: str, ready: str, width: int) -> float:
    """The layout shift until everything has been loaded."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.add_init_script(SHIFTS)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{server.port}{path}")
    page.locator(ready).first.wait_for()
    page.wait_for_timeout(STILL_MS)
    value = page.evaluate("window.shift")
    context.close()
    return value


def browser_seconds(session, before: dict[int, float]) -> dict[int, float]:
    """What each process of the browser has used since `before`."""
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    return {one["id"]: one["cpuTime"] - before.get(one["id"], 0) for one in processes}


if __name__ == "__main__":
    main()
