"""The command line of `evaluate`, over a shipped network in a folder of weights of its own."""

import json
import subprocess

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest
import skimage.data

from tests import forked
from tests.house import ROOT
from tests.pictures import encode

NETWORK = "cifar10/baseline"
ROWS, SUBSET = 50, 20
# Beside the network's accuracy it measures what it was given.
EVALUATE = """
import os
from pathlib import Path

import numpy as np

import weights
from demos.shared import data, evaluation, metrics


def measure(network, file, shift):
    pictures, labels = data.read_arrays(file or data.find("windows", "test"))
    probabilities = weights.load(network)(pictures)["probabilities"]
    measured = {"accuracy": metrics.accuracy(probabilities, labels), "rows": len(labels), "label_sum": labels.sum()}
    return measured | {"confidence": probabilities.max(1).mean() + shift}


test = {"named": ("windows", "test"), "written": lambda: data.find("windows", "test"), "none": None}[os.environ["TEST"]]
shift = {"type": float, "default": 0, "help": "added to the confidence"}
evaluation.main("Measures.", ("cifar10/baseline",), measure, test=test, subset=20, shift=shift)
"""


@pytest.fixture
def folder(tmp_path):
    """Weights of one network with figures of old, and a test set of small windows of photographs."""
    (tmp_path / "weights/cifar10").mkdir(parents=True)
    entry = json.loads((ROOT / "weights/manifest.json").read_text(encoding="utf-8"))["networks"][NETWORK]
    (tmp_path / "weights" / entry["file"]).write_bytes((ROOT / "weights" / entry["file"]).read_bytes())
    entry = {**entry, "metrics": {"accuracy": 0.5, "no_longer_measured": 1.0}, "subset_metrics": {}}
    entry.pop("source", None)
    manifest = {"repository": None, "networks": {NETWORK: entry}}
    (tmp_path / "weights/manifest.json").write_text(json.dumps(manifest))

    photograph = skimage.data.astronaut()
    corners = np.random.default_rng(0).integers(0, 480, (ROWS, 2))
    pictures = [{"bytes": encode(photograph[y : y + 32, x : x + 32], "PNG"), "path": None} for y, x in corners]
    (tmp_path / "data/windows").mkdir(parents=True)
    table = pyarrow.table({"image": pictures, "label": [row % 10 for row in range(ROWS)]})
    pyarrow.parquet.write_table(table, tmp_path / "data/windows/test.parquet")
    (tmp_path / "evaluate.py").write_text(EVALUATE)
    return tmp_path


def evaluate(folder, *arguments: str, test: str = "named") -> subprocess.CompletedProcess:
    """Run the command, and check that it never shows a trace."""
    environment = {
        "PYTHONPATH": f"{folder}:{ROOT}", "LOUPE_WEIGHTS_DIR": str(folder / "weights"), "TEST": test,
        "LOUPE_WEIGHTS_REPO": "", "LOUPE_DATA": str(folder / "data"),
    }  # fmt: skip
    command = forked.Command("evaluate", arguments, folder, environment)
    result = subprocess.CompletedProcess(arguments, command.wait(), command.out, command.err)
    assert "Traceback" not in result.stderr
    return result


def measured(result: subprocess.CompletedProcess) -> dict[str, float]:
    """The metrics of the last line."""
    (network, metrics), *others = json.loads(result.stdout.splitlines()[-1]).items()
    assert network == NETWORK and not others
    return metrics


def entry(folder) -> dict:
    return json.loads((folder / "weights/manifest.json").read_text(encoding="utf-8"))["networks"][NETWORK]


def change(folder, **subset_metrics: float) -> None:
    """Replace some of the subset's metrics in the manifest."""
    path = folder / "weights/manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["networks"][NETWORK]["subset_metrics"].update(subset_metrics)
    path.write_text(json.dumps(manifest))


def test_without_arguments_the_test_set_is_measured_and_nothing_recorded(folder):
    before = (folder / "weights/manifest.json").read_bytes()
    metrics = measured(evaluate(folder))
    assert metrics.keys() == {"accuracy", "confidence", "rows", "label_sum"}
    assert metrics["rows"] == ROWS and 0.1 < metrics["confidence"] < 1
    assert (folder / "weights/manifest.json").read_bytes() == before


@pytest.mark.parametrize("test", ["named", "written"])
def test_record_replaces_metrics_and_check_finds_them(folder, test):
    before = entry(folder)
    whole = measured(evaluate(folder, "--record", "--shift", "0.5", test=test))
    after = entry(folder)
    assert after["metrics"] == whole and after["metrics"].keys() == after["subset_metrics"].keys()
    # Every row whose number is a multiple of 2.5, rounded down, and options as by default.
    labels = [row * ROWS // SUBSET % 10 for row in range(SUBSET)]
    assert after["subset_metrics"]["rows"] == SUBSET and after["subset_metrics"]["label_sum"] == sum(labels)
    assert after["subset_metrics"]["confidence"] == pytest.approx(whole["confidence"] - 0.5, abs=0.2)
    untouched = before.keys() - {"metrics", "subset_metrics"}
    assert {name: after[name] for name in untouched} == {name: before[name] for name in untouched}

    checked = evaluate(folder, "--check", test=test)
    assert checked.returncode == 0 and measured(checked) == after["subset_metrics"]
    assert entry(folder) == after


def test_check_names_network_metric_and_both_values_of_a_difference(folder):
    evaluate(folder, "--record")
    accuracy = entry(folder)["subset_metrics"]["accuracy"]
    change(folder, accuracy=0.987, label_sum=entry(folder)["subset_metrics"]["label_sum"] * 1.0009)
    result = evaluate(folder, "--check")
    assert result.returncode == 1 and measured(result)["accuracy"] == accuracy
    sentence = f"{NETWORK} has accuracy {accuracy:.6g} on the subset, but 0.987 in the manifest."
    assert result.stderr.splitlines()[-1] == sentence and "label_sum" not in result.stderr


def test_check_names_a_metric_that_is_no_longer_measured(folder):
    evaluate(folder, "--record")
    change(folder, recall_at_1=0.5)
    result = evaluate(folder, "--check")
    assert result.returncode == 1
    assert f"{NETWORK} has no recall_at_1 on the subset, but 0.5 in the manifest." in result.stderr


def test_check_before_record_says_what_to_do(folder):
    result = evaluate(folder, "--check")
    assert result.returncode == 1
    assert f"no subset_metrics of {NETWORK}: run this again with --record." in result.stderr.splitlines()[-1]


def test_without_a_test_set_record_has_no_subset_and_check_is_refused(folder):
    assert evaluate(folder, "--record", test="none").returncode == 0
    assert entry(folder)["metrics"]["rows"] == ROWS and entry(folder)["subset_metrics"] == {}
    result = evaluate(folder, "--check", test="none")
    assert result.returncode == 2 and "needs a test set" in result.stderr


def test_file_is_measured_with_the_options_given(folder):
    table = pyarrow.parquet.read_table(folder / "data/windows/test.parquet").slice(0, 3)
    pyarrow.parquet.write_table(table, folder / "three.parquet")
    plain, shifted = (
        measured(evaluate(folder, "--data", str(folder / "three.parquet"), "--shift", shift)) for shift in ("0", "0.25")
    )
    assert plain["rows"] == 3 and shifted["confidence"] == pytest.approx(plain["confidence"] + 0.25, abs=1e-5)


@pytest.mark.parametrize("other", ["--record", "--check"])
def test_file_is_neither_recorded_nor_checked(folder, other):
    before = entry(folder)
    result = evaluate(folder, "--data", str(folder / "data/windows/test.parquet"), other)
    assert result.returncode == 2 and "not allowed with" in result.stderr and entry(folder) == before


def test_missing_file_is_one_sentence(folder):
    result = evaluate(folder, "--data", str(folder / "absent.parquet"))
    assert result.returncode == 2 and "absent.parquet" in result.stderr.splitlines()[-1]


def test_file_that_is_not_parquet_is_one_sentence(folder):
    result = evaluate(folder, "--data", str(folder / "evaluate.py"))
    assert result.returncode == 2 and "evaluate.py is no Parquet file" in result.stderr.splitlines()[-1]


@pytest.mark.parametrize("arguments", [(), ("--record",), ("--check",)])
def test_missing_data_set_is_one_sentence(folder, arguments):
    before = entry(folder)
    (folder / "data/windows/test.parquet").unlink()
    result = evaluate(folder, *arguments)
    assert result.returncode == 1 and entry(folder) == before
    assert "set LOUPE_DATA to a folder that holds windows/test.parquet." in result.stderr.splitlines()[-1]


def test_missing_weights_are_one_sentence(folder):
    (folder / "weights" / entry(folder)["file"]).unlink()
    result = evaluate(folder)
    assert result.returncode == 1 and NETWORK in result.stderr.splitlines()[-1]
