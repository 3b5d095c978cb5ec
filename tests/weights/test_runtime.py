import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weights import Store, files, runtime
from weights.runtime import cores


@pytest.fixture(scope="module")
def network(built):
    return Store(built).load("shapes/plain")


@pytest.fixture(scope="module")
def model(built):
    import keras

    return keras.saving.load_model(built / "shapes/plain.keras", compile=False)


def pictures(count, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (count, 8, 8, 3)).astype("uint8")


@pytest.mark.parametrize("count", [1, 2, 7, 33])
def test_outputs_are_those_of_the_keras_model_by_name(network, model, count):
    batch = pictures(count)
    expected = model(batch)
    found = network(batch)
    assert found.keys() == expected.keys() == network.entry.outputs.keys()
    for name in expected:
        np.testing.assert_allclose(found[name], expected[name].numpy(), atol=1e-5)


def test_a_batch_larger_than_a_piece_is_answered_whole(network, monkeypatch):
    batch = pictures(50)
    expected = network(batch)["embedding"]
    monkeypatch.setattr(runtime, "PIECE", 7 * batch[0].size)
    np.testing.assert_allclose(network(batch)["embedding"], expected, atol=1e-6)


def test_an_empty_batch_gives_empty_outputs(network):
    found = network(pictures(0))
    assert {name: (output.shape, str(output.dtype)) for name, output in found.items()} == {
        "probabilities": ((0, 5), "float32"),
        "embedding": ((0, 4), "float32"),
    }


def test_outputs_are_not_touched_by_the_next_call(network):
    first = network(pictures(1))["probabilities"]
    kept = first.copy()
    network(pictures(1, seed=1))
    np.testing.assert_array_equal(first, kept)
    first[:] = 0  # and belong to the caller


def test_a_view_of_any_strides_is_taken(network):
    turned = pictures(3).transpose(0, 2, 1, 3)[::-1]
    expected = network(np.ascontiguousarray(turned))["probabilities"]
    np.testing.assert_array_equal(network(turned)["probabilities"], expected)


@settings(max_examples=15, deadline=None)
@given(rows=st.integers(1, 3), height=st.integers(1, 20), width=st.integers(1, 20))
def test_sizes_that_may_vary_do(built_free, rows, height, width):
    batch = np.zeros((rows, height, width, 3), "float32")
    assert built_free(batch)["tone"].shape == batch.shape


@pytest.fixture(scope="module")
def built_free(built):
    return Store(built).load("tones/free")


@pytest.mark.parametrize(
    "batch",
    [
        np.zeros((1, 8, 8, 3), "float32"),
        np.zeros((8, 8, 3), "uint8"),
        np.zeros((1, 9, 8, 3), "uint8"),
        np.zeros((1, 8, 8, 3), ">u2"),
        [[0]],
        None,
    ],
)
def test_what_does_not_fit_is_refused_with_what_would(network, batch):
    with pytest.raises(ValueError, match=r"shapes/plain takes picture as uint8 \(any, 8, 8, 3\), not "):
        network(batch)


def test_sides_of_no_length_are_refused(built_free):
    with pytest.raises(ValueError, match="tones/free takes"):
        built_free(np.zeros((1, 0, 4, 3), "float32"))


@pytest.fixture(scope="module")
def pair(built):
    return Store(built).load("tones/pair")


def two(rows=3, size=(10, 12)):
    rng = np.random.default_rng(0)
    return {
        "content": rng.random((rows, *size, 3), "float32"),
        "style": rng.random((rows, 7, 5, 3), "float32"),
    }


@pytest.mark.parametrize("size", [(10, 12), (16, 9)])
def test_a_network_of_two_inputs_takes_them_by_name_in_any_order(pair, built, size):
    import keras

    batch = two(size=size)
    expected = keras.saving.load_model(built / "tones/pair.keras", compile=False)(batch)["painted"]
    for inputs in (batch, dict(reversed(batch.items()))):
        np.testing.assert_allclose(pair(inputs)["painted"], expected, atol=1e-2)


def test_two_inputs_are_cut_into_pieces_together(pair, monkeypatch):
    batch = two(rows=9)
    expected = pair(batch)["painted"]
    monkeypatch.setattr(runtime, "PIECE", 2 * sum(array[0].size for array in batch.values()))
    np.testing.assert_allclose(pair(batch)["painted"], expected, atol=1e-6)
    assert pair({name: array[:0] for name, array in batch.items()})["painted"].shape[0] == 0


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda batch: batch["content"], "takes the inputs content, style by name, not ndarray"),
        (lambda batch: {"content": batch["content"]}, "takes the inputs content, style by name, not inputs content"),
        (lambda batch: {**batch, "style": batch["style"][:1]}, "as many rows of content as of style"),
        (lambda batch: {**batch, "style": batch["style"][..., :1]}, "takes style as float32"),
    ],
)
def test_two_inputs_that_do_not_fit_are_refused(pair, change, sentence):
    with pytest.raises(ValueError, match=sentence):
        pair(change(two()))


def test_many_threads_get_their_own_answers(network):
    batches = [pictures(1 + seed % 5, seed) for seed in range(60)]
    expected = [network(batch)["probabilities"] for batch in batches]
    start = threading.Barrier(12)

    def ask(_):
        start.wait()
        return [network(batch)["probabilities"] for batch in batches]

    with ThreadPoolExecutor(12) as pool:
        for answers in pool.map(ask, range(12)):
            for answer, wanted in zip(answers, expected, strict=True):
                np.testing.assert_allclose(answer, wanted, atol=1e-6)
    assert 1 <= len(network._idle) <= runtime.MOST_THREADS


def test_interpreters_that_many_at_once_have_needed_are_given_up_but_one(network):
    batch, seats = pictures(3), min(cores(), runtime.MOST_THREADS)
    expected = network(batch)["probabilities"]
    with ExitStack() as held:
        for _ in range(seats):
            held.enter_context(network._borrow([]))
    network.rest(3600)
    assert len(network._idle) == seats
    network.rest(0)
    assert len(network._idle) == 1
    np.testing.assert_allclose(network(batch)["probabilities"], expected, atol=1e-6)


def test_interpreters_that_have_grown_large_are_given_up_and_the_network_answers_on(network, monkeypatch):
    batch = pictures(40)
    expected = network(batch)["embedding"]
    network.release()
    assert network._idle
    monkeypatch.setattr(runtime, "LARGE", batch.size - 1)
    network.release()
    assert all(runner.shapes != [batch.shape] for runner in network._idle)
    np.testing.assert_allclose(network(batch)["embedding"], expected, atol=1e-6)


def test_a_file_of_other_outputs_than_listed_is_refused(built):
    listed = files.read_manifest(built / "manifest.json").networks["shapes/plain"]
    entry = listed.model_copy(update={"outputs": {"class": listed.outputs["probabilities"]}})
    content = (built / "shapes/plain.tflite").read_bytes()
    with pytest.raises(ValueError, match="the manifest lists"):
        runtime.Network(content, "shapes/plain", entry)


@pytest.mark.parametrize(
    ("membership", "files", "expected"),
    [
        ("0::/", {"cpu.max": "100000 100000"}, 1),
        ("0::/", {"cpu.max": "max 100000"}, None),
        ("0::/a/b", {"a/cpu.max": "100000 100000", "a/b/cpu.max": "max 100000"}, 1),
        ("0::/only/on/the/host", {"cpu.max": "50000 100000"}, 1),
        ("4:memory:/\n1:cpu,cpuacct:/x", {"cpu/x/cpu.cfs_quota_us": "100000"}, 1),
        ("1:cpu:/", {"cpu/cpu.cfs_quota_us": "-1"}, None),
        ("1:cpuset:/", {"cpu/cpu.cfs_quota_us": "100000"}, None),
    ],
)
def test_cores_are_bounded_by_the_quota_of_the_control_groups(tmp_path, membership, files, expected):
    (tmp_path / "membership").write_text(membership)
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
        if "quota" in path:
            (tmp_path / path.replace("quota", "period")).write_text("100000")
    unbounded = cores(tmp_path, tmp_path / "nothing")
    assert unbounded >= 1
    assert cores(tmp_path, tmp_path / "membership") == (expected or unbounded)
