"""`python -m tests.benchmarks.requests`: what `/cifar10` answers to 1, 8 and 32 visitors at once, and its memory.

A photograph is uploaded once and asked about again and again over the browser's protocol; beside it, what a bare Gradio
page answers that does nothing. Needs nothing beyond requirements.txt; the visitors are threads of one other process and
share the server's machine.
"""

import statistics
import threading
import time

from tests.benchmarks.common import Client, Server, table
from tests.benchmarks.startup import BARE

ENDPOINT = "cifar10"
VISITORS = (1, 8, 32)
REQUESTS = 600  # at each number of visitors
TOGETHER, LAST = 8, 2000  # the visitors and requests over which memory is compared


def main() -> None:
    with Server(["-c", BARE]) as server:
        server.wait()
        bare = row("a bare page, 1", server.port, *Client(server.port).endpoints()["press"], 1)
    with Server(["app.py"]) as server:
        server.wait()
        number, arguments = Client(server.port).endpoints()[ENDPOINT]
        measure(server.port, number, arguments, 8, 100)  # the first requests open what later ones use
        rows = [row(str(visitors), server.port, number, arguments, visitors) for visitors in VISITORS]
        before = server.resident()
        measure(server.port, number, arguments, TOGETHER, LAST)
        after = server.resident()
    print(f"`/{ENDPOINT}` over the browser's protocol, {REQUESTS} requests each:\n")
    print(table(["visitors at once", "answers a second", "p50 ms", "p95 ms", "p99 ms"], [bare, *rows]))
    print(f"\nResident memory: {before:.0f} MB, after {LAST:,} more requests {after:.0f} MB.")


def row(label: str, port: int, number: int, arguments: list, visitors: int) -> list[str]:
    """A line of the table: answers a second, and three percentiles of the milliseconds that one takes."""
    seconds, times = measure(port, number, arguments, visitors, REQUESTS)
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return [label, f"{REQUESTS / seconds:.0f}", *(f"{1000 * cuts[percent - 1]:.1f}" for percent in (50, 95, 99))]


def measure(port: int, number: int, arguments: list, visitors: int, requests: int) -> tuple[float, list]:
    """Seconds that all requests took together, and those of each, shared among so many visitors."""
    times, left, problems = [], iter(range(requests)), []

    def visit() -> None:
        client = Client(port)
        try:
            while next(left, None) is not None:
                began = time.perf_counter()
                client.ask(number, arguments)
                times.append(time.perf_counter() - began)
        except Exception as error:
            problems.append(error)

    threads = [threading.Thread(target=visit) for _ in range(visitors)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise SystemExit(f"{len(problems)} of {visitors} visitors got no answer: {problems[0]}")
    return time.perf_counter() - began, times


if __name__ == "__main__":
    main()
