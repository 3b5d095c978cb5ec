"""Work that nobody waits for ends; turns are fair; nothing long takes a place from short answers."""

import json
import threading
import time

import httpx
import numpy as np
import pytest

from demos.shared import images
from tests import serving
from tests.security.conftest import Visitor, kind


@pytest.fixture(scope="module")
def long(attacked) -> dict:
    """A picture that takes a minute or two: 16 megapixels of noise."""
    pixels = np.random.default_rng(0).integers(0, 256, (500, 500, 3), np.uint8)
    return serving.upload(attacked.url, images.jpeg(np.tile(pixels, (8, 8, 1)), 60), "long.jpg")


@pytest.fixture(scope="module")
def denoise(events, components) -> int:
    """The number of the event that denoises."""
    types = {number: [kind(components[at]) for at in event["inputs"]] for number, event in events.items()}
    wanted = ["image", "radio", "radio", "slider", "slider", "state"]
    (number,) = (number for number, kinds in types.items() if kinds == wanted)
    return number


ASKED = ["My photo is noisy", "Gaussian", 25, 1.0, None]


def said(visitor: Visitor, until: str) -> str:
    """Listen until something is said, then hang up."""
    for message in visitor.messages():
        if until in (text := json.dumps(message)):
            return text
    raise AssertionError(f"{until} was not said")


def test_page_that_is_closed_ends_its_work(attacked, denoise, long):
    visitor = Visitor(attacked.url)
    with visitor.here():
        visitor.join(denoise, [long, *ASKED])
        assert " s left" in said(visitor, "Tile 1 of")
    serving.becomes_idle(attacked)


def test_client_of_the_api_that_has_gone_ends_its_work(attacked, long):
    place = f"{attacked.url}/gradio_api/call/denoiser"
    event = httpx.post(place, json={"data": [long, 1.0]}).json()["event_id"]
    with pytest.raises(httpx.ReadTimeout), httpx.stream("GET", f"{place}/{event}", timeout=3) as stream:
        list(stream.iter_lines())
    serving.becomes_idle(attacked)


def test_stop_ends_the_work_and_says_so(attacked, events, components, denoise, long):
    (stop,) = (
        number
        for number, event in events.items()
        if components.get(event["targets"][0][0], {}).get("props", {}).get("elem_id") == "denoiser-stop"
    )
    visitor = Visitor(attacked.url)
    with visitor.here():
        visitor.join(denoise, [long, *ASKED])
        heard = []
        listener = threading.Thread(target=lambda: heard.extend(visitor.messages()))
        listener.start()
        serving.wait_for(lambda: not serving.is_idle(attacked), 30)
        time.sleep(2)
        body = {"data": [None], "fn_index": stop, "session_hash": visitor.session}
        assert httpx.post(f"{visitor.url}/run/event_{stop}", json=body).is_success
        serving.becomes_idle(attacked)
        listener.join(20)
    assert "Stopped." in json.dumps(heard)


def test_short_answers_come_and_places_are_said_while_others_wait(attacked, photograph, denoise, long):
    """One visitor fills the long lane as far as it goes; another has one job."""
    greedy, modest = Visitor(attacked.url), Visitor(attacked.url)
    with greedy.here(), modest.here():
        for _ in range(5):
            greedy.join(denoise, [long, *ASKED])
        modest.join(denoise, [long, *ASKED])
        said(modest, "This waits for one other job")  # once work that was left has ended
        assert "Your last requests are still waiting" in said(greedy, "Your last")
        file = serving.upload(attacked.url, photograph.read_bytes())
        assert serving.call(attacked.url, "cifar10", file, "airbench", None)[0] == "complete"
    serving.becomes_idle(attacked)


def test_full_lane_is_said_where_the_answer_would_stand_and_nobody_works_for_who_never_listens(attacked, denoise, long):
    visitors = [Visitor(attacked.url) for _ in range(15)]
    for visitor in visitors:
        visitor.join(denoise, [long, *ASKED])
    assert "Many visitors wait for long work" in said(visitors[-1], '"sentence')
    serving.becomes_idle(attacked)
