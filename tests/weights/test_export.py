import importlib
import json
import os
import signal
import sys

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter, OpResolverType

import demos
from tests.weights.conftest import classifier, edit
from weights import Store, export, files


@pytest.fixture(scope="module")
def keras(built):
    return pytest.importorskip("keras")


def held(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_exported_entry_describes_both_files(built):
    entry = json.loads((built / "manifest.json").read_text())["networks"]["shapes/plain"]
    for described, suffix in ((entry, "tflite"), (entry["source"], "keras")):
        assert described["file"] == f"shapes/plain.{suffix}"
        assert files.sha256((built / described["file"]).read_bytes()) == described["sha256"]
    assert entry["inputs"] == {"picture": {"shape": [None, 8, 8, 3], "dtype": "uint8"}}
    assert entry["outputs"] == {
        "embedding": {"shape": [None, 4], "dtype": "float32"},
        "probabilities": {"shape": [None, 5], "dtype": "float32"},
    }
    assert entry["parameters"] == 3 * 3 * 3 * 4 + 4 + 4 * 5 + 5


def test_export_of_the_same_network_to_another_file_forgets_what_was_measured(bundled, keras):
    before = files.read_manifest(bundled / "manifest.json").networks["shapes/plain"]
    measured = {"subset_metrics": {"accuracy": 0.9}, "timings": {"seconds": 1.0}, "baselines": {"other": {"x": 1.0}}}
    files.record("shapes/plain", directory=bundled, **measured)
    entry = export.export("shapes/plain", precision="float16", folder=bundled)
    assert entry.sha256 != before.sha256
    assert entry.metrics == entry.subset_metrics == entry.timings == entry.baselines == {}
    assert (entry.thresholds, entry.recipe, entry.license) == (before.thresholds, before.recipe, before.license)


def test_export_of_another_network_forgets_figures_thresholds_and_recipe(bundled, keras):
    before = files.read_manifest(bundled / "manifest.json").networks
    classifier(keras, 6).save(bundled / "shapes/plain.keras")
    entry = export.export("shapes/plain", folder=bundled)
    after = files.read_manifest(bundled / "manifest.json").networks
    assert after == {**before, "shapes/plain": entry}
    assert entry.metrics == entry.thresholds == {} and entry.recipe.dataset == "" and entry.license == "Apache-2.0"


def test_another_source_and_its_fields_replace_all_at_once_and_no_ctrl_c_comes_between(
    bundled, keras, tmp_path, monkeypatch
):
    classifier(keras, 6).save(tmp_path / "new.keras")
    record, handler = files.record, signal.getsignal(signal.SIGINT)

    def interrupt(*arguments, **fields):
        entry = record(*arguments, **fields)
        os.kill(os.getpid(), signal.SIGINT)
        return entry

    monkeypatch.setattr(files, "record", interrupt)
    given = {"recipe": {"dataset": "shapes"}, "thresholds": {"probabilities": 0.5}, "parameters": 7}
    entry = export.export("shapes/plain", folder=bundled, source=tmp_path / "new.keras", fields=given)
    assert (entry.recipe.dataset, entry.thresholds, entry.parameters) == ("shapes", {"probabilities": 0.5}, 7)
    assert files.read_file(bundled / entry.file, entry)
    assert files.read_file(bundled / entry.source.file, entry.source) == (tmp_path / "new.keras").read_bytes()
    assert signal.getsignal(signal.SIGINT) is handler


def test_half_precision_halves_the_file(bundled, keras):
    classifier(keras, 512).save(bundled / "shapes/plain.keras")
    batch = np.random.default_rng(0).integers(0, 256, (3, 8, 8, 3)).astype("uint8")
    entry = export.export("shapes/plain", precision="float32", folder=bundled)
    expected = Store(bundled).load("shapes/plain")(batch)["probabilities"]
    half = export.export("shapes/plain", folder=bundled)
    assert half.bytes < 0.7 * entry.bytes
    found = Store(bundled).load("shapes/plain")(batch)["probabilities"]
    np.testing.assert_allclose(found, expected, atol=1e-2)
    assert found.dtype == np.float32


@pytest.mark.parametrize("has_examples", [False, True])
def test_eight_bits_take_less_than_half_precision(bundled, keras, tmp_path, monkeypatch, has_examples):
    monkeypatch.setenv("LOUPE_WEIGHTS_DIR", str(bundled))
    classifier(keras, 2048).save(bundled / "shapes/plain.keras")
    batch = np.random.default_rng(0).integers(0, 256, (40, 8, 8, 3)).astype("uint8")
    entry = export.export("shapes/plain", precision="float32", folder=bundled)
    expected = Store(bundled).load("shapes/plain")(batch)["probabilities"]
    np.save(tmp_path / "examples.npy", batch)
    how = ["int8_static", "--examples", str(tmp_path / "examples.npy")] if has_examples else ["int8"]
    assert export.main(["shapes/plain", "--precision", *how]) == 0
    network = Store(bundled).load("shapes/plain")
    assert network.entry.bytes < 0.5 * entry.bytes  # the graph itself takes some
    found = network(batch)["probabilities"]
    np.testing.assert_allclose(found, expected, atol=2e-2)
    assert found.dtype == np.float32


def test_eight_bits_leave_what_sees_the_picture_and_depthwise_convolutions_in_half_precision(bundled, keras):
    picture = keras.Input((None, None, 3), dtype="uint8", name="picture")
    first = keras.layers.Conv2D(32, 3)
    x = keras.layers.Rescaling(1 / 255)(picture)
    x = keras.layers.Maximum()([first(x), first(x[:, :, ::-1])])  # two views of one layer
    x = keras.layers.Conv2D(32, 3)(keras.layers.DepthwiseConv2D(5)(x))
    x = keras.layers.Conv2DTranspose(3, 4, 2)(x)
    keras.Model(picture, keras.layers.Identity(name="painted")(x)).save(bundled / "shapes/plain.keras")
    entry = export.export("shapes/plain", precision="int8", folder=bundled)
    details = Interpreter(
        str(bundled / entry.file), experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    ).get_tensor_details()
    stored = {(*part["shape"].tolist(), np.dtype(part["dtype"]).name) for part in details}
    assert {(32, 3, 3, 32, "int8"), (32, 3, 3, 3, "float16"), (1, 5, 5, 32, "float16")} <= stored
    assert not stored & {(32, 3, 3, 3, "int8"), (1, 5, 5, 32, "int8")}


def test_outputs_without_names_get_those_of_their_layers(bundled, keras):
    picture = keras.Input((4,), name="picture")
    layers = [keras.layers.Dense(2, name=name) for name in ("second", "first")]
    keras.Model(picture, [layer(picture) for layer in layers]).save(bundled / "shapes/list.keras")
    keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, name="only")]).save(bundled / "shapes/only.keras")
    assert list(export.export("shapes/list", folder=bundled).outputs) == ["first", "second"]
    assert list(export.export("shapes/only", folder=bundled).outputs) == ["only"]


def test_a_served_file_that_disagrees_is_refused_and_nothing_changes(bundled, monkeypatch):
    monkeypatch.setitem(export.TOLERANCE, "float16", 1e-7)
    before = held(bundled)
    with pytest.raises(export.Refused, match="of the served file differs from the network's by"):
        export.export("shapes/plain", precision="float16", folder=bundled)
    assert held(bundled) == before


def test_a_network_of_two_inputs_keeps_their_names(bundled, keras):
    pair = [keras.Input((2,), name="b"), keras.Input((2,), name="a")]
    keras.Model(pair, {"difference": keras.layers.Subtract()(pair)}).save(bundled / "shapes/pair.keras")
    assert set(export.export("shapes/pair", folder=bundled).inputs) == {"a", "b"}
    batch = {"a": np.array([[1, 2]], "float32"), "b": np.array([[5, 7]], "float32")}
    assert Store(bundled).load("shapes/pair")(batch)["difference"].tolist() == [[4, 5]]


def test_a_network_that_was_not_trained_is_refused(bundled, monkeypatch, capsys):
    monkeypatch.setenv("LOUPE_WEIGHTS_DIR", str(bundled))
    assert export.main(["shapes/none"]) == 1
    assert capsys.readouterr().err == "There is no shapes/none.keras in the folder of the weights: train it first.\n"


def test_the_command_knows_a_demo_s_own_layers_and_refuses_with_a_sentence(
    bundled, keras, tmp_path, monkeypatch, capsys
):
    """A layer that answers differently at each call can never agree with what is served."""
    monkeypatch.setenv("LOUPE_WEIGHTS_DIR", str(bundled))
    monkeypatch.setattr(demos, "__path__", [*demos.__path__, str(tmp_path)])
    (tmp_path / "noisy/training").mkdir(parents=True)
    (tmp_path / "noisy/training/networks.py").write_text(
        "import keras\n"
        "calls = iter(range(1000))\n"
        "@keras.saving.register_keras_serializable('noisy')\n"
        "class Noise(keras.layers.Layer):\n"
        "    def call(self, x):\n"
        "        return x + float(next(calls))\n"
    )
    number = keras.Input((2,))
    noise = importlib.import_module("demos.noisy.training.networks").Noise()
    (bundled / "noisy").mkdir()
    keras.Model(number, {"y": noise(number)}).save(bundled / "noisy/net.keras")
    # As in a fresh process.
    for module in [name for name in sys.modules if name.startswith("demos.noisy")]:
        del sys.modules[module]
    keras.saving.get_custom_objects().clear()
    before = held(bundled)
    assert export.main(["noisy/net"]) == 1
    assert capsys.readouterr().err.startswith("noisy/net: y of the served file differs from the network's by")
    assert held(bundled) == before


@pytest.mark.parametrize("content", [None, {"bytes": "many", "thresholds": {"energy": 1.0}}])
def test_command_over_malformed_entry_starts_it_anew(bundled, keras, monkeypatch, capsys, content):
    monkeypatch.setenv("LOUPE_WEIGHTS_DIR", str(bundled))
    edit(bundled, lambda manifest: manifest["networks"].update({"shapes/plain": content}))
    assert export.main(["shapes/plain"]) == 0
    manifest = files.read_manifest(bundled / "manifest.json")
    assert not manifest.malformed and manifest.networks["shapes/plain"].thresholds == {}
    assert Store(bundled).load("shapes/plain").entry == manifest.networks["shapes/plain"]


def test_command_over_damaged_manifest_is_refused_and_nothing_changes(bundled, keras, monkeypatch, capsys):
    monkeypatch.setenv("LOUPE_WEIGHTS_DIR", str(bundled))
    (bundled / "manifest.json").write_text('{"networks": null}')
    before = held(bundled)
    assert export.main(["shapes/plain"]) == 1
    assert capsys.readouterr().err == 'shapes/plain cannot be served: it has no "networks".\n'
    assert held(bundled) == before
