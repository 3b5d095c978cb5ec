"""What visitors keep."""

from dataclasses import dataclass

import numpy as np

from demos.shared import images, keep
from demos.shared.keep import GONE, Store, measure


@dataclass
class Thing:
    pixels: np.ndarray
    parts: list


def test_size_counts_arrays_texts_and_files_within():
    thing = Thing(np.zeros((10, 10), np.uint16), [b"abc", {"title": "four"}, 5])
    assert measure(thing) == 200 + 3 + 4 + 64


def test_size_counts_what_a_picture_holds_for_pillow():
    picture = images.open(np.zeros((10, 20, 3), np.uint8))
    assert (measure(picture.pixels), measure(picture.image)) == (600, 800)
    assert measure(picture) == 600 + 800 + 64 * 3  # no alpha, two numbers of the size


def test_least_recently_used_goes_first_and_is_gone():
    store = Store(max_bytes=250)
    first, second = (store.put(bytes(100), visitor, "x") for visitor in "ab")
    assert store.get(first) == bytes(100)
    third = store.put(bytes(100), "c", "x")
    assert store.get(second) is GONE and store.get(first) and store.get(third) and store.bytes == 200
    assert store.get(store.put(bytes(300), "d", "x")) is GONE
    assert store.get(first) and store.get(third)  # what is too large alone takes nobody's place
    assert store.get(None) is None and store.get("guessed") is GONE


def test_new_value_takes_the_place_of_the_old_of_the_same_name():
    store = Store()
    old, other = store.put("old", "a", "x"), store.put("other", "a", "y")
    new = store.put("new", "a", "x")
    assert store.get(old) is GONE and (store.get(new), store.get(other)) == ("new", "other")


def test_values_go_while_their_page_is_closed_and_when_they_were_not_used_for_long(monkeypatch):
    clock, here = [0.0], {"a", "b"}
    monkeypatch.setattr(keep.time, "monotonic", lambda: clock[0])
    store = Store(idle_seconds=1000, left_seconds=60)
    left, back = store.put("left", "a", "x"), store.put("back", "b", "x")

    def wait_until(seconds: float) -> None:
        clock[0] = seconds
        store.sweep(here.__contains__)

    here.clear()
    wait_until(10)
    here.add("b")
    wait_until(60)
    assert store.get(left) == "left"
    wait_until(80)
    assert store.get(left) is GONE
    wait_until(999)
    assert store.get(back) == "back"
    wait_until(1900)
    assert store.get(back) == "back"
    wait_until(2901)
    assert store.get(back) is GONE


def test_values_of_the_page_itself_do_not_grow_old(monkeypatch):
    store = Store(idle_seconds=0)
    own = store.put("own", "", 1)
    monkeypatch.setattr(keep.time, "monotonic", lambda: 10**9)
    store.sweep(lambda visitor: False)
    assert store.get(own) == "own"
