"""Recipes from the command line: they resume, notice other data, keep better weights, and end with one sentence."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from tests import forked
from tests.house import ROOT
from tests.waiting import wait_for
from weights import files

MAIN = '''
"""The recipes of a demo of tests."""

from demos.shared.training import command

if __name__ == "__main__":
    print("begun", flush=True)
    command.main(__package__, ("tiny", "timed", "lacking", "foreign"), __doc__)
'''
TINY = '''
"""A recipe that fits a line to data in a file."""

import os
import time

import keras
import numpy as np

from demos.shared.training import recipe

DATASETS = ()
CAN_GO_ON = True
EPOCHS = 4
BATCH = 4


def train(run):
    x = np.load(os.environ["TINY_DATA"])
    x = run.cached("doubled", lambda: print("prepared") or 2 * x, str(x.sum()))
    network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, name="line")])
    network.compile(keras.optimizers.SGD(0.01, momentum=0.9), "mse", run_eagerly=True)
    if (shipped := run.shipped(run.name)) is not None:
        network.set_weights(shipped.get_weights())
    for epoch in run.epochs(network, run.count(EPOCHS), examples=len(x), trained_on=x):
        for batch, _ in recipe.batches(len(x), BATCH, run.rng(epoch)):
            loss = network.train_on_batch(x[batch], x[batch].sum(1))
        run.note(loss=loss)
        print("weights", [value.tolist() for value in network.get_weights()], flush=True)
        if str(epoch) == os.environ.get("TINY_WAIT"):
            print("waiting", flush=True)
            time.sleep(600)
    if "TINY_ENDS" in os.environ:  # the export takes longer than all of the rest
        return
    served = keras.Model(network.inputs[0], {"sum": network.outputs[0]})
    figures = {"error": run.curve[-1]["loss"]}
    run.finish(served, dataset="lines", held_out=figures, thresholds={"sum": 1.0}, metrics=measure)


def measure():
    print("measured", flush=True)
    return {"slope": 1.0}
'''
TIMED = (
    TINY.replace("EPOCHS = 4", "MINUTES = 5")
    .replace("CAN_GO_ON = True", "")
    .replace(
        "run.epochs(network, run.count(EPOCHS), examples=len(x), trained_on=x)",
        "run.minutes(network, run.total_minutes(MINUTES), trained_on=x)",
    )
    .replace("        run.note(", "        run.add_examples(len(x))\n        run.note(")
)
LACKING = TINY.replace("DATASETS = ()", 'DATASETS = (("nothing-of-this-name", "train"),)')
FOREIGN = TINY.replace("import keras", "import keras\nimport package_of_nobody", 1)


@pytest.fixture
def toy(tmp_path):
    """A folder with a demo `shapes` of recipes, its data, and an empty folder of weights."""
    return build(tmp_path)


@pytest.fixture(scope="module")
def finished_once(tmp_path_factory):
    folder = build(tmp_path_factory.mktemp("finished"))
    return folder, train(folder, "tiny")


@pytest.fixture
def finished(finished_once, tmp_path):
    """The same folder after the recipe `tiny` has ended."""
    return shutil.copytree(finished_once[0], tmp_path, dirs_exist_ok=True)


def build(folder):
    package = folder / "toys" / "shapes" / "training"
    package.mkdir(parents=True)
    modules = {"__init__": '"""Recipes."""\n', "__main__": MAIN, "tiny": TINY, "timed": TIMED}
    for name, text in {**modules, "lacking": LACKING, "foreign": FOREIGN}.items():
        (package / f"{name}.py").write_text(text)
    (folder / "weights").mkdir()
    give_data(folder, 40)
    return folder


def give_data(toy, count: int) -> None:
    np.save(toy / "data.npy", np.random.default_rng(0).random((count, 2), np.float32))


def environment(toy) -> dict[str, str]:
    added = {"PYTHONPATH": f"{ROOT}:{toy}", "TINY_DATA": str(toy / "data.npy"), "KERAS_BACKEND": "tensorflow"}
    return added | {"LOUPE_WEIGHTS_DIR": str(toy / "weights"), "TF_CPP_MIN_LOG_LEVEL": "3"}


def start(toy, *arguments: str, **more: str) -> forked.Command:
    return forked.Command("toys.shapes.training", arguments, toy, environment(toy) | more)


def train(toy, *arguments: str, code: int = 0, **more: str) -> str:
    command = start(toy, *arguments, **more)
    assert command.wait() == code, command.out + command.err
    assert "Traceback" not in command.out + command.err
    return command.out + command.err


def weights_by_epoch(out: str) -> list[str]:
    return [line for line in out.splitlines() if line.startswith("weights ")]


def last_line(err: str) -> str:
    """What a person reads last, behind what TensorFlow logs as it starts."""
    assert "Traceback" not in err
    return err.strip().splitlines()[-1]


def entry(toy, name: str = "tiny"):
    return files.read_manifest(toy / "weights/manifest.json").networks[f"shapes/{name}"]


def break_off(toy, after: str, *arguments: str, **more: str) -> tuple[str, str]:
    """Send Ctrl-C to a recipe and all of its processes once it has printed a line."""
    command = start(toy, *arguments, **more)
    wait_for(lambda: f"\n{after}" in f"\n{command.out}" or command.process.exitcode is not None)
    command.interrupt()
    assert command.wait() == 130, command.err
    return command.out, command.err


def test_finished_recipe_is_exported_and_recorded(finished, finished_once):
    assert "epoch 1/4, about" in finished_once[1] and "minutes to go" in finished_once[1]
    recorded = entry(finished)
    assert (recorded.recipe.epochs, recorded.recipe.examples, recorded.recipe.seed) == (4, 160, 0)
    assert recorded.recipe.command == "python -m demos.shapes.training tiny --seed 0"
    assert recorded.recipe.metrics == {"slope": 1.0} and recorded.thresholds == {"sum": 1.0} and not recorded.metrics
    assert {"keras", "numpy", "tensorflow"} == set(recorded.recipe.versions) and recorded.recipe.machine
    assert (finished / "weights/shapes/tiny.keras").is_file() and (finished / "weights/shapes/tiny.tflite").is_file()
    again = train(finished, "tiny", "--seed", "1", TINY_ENDS="early")
    assert "shapes/tiny took" in again and "minutes on" in again  # what the manifest knows of the time


def test_interrupted_recipe_ends_with_one_sentence_and_goes_on_to_the_same_weights(toy):
    out, err = break_off(toy, "waiting", "tiny", TINY_WAIT="2")
    assert last_line(err) == "Stopped after epoch 2 of 4: the same command goes on from there."
    assert "prepared" in out
    resumed = train(toy, "tiny", TINY_ENDS="early")
    assert "On from epoch 2" in resumed and "prepared" not in resumed
    assert len(weights_by_epoch(resumed)) == 2
    (toy / "runs").rename(toy / "before")
    whole = train(toy, "tiny", TINY_ENDS="early")
    assert weights_by_epoch(whole)[-1] == weights_by_epoch(resumed)[-1]  # momentum and order came back too


def test_interrupt_at_the_start_ends_with_one_sentence(toy):
    command = [sys.executable, "-m", "toys.shapes.training", "tiny"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "cwd": toy}
    given = os.environ | environment(toy)
    process = subprocess.Popen(command, env=given, start_new_session=True, **pipes)
    assert process.stdout.readline() == "begun\n"
    time.sleep(1)  # Keras is being imported
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130 and last_line(err).startswith("Stopped before the first epoch")


def test_trial_of_fewer_epochs_leaves_the_unfinished_run(toy):
    break_off(toy, "waiting", "tiny", TINY_WAIT="2")
    trial = train(toy, "tiny", "--epochs", "1", TINY_ENDS="early")
    assert len(weights_by_epoch(trial)) == 1 and "begins anew" not in trial
    assert "On from epoch 2" in train(toy, "tiny", TINY_ENDS="early")


def test_interrupt_of_the_export_leaves_the_weights_before(finished):
    before = {path: path.read_bytes() for path in (finished / "weights").rglob("*.*")}
    give_data(finished, 80)
    break_off(finished, "measured", "tiny")
    assert {path: path.read_bytes() for path in before} == before


def test_checkpoint_that_was_being_written_leaves_the_one_before(toy):
    break_off(toy, "waiting", "tiny", TINY_WAIT="2")
    (toy / "runs/shapes/tiny-0/training.unfinished.npz").write_bytes(b"half of a file")
    assert "On from epoch 2" in train(toy, "tiny", TINY_ENDS="early")


def test_other_data_begin_anew_and_say_so(toy):
    first = train(toy, "tiny", TINY_ENDS="early")
    give_data(toy, 80)
    other = train(toy, "tiny")
    assert "begins anew" in other and "prepared" in other
    assert len(weights_by_epoch(other)) == 4 and weights_by_epoch(other)[-1] != weights_by_epoch(first)[-1]
    assert entry(toy).recipe.examples == 320


def test_other_settings_begin_anew_and_say_so(toy):
    train(toy, "tiny", TINY_ENDS="early")
    path = toy / "toys/shapes/training/tiny.py"
    path.write_text(path.read_text().replace("BATCH = 4", "BATCH = 10"))  # of another length: Python keeps what it read
    assert "begins anew" in train(toy, "tiny", TINY_ENDS="early")


def test_lesser_trained_network_replaces_better_weights_only_when_asked(finished):
    digest = entry(finished).sha256
    out = train(finished, "tiny", "--epochs", "1")
    assert "trained on 160 examples, this run on 40" in out and "--replace" in out
    assert entry(finished).sha256 == digest and (finished / "runs/shapes/tiny-0/tiny.keras").is_file()
    assert (finished / "runs/shapes/tiny-0-epochs-1/tiny.keras").is_file()
    train(finished, "tiny", "--epochs", "1", "--replace")
    assert entry(finished).sha256 != digest and entry(finished).recipe.examples == 40


def test_shipped_network_is_trained_further_where_the_recipe_can(finished):
    before = entry(finished).recipe
    train(finished, "tiny", "--epochs", "1", "--go-on")
    recipe = entry(finished).recipe
    assert (recipe.epochs, recipe.examples) == (5, 200) and recipe.command.endswith("--epochs 1 --go-on")
    assert recipe.held_out["error"] < before.held_out["error"]
    assert "shapes/timed always begins anew" in train(finished, "timed", "--go-on", code=1)
    (finished / "weights/shapes/tiny.keras").unlink()
    assert "tiny.keras to go on from" in train(finished, "tiny", "--go-on", code=1)


def test_retrained_network_loses_the_figures_of_the_one_before(finished):
    files.record("shapes/tiny", directory=finished / "weights", metrics={"accuracy": 0.9})
    give_data(finished, 80)
    train(finished, "tiny")
    assert not entry(finished).metrics


def test_seeds_are_recorded_as_mean_and_deviation(toy):
    train(toy, "tiny", "--seeds", "2")
    recipe = entry(toy).recipe
    assert {"error_2_seeds_mean", "error_2_seeds_deviation", "slope"} == set(recipe.metrics) and recipe.seed == 0


def test_fewer_examples_than_a_batch_end_with_one_sentence(toy):
    give_data(toy, 3)
    assert "needs at least 4 training examples, one batch, and here are 3" in train(toy, "tiny", code=1)


def test_absent_data_set_ends_with_one_sentence_before_training(toy):
    out = train(toy, "lacking", code=1)
    assert "nothing-of-this-name" in out and "prepared" not in out


def test_missing_package_ends_with_one_sentence(toy):
    assert "needs the package package_of_nobody" in train(toy, "foreign", code=1)


def test_minutes_for_a_recipe_of_epochs_end_with_one_sentence(toy):
    assert "leave it out" in train(toy, "tiny", "--minutes", "1", code=1)


def test_recipe_of_minutes_ends_when_they_are_over(toy):
    out = train(toy, "timed", "--minutes", "0.01")
    manifest = json.loads((toy / "weights/manifest.json").read_text())["networks"]["shapes/timed"]
    assert manifest["recipe"]["minutes"] >= 0.01 and "--minutes 0.01" in manifest["recipe"]["command"]
    assert "minutes to go" in out


def test_examples_and_never_minutes_decide_which_network_was_trained_more(toy):
    train(toy, "timed", "--minutes", "0.01")
    recorded = entry(toy, "timed").recipe.model_dump(exclude_none=True)

    def ship(**account):
        files.record("shapes/timed", directory=toy / "weights", recipe=recorded | account)

    ship(examples=10**9, minutes=0.001)  # on a faster machine
    out = train(toy, "timed", "--minutes", "0.01")
    assert "trained on 1,000,000,000 examples, this run on" in out and entry(toy, "timed").recipe.minutes == 0.001
    ship(examples=None, epochs=10**6, minutes=0.001)
    assert "trained for 1,000,000 epochs, this run for" in train(toy, "timed", "--minutes", "0.01")
    ship(examples=1, minutes=600.0)  # on a slower one
    train(toy, "timed", "--minutes", "0.01")
    assert entry(toy, "timed").recipe.examples > 1
