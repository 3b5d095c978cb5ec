"""The command line of every demo's `evaluate`: measure, print, record, and end with one line of JSON."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import weights
from weights import files


def main(text: str, networks: tuple[str, ...], figures: Callable[..., dict[str, float]], **extra: dict) -> None:
    """Measure each network with `figures(network, file)`; file: the Parquet file asked for, None for the test sets.

    extra: options of this demo's own, by name what argparse takes; `figures` gets their values as keywords.

    With --record the figures of the test sets go into the manifest, beside those that the recipe left there.
    """
    parser = argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="a Parquet file with the columns image and label")
    parser.add_argument("--record", action="store_true", help="write the figures into the manifest")
    for name, described in extra.items():
        parser.add_argument(f"--{name}", **described)
    options = parser.parse_args()
    own = {name: getattr(options, name) for name in extra}
    found = {}
    for network in networks:
        found[network] = {name: round(float(value), 6) for name, value in figures(network, options.data, **own).items()}
        for name, value in found[network].items():
            print(f"{network:20} {name:52} {value:.6g}", flush=True)
        if options.record and options.data is None:
            learned = weights.manifest()["networks"][network].get("metrics", {})
            files.record(network, metrics={**learned, **found[network]})
    print(json.dumps(found))
