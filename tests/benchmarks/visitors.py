"""What visitors of the benchmarks ask: each demo's endpoints and the events of its tab, about pictures of their own."""

import io
import json
import random
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image

from demos import discover
from demos.shared.ui.inputs import example_paths
from tests.benchmarks.common import Client

SMALL = 150_000  # bytes that a browser sends as they are
PHONE = (4000, 3000)  # the pixels of a phone's photograph, which is one in five
CHOSEN = {"digits-picture": {"radio": "Camera or file"}}  # controls of a tab that are not as the page opens
VOLATILE = re.compile(r"[\d.,]+ m?s\b")


@dataclass(frozen=True)
class Question:
    """What one can ask of the page.

    number: of the event. values: those of its inputs. places: which of them are pictures. shown: which outputs are
    compared. longest: pixels of a side to which the browser reduces a photograph; None for one that it sends whole.
    """

    name: str
    demo: str
    is_long: bool
    number: int
    values: tuple
    places: tuple[int, ...]
    shown: tuple[int, ...]
    longest: int | None

    def ask(self, client: Client, pictures: list[bytes], number: int) -> str:
        """Send one of the pictures and ask about it, where two are wanted about it and the first.

        Returns the answer, without what differs from time to time.
        """
        answer = client.ask(self.number, self._send(client, pictures, number))
        return VOLATILE.sub("", json.dumps([_steady(answer[place]) for place in self.shown]))

    def begin(self, client: Client, pictures: list[bytes], number: int) -> None:
        """The same, but read no answer."""
        client.join(self.number, self._send(client, pictures, number))

    def _send(self, client: Client, pictures: list[bytes], number: int) -> list:
        values = list(self.values)
        for place, at in zip(self.places, (number, 0), strict=False):
            values[place] = client.send(reduce(pictures[at], self.longest), "picture.jpg")
        return values


@lru_cache(maxsize=200)
def reduce(picture: bytes, longest: int | None) -> bytes:
    """A photograph as the page sends it."""
    image = Image.open(io.BytesIO(picture))
    if longest is None or len(picture) < SMALL or max(image.size) <= longest:
        return picture
    reduced = io.BytesIO()
    image.thumbnail((longest, longest))
    image.convert("RGB").save(reduced, "JPEG", quality=92)
    return reduced.getvalue()


def _steady(value):
    if isinstance(value, dict):
        return {key: _steady(item) for key, item in value.items() if key not in ("milliseconds", "url")}
    return [_steady(item) for item in value] if isinstance(value, list) else value


def find_questions(client: Client) -> list[Question]:
    """The endpoints, then what happens in a tab when a picture is chosen."""
    config = json.loads(client.get("/config"))
    parts = {part["id"]: part for part in config["components"]}
    lanes = {f"`/{name}`": one.lane(name) for one in discover() for name in one.endpoints}
    lanes |= {f"tab {one.name}-picture": one.demo.lane for one in discover()}
    found = []
    for event in config["dependencies"]:
        inputs = [parts[number] for number in event["inputs"]]
        places = tuple(place for place, part in enumerate(inputs) if _is_picture(part))
        changed_parts = [parts[part] for part, what in event["targets"] if what == "change" and part in parts]
        chosen = [part["props"].get("elem_id") for part in changed_parts if _is_picture(part)]
        if event["api_visibility"] == "public":
            demo, name, changed = event["api_name"].partition("_")[0], f"`/{event['api_name']}`", {}
        elif chosen and chosen[0] and event["backend_fn"] and event["queue"] and places:
            demo, name, changed = chosen[0].partition("-")[0], f"tab {chosen[0]}", CHOSEN.get(chosen[0], {})
        else:
            continue
        values = [changed.get(part["type"], part["props"].get("value")) for part in inputs]
        outputs = [parts[number] for number in event["outputs"]]
        shown = [at for at, part in enumerate(outputs) if part["type"] in ("html", "json", "image")]
        longest = [part["props"].get("props", {}).get("longest") for part in inputs if _is_picture(part)]
        sent = event["id"], tuple(values), places, tuple(shown), next(iter(longest), None)
        found.append(Question(name, demo, lanes.get(name) == "long", *sent))
    return found


def _is_picture(part: dict) -> bool:
    """Whether a visitor gives a picture there."""
    return part["type"] == "image" or "picture" in (part["props"].get("elem_classes") or ())


def find_pictures() -> dict[str, list[bytes]]:
    """The examples of each demo as files, and for quick answers the first as a phone would have taken it."""
    pictures = {}
    for found in discover():
        files = [Path(path).read_bytes() for path in example_paths(found.name, found.demo.examples).values()]
        large = io.BytesIO()
        Image.open(io.BytesIO(files[0])).convert("RGB").resize(PHONE).save(large, "JPEG", quality=85)
        pictures[found.name] = [*files, *[large.getvalue()] * (found.demo.lane == "short")]
    return pictures


class Crowd:
    """Visitors who ask at the same time, and what became of it.

    times: seconds of each answer, by the name of the question. wrong: answers that were not those of the picture.
    said: sentences in place of answers.
    """

    def __init__(self, port: int, pictures: dict[str, list[bytes]]):
        self.port, self.pictures = port, pictures
        self.times: dict[str, list[float]] = {}
        self.expected: dict[tuple, str] = {}
        self.wrong: list[str] = []
        self.said: list[str] = []

    def learn(self, questions: list[Question]) -> None:
        """Ask everything once, alone. Leaves where different pictures are answered alike."""
        client = Client(self.port)
        for question in questions:
            for number in range(len(self.pictures[question.demo])):
                self.expected[question.name, number] = question.ask(client, self.pictures[question.demo], number)
            answers = {self.expected[question.name, number] for number in range(len(self.pictures[question.demo]))}
            if len(answers) < len(self.pictures[question.demo]) - 1:  # the phone's may be answered as the first is
                raise SystemExit(f"{question.name} answers different pictures alike: nothing could be told apart.")

    def visit(self, questions: list[Question], is_over: Callable[[], bool], pause: float = 0, seed: int = 0) -> None:
        """One visitor asks until it is over, and rests after each answer, `pause` seconds in the mean."""
        client, rng = Client(self.port), random.Random(seed)
        while not is_over():
            question = rng.choice(questions)
            self.ask(client, question, rng.randrange(len(self.pictures[question.demo])))
            time.sleep(pause and rng.expovariate(1 / pause))

    def ask(self, client: Client, question: Question, number: int) -> None:
        """Ask about one of the demo's pictures."""
        began = time.perf_counter()
        try:
            answer = question.ask(client, self.pictures[question.demo], number)
        except (RuntimeError, OSError) as error:
            self.said.append(str(error))
            time.sleep(0.5)  # as a visitor would, who reads it
            return
        self.times.setdefault(question.name, []).append(time.perf_counter() - began)
        if answer != self.expected[question.name, number]:
            self.wrong.append(question.name)

    def percentile(self, names: list[str], share: float) -> float:
        """Seconds within which this share of the answers to these questions came."""
        times = sorted(seconds for name in names for seconds in self.times.get(name, ()))
        return times[min(len(times) - 1, int(share * len(times)))]

    def gather(self, groups: list[tuple[int, list[Question]]], is_over: Callable[[], bool], pause: float = 0) -> None:
        """So many visitors for each list of questions, at once."""
        threads = [
            threading.Thread(target=self.visit, args=(questions, is_over, pause, len(questions) * 1000 + number))
            for count, questions in groups
            for number in range(count)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
