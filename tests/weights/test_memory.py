"""What an open network takes: its file lies on the disk, and nobody can change it there."""

import shutil
import tempfile
from pathlib import Path

import numpy as np
import pytest

from weights import Store, memory

PICTURE = np.random.default_rng(0).integers(0, 256, (1, 8, 8, 3)).astype("uint8")


@pytest.fixture
def folder(built, tmp_path):
    return shutil.copytree(built, tmp_path / "weights")


@pytest.mark.skipif(not Path("/proc/self/smaps").exists(), reason="only Linux says what of a file is in memory")
def test_pages_that_an_interpreter_has_read_are_dropped_and_it_answers_on(built):
    stored = memory.Stored((built / "shapes/plain.tflite").read_bytes())
    (interpreter, mapped), (other, elsewhere) = stored.interpret(), stored.interpret()
    assert len(mapped) == len(elsewhere) == 1 and not mapped & elsewhere
    signature, _ = interpreter.get_signature_runner(), other.get_signature_runner()
    (name,) = signature.get_input_details()
    before = signature(**{name: PICTURE})
    assert resident(mapped) > 0 and resident(elsewhere) > 0
    memory.forget(mapped)
    assert resident(mapped) == 0 < resident(elsewhere)
    for key, values in signature(**{name: PICTURE}).items():
        np.testing.assert_array_equal(values, before[key])


def resident(mapped: set[memory.Stretch]) -> int:
    """How much of what is mapped there is in memory, in kB."""
    ((start, end),) = mapped
    total, is_there = 0, False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        fields = line.split()
        if "-" in fields[0]:
            is_there = fields[0] == f"{start:08x}-{end:08x}"
        elif is_there and fields[0] == "Rss:":
            total += int(fields[1])
    return total


def test_file_that_is_overwritten_under_an_open_network_changes_no_answer(folder):
    network = Store(folder).load("shapes/plain")
    before = network(PICTURE)
    path = folder / network.entry.file
    path.write_bytes(b"\0" * path.stat().st_size)
    network.rest(0)
    for key, values in network(PICTURE).items():
        np.testing.assert_array_equal(values, before[key])
    assert network.look_inside(PICTURE)


def test_network_answers_where_nothing_can_be_written(folder, tmp_path, monkeypatch):
    expected = Store(folder).load("shapes/plain")(PICTURE)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "absent"))
    for key, values in Store(folder).load("shapes/plain")(PICTURE).items():
        np.testing.assert_array_equal(values, expected[key])
