"""What recipes share: a run that resumes after any break, and the record of how its weights came about.

A recipe is a module of `demos/<name>/training/` with its settings as plain variables and `train(run)`. It names the
data sets and the weights that it needs in DATASETS, (name, split) each, and PRETRAINED.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import keras
import numpy as np

from demos.shared.training import backend, checkpoint, prerequisites, rounding, served
from demos.shared.training.command import RecipeError, describe_break
from weights import files
from weights.schema import Recipe

RUNS = Path("runs")  # checkpoints and prepared data, kept out of the repository


def train(recipe: ModuleType, name: str, options: argparse.Namespace) -> None:
    """Run a recipe as the command line asks; with --seeds, further seeds first, for their mean and deviation."""
    prerequisites.check(recipe)
    if options.minutes is not None and not hasattr(recipe, "MINUTES"):
        raise RecipeError(f"Epochs decide how long {name} trains, not --minutes: leave it out, or use --epochs.")
    if options.go_on and not getattr(recipe, "CAN_GO_ON", False):
        raise RecipeError(f"{name} always begins anew: leave out --go-on.")
    shipped = _shipped(name)
    if shipped.minutes is not None:
        print(f"{name} took {shipped.minutes:.0f} minutes on {shipped.machine}. Here: {backend.machine()}.", flush=True)
    runs = [Run(name, recipe, options, options.seed + number) for number in range(options.seeds)]
    runs[0].others = runs[1:]
    for run in (*runs[1:], runs[0]):
        keras.utils.set_random_seed(run.seed)
        recipe.train(run)


def batches(count: int, size: int, rng: np.random.Generator) -> Iterator[tuple[np.ndarray, float]]:
    """For each batch of an epoch over `count` examples its indices, int (size,), and the share of the epoch done."""
    require(count, size, "training examples, one batch")
    order, steps = rng.permutation(count), count // size
    for step in range(steps):
        yield order[step * size : (step + 1) * size], step / steps


def require(count: int, least: int, what: str) -> None:
    """Raise RecipeError where there are fewer than `least` of something."""
    if count < least:
        raise RecipeError(f"The recipe needs at least {least:,} {what}, and here are {count:,}: give it more data.")


def _shipped(name: str) -> Recipe:
    """The recipe of the weights that are there, an empty one where there are none."""
    manifest = files.folder() / "manifest.json"
    entry = files.read_manifest(manifest).networks.get(name) if manifest.exists() else None
    return entry.recipe if entry else Recipe()


class Run:
    """One training of a recipe with one seed.

    folder: its checkpoints; --epochs has its own, so that a trial costs no longer run. account: epochs, examples and
    minutes so far, over all stages; versions and machine.
    curve: what `note` was given, an entry an epoch. others: finished runs of other seeds.
    """

    def __init__(self, name: str, recipe: ModuleType, options: argparse.Namespace, seed: int):
        self.name, self.recipe, self.options, self.seed = name, recipe, options, seed
        self.folder = RUNS / (f"{name}-{seed}" + (f"-epochs-{options.epochs}" if options.epochs else ""))
        self.account = {"epochs": 0, "examples": 0, "minutes": 0.0}
        self.curve: list[dict[str, float]] = []
        self.others: list[Run] = []
        self.held_out: dict[str, float] = {}
        self._clock = 0.0  # when the minutes of training began

    def rng(self, *more: int) -> np.random.Generator:
        """A generator of random numbers that only the seed and `more` decide."""
        return np.random.default_rng([self.seed, *more])

    def count(self, epochs: int) -> int:
        """So many epochs, or fewer where --epochs says so."""
        return min(epochs, self.options.epochs or epochs)

    def total_minutes(self, minutes: float) -> float:
        """So many minutes, or what --minutes says."""
        return self.options.minutes or minutes

    def for_network(self, name: str, recipe: ModuleType) -> "Run":
        """A run of another recipe with the same seed and options, for a network that this recipe needs."""
        return Run(name, recipe, self.options, self.seed)

    def shipped(self, name: str) -> keras.Model | None:
        """With --go-on the shipped network of this name, to train it further; otherwise None.

        What the network of the run itself was trained before counts as trained. Raises RecipeError if there is none.
        """
        if not self.options.go_on:
            return None
        path = files.folder() / f"{name}.keras"
        if not path.exists():
            raise RecipeError(f"There is no {path} to go on from: leave out --go-on.")
        if name == self.name:
            self.account |= {key: getattr(_shipped(name), key) or 0 for key in ("epochs", "examples", "minutes")}
        return keras.saving.load_model(path, compile=False)

    def cached(self, name: str, make: Callable[[], np.ndarray | dict], key: str = "") -> np.ndarray | dict:
        """What `make` returns, an array or a dictionary of arrays, kept in the demo's folder of runs.

        It is made anew where `key`, a digest of what it is made of, differs. That takes nothing of a run's minutes.
        """
        path = RUNS / self.name.split("/")[0] / f"{name}.npz"
        if path.exists():
            with np.load(path) as arrays:
                if "key" in arrays and str(arrays["key"]) == key:
                    parts = {part: arrays[part] for part in arrays.files if part != "key"}
                    return parts.get("array", parts)
        began = time.monotonic()
        result = make()
        self._clock += time.monotonic() - began
        parts = result if isinstance(result, dict) else {"array": result}
        checkpoint.write(path, {**parts, "key": np.array(key)})
        return result

    def note(self, **figures: float) -> None:
        """Put figures of this epoch beside its number and into `curve`."""
        self._figures |= {name: float(value) for name, value in figures.items()}

    def epochs(
        self, network: keras.Model, count: int, *, examples: int, trained_on=(), stage: str = "training"
    ) -> Iterator[int]:
        """The numbers of the epochs that remain, of `count`. A checkpoint follows each.

        network: compiled. examples: shown in an epoch. trained_on: arrays or digests of all that it learns from.
        Other data, settings or shapes of weights than those of a checkpoint begin anew.
        """
        self._begin(network, stage, (trained_on, count))
        for number in range(self._progress["epochs"], count):
            self._say_break(number, count)
            began = time.monotonic()
            yield number
            spent = (time.monotonic() - began) / 60
            self._progress["examples"] += examples
            self._end_epoch(self._progress["minutes"] + spent)
            self._print(f"epoch {number + 1}/{count}", f"about {spent * (count - number - 1):.1f} minutes to go")
        self._end()

    def minutes(self, network: keras.Model, total: float, *, trained_on=(), stage: str = "training") -> Iterator[int]:
        """The numbers of epochs until `total` minutes of training are over; with more minutes a run goes on.

        The recipe counts the examples that it shows by `add_examples`, and `share` says how much of the time is over.
        """
        self._begin(network, stage, (trained_on,))
        self._total, self._clock = total, time.monotonic() - 60 * self._progress["minutes"]
        while self._progress["minutes"] < total:
            number = self._progress["epochs"]
            self._say_break(number, None)
            yield number
            if not self._progress["examples"] and self.share() < 1:
                raise RuntimeError("A recipe of minutes counts its examples: call run.add_examples.")
            self._end_epoch((time.monotonic() - self._clock) / 60)
            left = max(0.0, total - self._progress["minutes"])
            self._print(f"epoch {number + 1}", f"{left:.1f} minutes to go")
        self._end()

    def share(self) -> float:
        """The share of the minutes that is over."""
        return (time.monotonic() - self._clock) / 60 / self._total

    def steps(self, count: int) -> Iterator[float]:
        """`share`, at most 1, before each of so many steps of an epoch; fewer, but one, if the time is up before."""
        for _ in range(count):
            share = min(self.share(), 1.0)
            yield share
            if share == 1:
                break

    def add_examples(self, count: int) -> None:
        """Count examples that were shown."""
        self._progress["examples"] += count

    def _begin(self, network: keras.Model, stage: str, trained_on) -> None:
        self._network, self._path, self._figures = network, self.folder / f"{stage}.npz", {}
        digest = checkpoint.digest(trained_on, self._settings(), checkpoint.shapes(network))
        progress = checkpoint.load(self._path, network, digest)
        if progress is None and self._path.exists():
            print(f"Other data, settings or layers than those of the run in {self.folder}: it begins anew.", flush=True)
        elif progress:
            print(f"On from epoch {progress['epochs']} of the run in {self.folder}.", flush=True)
        start = {"digest": digest, "epochs": 0, "examples": 0, "minutes": 0.0, "curve": []}
        self._progress = progress or start | {"versions": backend.versions(), "machine": backend.machine()}

    def _settings(self) -> dict:
        """The plain variables of the recipe. How long time lets it train is none: it may be more another time."""
        kinds = (bool, int, float, str, tuple, dict)
        named = {name: value for name, value in vars(self.recipe).items() if name.isupper() and name != "MINUTES"}
        return {name: value for name, value in named.items() if isinstance(value, kinds)}

    def _say_break(self, number: int, count: int | None) -> None:
        done = f"epoch {number}" + (f" of {count}" if count else "")
        describe_break(f"Stopped after {done}: the same command goes on from there.")

    def _end_epoch(self, minutes: float) -> None:
        self._progress["epochs"] += 1
        self._progress["minutes"] = round(minutes, 3)
        self._progress["curve"].append({"minutes": round(minutes, 2), **self._figures})
        checkpoint.save(self._path, self._network, self._progress)

    def _print(self, *parts: str) -> None:
        print(", ".join([*parts, *(f"{name} {value:.5g}" for name, value in self._figures.items())]), flush=True)
        self._figures = {}

    def _end(self) -> None:
        for key in self.account.keys() & {"epochs", "examples", "minutes"}:
            self.account[key] = round(self.account[key] + self._progress[key], 2)
        self.account |= {key: self._progress[key] for key in ("versions", "machine")}
        self.curve = self._progress["curve"]
        describe_break("Stopped after the last epoch: the same command finishes the rest.")

    def finish(
        self,
        network: keras.Model,
        *,
        dataset: str,
        revision: str = "",
        name: str | None = None,
        held_out: dict[str, float] | None = None,
        thresholds: dict[str, float] | None = None,
        metrics: Callable[[], dict[str, float]] | None = None,
        parameters: int | None = None,
        precision: str = "float16",
        examples: np.ndarray | None = None,
        **more,
    ) -> None:
        """Save, export and record a network as it is served.

        name: of a second network of this recipe. held_out: figures as trained, the main one first. metrics: what the
        recipe itself measures, called only where the network is kept. precision: of the served weights, see
        weights.export; with "int8_static" `examples` of the input say how large values get. more: goes with the recipe.

        Weights that were trained more stay, unless --replace is given; then the network lies in `folder`.
        """
        self.held_out, name = held_out or {}, name or self.name
        if self.seed != self.options.seed:
            return
        path = self.folder / f"{name.split('/')[1]}.keras"
        if precision in rounding.ROUNDINGS:
            rounding.ROUNDINGS[precision](network)
        served.save(network, path)
        less = self._trained_less(name)
        if less and not self.options.replace:
            print(f"{less} Its weights stay, and this network lies in {path}. --replace puts it in their place.")
            return
        measured = {**self._spread(), **(metrics() if metrics else {})}
        recipe = {"command": self._command(), "seed": self.seed, "dataset": dataset, "revision": revision}
        recipe |= {**self.account, "held_out": self.held_out, "metrics": measured, **more}
        recipe = {key: value for key, value in recipe.items() if value not in ("", {}, None)}
        fields = {"recipe": recipe, "thresholds": thresholds, "license": "Apache-2.0"}
        fields |= {"parameters": parameters} if parameters else {}
        served.export(name, path, fields, precision, examples)
        print(f"{name} is exported and recorded: {self.held_out}", flush=True)

    def _trained_less(self, name: str) -> str:
        """A sentence where the weights that are there were trained more, else nothing.

        Examples decide, and epochs where they were not counted. Minutes say nothing: machines differ too much.
        """
        shipped = _shipped(name)
        key, by = ("examples", "on") if shipped.examples else ("epochs", "for")
        before, now = getattr(shipped, key) or 0, self.account[key]
        less = f"The shipped {name} was trained {by} {before:,} {key}, this run {by} {now:,}."
        return less if now < before else ""

    def _spread(self) -> dict[str, float]:
        """Mean and deviation over the seeds of the first held-out figure, as trained; nothing for one seed."""
        if not self.others or not self.held_out:
            return {}
        figure = next(iter(self.held_out))
        values = [run.held_out[figure] for run in (self, *self.others)]
        spread = {"mean": np.mean(values), "deviation": np.std(values, ddof=1)}
        return {f"{figure}_{len(values)}_seeds_{key}": round(float(value), 4) for key, value in spread.items()}

    def _command(self) -> str:
        demo, network = self.name.split("/")
        words = [f"python -m demos.{demo}.training {network} --seed {self.seed}"]
        words += [f"--{key} {value}" for key in ("epochs", "minutes") if (value := getattr(self.options, key))]
        words += ["--go-on"] if self.options.go_on else []
        return " ".join(words + ([f"--seeds {self.options.seeds}"] if self.options.seeds > 1 else []))
