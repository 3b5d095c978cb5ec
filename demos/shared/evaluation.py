"""The command line of every demo's `evaluate`: measure, then record or compare, and end with one line of JSON."""

import argparse
import json
import math
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pyarrow.parquet

import weights
from demos.shared import data
from demos.shared.errors import PictureError
from weights import files, units

TestSet = tuple[str, str] | Callable[[], Path]
# How far another processor's rounding may move a metric of a subset; of shares, which a flipped answer or two move.
RELATIVE, SHARE = 2e-3, 5e-3


def main(
    doc: str,
    networks: tuple[str, ...],
    measure: Callable[..., dict[str, float]],
    test: TestSet | None = None,
    subset: int = 200,
    **options: dict,
) -> None:
    """Measure each network with `measure(network, file, **options)`, which returns its metrics by name.

    file: the Parquet file of --data; None for the demo's test sets.
    test: name and split of the test set, or a function that returns the path of its Parquet file.
    subset: how many of its rows, evenly spread, --record and --check measure.
    options: the demo's own, by name what argparse takes; `measure` gets their values.

    --record replaces the metrics of the manifest, and those of the subset. --check measures the subset alone, and
    exits with 1 and a sentence for each metric that is not the manifest's. An absent data set, a
    network that cannot answer, or a picture that cannot be opened is one sentence and exit code 1 as well.
    """
    parser, arguments = _parse(doc, options)
    if arguments.check and not test:
        parser.error("--check needs a test set, and this demo names none")
    values = {name: getattr(arguments, name) for name in options}
    defaults = {name: parser.get_default(name) for name in options}
    try:
        measured = of_subset = {}
        if not arguments.check:
            measured = _measure_all(networks, partial(measure, file=arguments.data, **values))
        if test and (arguments.check or arguments.record):
            with tempfile.TemporaryDirectory() as folder:
                file = _write_subset(test, subset, Path(folder))
                of_subset = _measure_all(networks, partial(measure, file=file, **defaults))
    except (data.Absent, weights.Unavailable, PictureError) as error:
        sys.exit(str(error))
    if arguments.record:
        _record(measured, of_subset)
    print(json.dumps(of_subset if arguments.check else measured))
    if arguments.check and (differences := list(_compare(of_subset))):
        sys.exit("\n".join(differences))


def _parse(doc: str, options: dict[str, dict]) -> tuple[argparse.ArgumentParser, argparse.Namespace]:
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--data", type=Path, help="measure a Parquet file with the columns image and label")
    what.add_argument("--record", action="store_true", help="write the metrics into the manifest")
    what.add_argument("--check", action="store_true", help="compare a subset of the test set with the manifest")
    for name, described in options.items():
        parser.add_argument(f"--{name}", **described)
    arguments = parser.parse_args()
    if arguments.data and not arguments.data.is_file():
        parser.error(f"there is no file {arguments.data}")
    if arguments.data and not _is_parquet(arguments.data):
        parser.error(f"{arguments.data} is no Parquet file")
    return parser, arguments


def _is_parquet(file: Path) -> bool:
    try:
        pyarrow.parquet.read_schema(file)
    except pyarrow.ArrowInvalid:
        return False
    return True


def _write_subset(test: TestSet, rows: int, folder: Path) -> Path:
    """A Parquet file of so many rows of a test set, evenly spread: the same ones everywhere. Raises data.Absent."""
    table = pyarrow.parquet.read_table(test() if callable(test) else data.find(*test))
    rows = min(rows, table.num_rows)
    path = folder / "subset.parquet"
    pyarrow.parquet.write_table(table.take([row * table.num_rows // rows for row in range(rows)]), path)
    return path


def _measure_all(networks: tuple[str, ...], measure: Callable[[str], dict[str, float]]) -> dict[str, dict[str, float]]:
    """Metrics by network and name, each printed as soon as its network is measured."""
    measured = {}
    for network in networks:
        measured[network] = {name: round(float(value), 6) for name, value in measure(network).items()}
        for name, value in measured[network].items():
            print(f"{network:20} {name:52} {value:.6g}", flush=True)
    return measured


def _record(measured: dict[str, dict[str, float]], of_subset: dict[str, dict[str, float]]) -> None:
    """Replace the metrics of each network in the manifest."""
    for network, metrics in measured.items():
        files.record(network, metrics=metrics, subset_metrics=of_subset.get(network, {}))


def _listed(network: str) -> dict[str, float]:
    """The metrics of the subset in the manifest."""
    return weights.manifest().networks[network].subset_metrics


def _compare(measured: dict[str, dict[str, float]]) -> Iterator[str]:
    """A sentence for each metric of the subset that is not the manifest's."""
    for network, metrics in measured.items():
        listed = _listed(network)
        if not listed:
            yield f"The manifest has no subset_metrics of {network}: run this again with --record."
            continue
        for name in sorted(metrics.keys() | listed.keys()):
            here, there = metrics.get(name), listed.get(name)
            if here is None or there is None or not _is_close(name, here, there):
                on_subset = f"no {name}" if here is None else f"{name} {here:.6g}"
                in_manifest = "none" if there is None else f"{there:.6g}"
                yield f"{network} has {on_subset} on the subset, but {in_manifest} in the manifest."


def _is_close(name: str, here: float, there: float) -> bool:
    return math.isclose(here, there, rel_tol=RELATIVE, abs_tol=SHARE if units.find_unit(name) == "%" else 0)
