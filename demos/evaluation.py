"""The command line of every demo's `evaluate`: measure, print, record, and end with one line of JSON."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import weights
from weights import files


def main(text: str, networks: tuple[str, ...], figures: Callable[[str, Path | None], dict[str, float]]) -> None:
    """Measure each network with `figures(network, file)`; file: the Parquet file asked for, None for the test sets.

    With --record the figures of the test sets go into the manifest, beside those that the recipe left there.
    """
    parser = argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="a Parquet file with the columns image and label")
    parser.add_argument("--record", action="store_true", help="write the figures into the manifest")
    options = parser.parse_args()
    found = {}
    for network in networks:
        found[network] = {name: round(float(value), 4) for name, value in figures(network, options.data).items()}
        for name, value in found[network].items():
            print(f"{network:20} {name:52} {value:.4f}", flush=True)
        if options.record and options.data is None:
            learned = weights.manifest()["networks"][network].get("metrics", {})
            files.record(network, metrics={**learned, **found[network]})
    print(json.dumps(found))
