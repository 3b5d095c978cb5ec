"""`python -m tests.benchmarks.load [--write]`: fifty visitors over all demos, ten thousand requests, hostile files.

Each part starts a page of its own, and talks to it as a browser does. Every answer is compared with that to the same
picture when one visitor asked alone. `--write` puts the tables into docs/load.md. Linux, for memory and processor. The
visitors are threads of one other process and share the machine.
"""

import argparse
import platform
import statistics
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import numpy as np

import weights
from demos.shared.ui import lanes
from tests.benchmarks import attack
from tests.benchmarks.common import Client, Server, busy, table
from tests.benchmarks.visitors import Crowd, Question, find_pictures, find_questions
from weights.runtime import cores

OUT = Path(__file__).parents[2] / "docs/load.md"
LONG_VISITORS = 5  # of the fifty, who ask for long work all the time
LOOKS = 3.0  # seconds that a visitor looks at an answer, in the mean
ALONE = 3  # times that one visitor asks each question about each picture
BATCHES = (1, 2, 4, 8)
WARM = 1000  # requests before memory counts
SETTLE = 90  # seconds after the last visitor has left
PARTS = ("visitors", "full", "leave", "memory", "hostile", "batches")
TITLES = (
    "Fifty visitors", "A full queue", "Visitors who leave", "Memory over many requests", "Hostile files",
    "Several pictures at once",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=50, help="at once (default 50)")
    parser.add_argument("--seconds", type=float, default=120, help="that they stay, each time (default 120)")
    parser.add_argument("--requests", type=int, default=10_000, help="over which memory is compared (default 10,000)")
    parser.add_argument("--minutes", type=float, default=60, help="of hostile files (default 60)")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="of the measurement (default all)")
    parser.add_argument("--write", action="store_true", help=f"put the tables into {OUT.name}")
    options = parser.parse_args()
    pictures = find_pictures()
    for part in options.parts:
        with Server(["app.py"]) as server:
            server.wait()
            crowd = Crowd(server.port, pictures)
            title, text = globals()[f"measure_{part}"](server, crowd, find_questions(Client(server.port)), options)
        arguments = " ".join(one for one in sys.argv[1:] if one != "--write")
        text = f"`python -m tests.benchmarks.load {arguments}` on {machine()}.\n\n{text}"
        print(f"## {title}\n\n{text}\n", flush=True)
        if options.write:
            write(title, text)


HEAD = """# Load

Written by `python -m tests.benchmarks.load --write`. The visitors run on the same machine as the page. Each sends a
picture, one of five as a phone takes them, of 12 megapixels, and asks an endpoint or a tab about it in the browser's
protocol. The time of an answer begins with the upload. Each answer is compared with that to the same picture when one
visitor asked alone."""


def write(title: str, text: str) -> None:
    """Put a section into the file, in place of an older one."""
    head, *sections = OUT.read_text().strip().split("\n\n## ") if OUT.is_file() else [HEAD]
    known = dict(section.split("\n\n", 1) for section in sections) | {title: text}
    OUT.write_text("\n\n".join([HEAD, *(f"## {name}\n\n{known[name]}" for name in TITLES if name in known)]) + "\n")


def machine() -> str:
    """What the figures were measured on."""
    names = [line.partition(": ")[2] for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line]
    return f"{cores()} cores ({names[0] if names else platform.machine()}), Python {platform.python_version()}"


def measure_visitors(server: Server, crowd: Crowd, questions: list[Question], options) -> tuple[str, str]:
    """Quick questions of one visitor, and of all; with and without time to look; with and without long work beside."""
    quick, long = ([one for one in questions if one.is_long == is_long] for is_long in (False, True))
    crowd.learn(questions)
    alone = Crowd(server.port, crowd.pictures)
    alone.expected = crowd.expected
    ask_all(alone, quick)
    rows = [[*row("one visitor", alone, alone, quick, 0), ""]]
    groups = [(options.visitors, quick)]
    beside = [(options.visitors - LONG_VISITORS, quick), (LONG_VISITORS, long)]
    for label, of, pause in (
        (f"{options.visitors} visitors who look at each answer for {LOOKS:g} s", groups, LOOKS),
        (f"the same, {LONG_VISITORS} of them with long work", beside, LOOKS),
        (f"{options.visitors} visitors who ask again at once", groups, 0),
    ):
        many = Crowd(server.port, crowd.pictures)
        many.expected = crowd.expected
        end = time.monotonic() + options.seconds
        before = busy() - server.processor() - time.process_time(), time.monotonic()
        many.gather(of, lambda end=end: time.monotonic() > end, pause)
        others = busy() - server.processor() - time.process_time() - before[0]
        others /= cores() * (time.monotonic() - before[1])
        rows.append([*row(label, many, alone, quick, options.seconds), f"{100 * others:.0f} %"])
        last = many
    head = ["", "answers", "a second", "p50 ms", "p95 ms", "p95 to one visitor's", "wrong", "sentences", "long answers"]
    head.append("of the machine, others")
    by_name = [
        [name, *(f"{1000 * of.percentile([name], share):.0f}" for of in (alone, last) for share in (0.5, 0.95))]
        for name in sorted({one.name for one in quick} & last.times.keys() & alone.times.keys())
    ]
    each = table(["", "one: p50 ms", "p95 ms", f"{options.visitors}, at once: p50 ms", "p95 ms"], by_name)
    title = "Each question, of one visitor and of all who ask again at once:"
    return TITLES[0], f"{table(head, rows)}\n\n{title}\n\n{each}"


def ask_all(crowd: Crowd, questions: list[Question]) -> None:
    """One visitor asks everything some times."""
    client = Client(crowd.port)
    for question in questions:
        for number in range(len(crowd.pictures[question.demo])):
            for _ in range(ALONE):
                crowd.ask(client, question, number)


def row(label: str, crowd: Crowd, alone: Crowd, quick: list[Question], seconds: float) -> list[str]:
    names = [question.name for question in quick]
    count = sum(len(crowd.times.get(name, ())) for name in names)
    long = sum(map(len, crowd.times.values())) - count
    half, most = crowd.percentile(names, 0.5), crowd.percentile(names, 0.95)
    rate = f"{count / seconds:.0f}" if seconds else ""
    ratio = f"{most / alone.percentile(names, 0.95):.1f}"
    return [label, f"{count:,}", rate, f"{1000 * half:.0f}", f"{1000 * most:.0f}", ratio, len(crowd.wrong),
            len(crowd.said), long]  # fmt: skip


def measure_full(server: Server, crowd: Crowd, questions: list[Question], options) -> tuple[str, str]:
    """More visitors than may wait: who is not answered reads a sentence, at once, and nobody gets another's answer."""
    rows = []
    for is_long, count in ((False, 2 * lanes.MAX_SHORT), (True, 2 * lanes.MAX_WAITING)):
        asked = [one for one in questions if one.is_long == is_long and one.name.startswith("`")]
        many = Crowd(server.port, {demo: of[:2] for demo, of in crowd.pictures.items()})
        many.learn(asked)
        left = iter(range(count))
        lock = threading.Lock()

        def is_over(left=left, lock=lock) -> bool:
            with lock:
                return next(left, None) is None

        many.gather([(count, asked)], is_over)
        said = ", ".join(f"{text} ({number})" for text, number in Counter(many.said).items()) or "none"
        answers = sum(map(len, many.times.values()))
        rows.append(["long work" if is_long else "quick answers", count, answers, len(many.wrong), said])
    return TITLES[1], table(["", "asked at once", "answers", "wrong", "sentences"], rows)


def measure_leave(server: Server, crowd: Crowd, questions: list[Question], options) -> tuple[str, str]:
    """What visitors hold, and what is left of it when they have gone; those with long work hang up."""
    quick, long = ([one for one in questions if one.is_long == is_long] for is_long in (False, True))
    crowd.learn(quick)
    rounds = [("before", server.resident())]
    left = iter(range(20 * options.visitors))
    crowd.gather([(options.visitors, quick)], lambda: next(left, None) is None)
    for _ in range(LONG_VISITORS):
        client = Client(server.port)
        long[-1].begin(client, crowd.pictures[long[-1].demo], -1)
    rounds.append(("they are there", server.resident()))
    time.sleep(SETTLE)
    busy = server.processor()
    time.sleep(10)
    busy = (server.processor() - busy) / 10
    rounds.append((f"{SETTLE} s after they have left", server.resident()))
    rows = [[name, f"{mb:.0f}", f"{mb / rounds[0][1]:.2f}"] for name, mb in rounds]
    return (
        TITLES[2],
        f"{options.visitors} visitors ask {20 * options.visitors} times, "
        f"{LONG_VISITORS} more begin long work and hang up.\n\n{table(['', 'MB', 'to before'], rows)}\n\n"
        f"Then the page uses {100 * busy:.0f} % of a processor.",
    )


def measure_memory(server: Server, crowd: Crowd, questions: list[Question], options) -> tuple[str, str]:
    """Resident memory over many requests."""
    quick = [one for one in questions if not one.is_long]
    crowd.learn(quick)
    rows = []
    for label, count in ((f"after {WARM:,} requests", WARM), (f"after {options.requests:,} more", options.requests)):
        left = iter(range(count))
        crowd.gather([(8, quick)], lambda left=left: next(left, None) is None)
        rows.append([label, server.resident()])
    rows = [[label, f"{mb:.0f}", f"{mb / rows[0][1]:.3f}"] for label, mb in rows]
    wrong = f"{len(crowd.wrong)} wrong answers, {len(crowd.said)} sentences."
    return TITLES[3], f"{table(['', 'MB', 'ratio'], rows)}\n\n{wrong}"


def measure_hostile(server: Server, crowd: Crowd, questions: list[Question], options) -> tuple[str, str]:
    """Memory and answers before and after hostile files, and an ordinary visitor beside them."""
    quick = [one for one in questions if not one.is_long]
    crowd.learn(quick)
    left = iter(range(WARM))
    crowd.gather([(8, quick)], lambda: next(left, None) is None)
    rows, sent = [["before", *attack.look(server)]], []
    end = time.monotonic() + 60 * options.minutes
    url = f"http://127.0.0.1:{server.port}/gradio_api"
    threads = [threading.Thread(target=attack.attack, args=(url, end, number, sent)) for number in range(4)]
    for thread in threads:
        thread.start()
    crowd.times.clear()
    crowd.gather([(1, quick)], lambda: time.monotonic() > end)
    for thread in threads:
        thread.join()
    time.sleep(SETTLE)
    rows.append([f"after {options.minutes:g} minutes", *attack.look(server)])
    first = rows[0]
    rows = [[name, f"{mb:.0f}", f"{mb / first[1]:.3f}", f"{ms:.0f}"] for name, mb, ms in rows]
    beside = [one for times in crowd.times.values() for one in times]
    kinds = "bombs, damaged files, oversized bodies, foreign paths, work that is abandoned, sessions without end"
    said = f"{len(beside):,} answers, {len(crowd.wrong)} of them wrong, {len(crowd.said)} sentences"
    return (
        TITLES[4],
        f"{len(sent):,} attacks: {kinds}.\n\n{table(['', 'MB', 'ratio', 'quick answer, ms'], rows)}"
        f"\n\nOne visitor beside them: {said}, median {1000 * statistics.median(beside):.0f} ms.",
    )


def measure_batches(server: Server, crowd: Crowd, questions: list[Question], options) -> tuple[str, str]:
    """What a network takes of the processor for each of several pictures that it gets at once."""
    rows = []
    for name, entry in sorted(weights.manifest().networks.items()):
        shapes = [tensor.shape[1:] for tensor in entry.inputs.values()]
        if len(shapes) > 1 or None in shapes[0]:
            continue
        network, ((key, tensor),) = weights.load(name), entry.inputs.items()
        row = []
        for count in BATCHES:
            batch = {key: np.random.default_rng(0).integers(0, 255, (count, *shapes[0])).astype(tensor.dtype)}
            network(batch)
            times = []
            for _ in range(10):
                began = time.process_time()
                network(batch)
                times.append((time.process_time() - began) / count)
            row.append(f"{1000 * min(times):.2f}")
        rows.append([f"`{name}`", *row])
    text = "Milliseconds of the processor for each picture, of one and of several that a network gets at once."
    return TITLES[5], f"{text}\n\n{table(['', *(f'{count} at once' for count in BATCHES)], rows)}"


if __name__ == "__main__":
    main()
