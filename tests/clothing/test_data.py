"""The split of the photographs, and the garments that are drawn."""

import numpy as np
import pytest

from demos.clothing import data, drawn
from demos.clothing.predict import CLASSES
from demos.shared.data import Absent


@pytest.fixture(scope="module")
def parts():
    try:
        return {part: data.load(part) for part in ("train", "validation", "test")}
    except Absent as error:
        pytest.skip(str(error))


def test_no_sender_is_in_two_parts(rng):
    senders = rng.zipf(1.5, 5000) % 300
    parts = data.parts(senders)
    assert set(parts) == {"train", "validation", "test"}
    assert all(len(set(parts[senders == sender])) == 1 for sender in np.unique(senders))


def test_parts_do_not_depend_on_the_order_of_the_pictures(rng):
    senders = rng.zipf(1.5, 1000) % 100
    order = rng.permutation(1000)
    assert np.array_equal(data.parts(senders)[order], data.parts(senders[order]))


def test_parts_have_all_ten_classes_and_no_common_sender(parts):
    seen = [set(part.senders) for part in parts.values()]
    assert sum(map(len, seen)) == len(set.union(*seen))
    for part in parts.values():
        known = part.of(CLASSES)
        assert set(known.labels) == set(CLASSES) and len(known) > 300
        assert [CLASSES[number] for number in known.numbers()] == list(known.labels)
    assert sum(map(len, parts.values())) == len(data.load())


def test_objects_of_the_parts_share_no_picture(parts):
    try:
        sets = [set(data.objects(part)) for part in parts]
    except Absent as error:
        pytest.skip(str(error))
    assert len(set.union(*sets)) == sum(map(len, sets))


def test_numbers_of_an_unknown_label_raise(parts):
    with pytest.raises(ValueError):
        parts["test"].of(("polo",)).numbers()


@pytest.mark.parametrize("kind", CLASSES)
def test_garment_is_drawn_the_same_again_and_differs_by_its_number(kind):
    (one, title), (same, _), (other, _) = drawn.draw(kind, 0), drawn.draw(kind, 0), drawn.draw(kind, 1)
    assert one.shape == (drawn.SIDE, drawn.SIDE, 3) and one.dtype == np.uint8 and title.endswith(kind)
    assert np.array_equal(one, same) and not np.array_equal(one, other)
