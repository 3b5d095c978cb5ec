"""What a demo's card says of its tables: the key `loupe` in the front matter of CARD.md, all of it optional.

loupe:
  headline:                        # the demo's row in README
    metric: accuracy
    row: Accuracy on CIFAR-10      # the name of the figure; the metric's own by default
    ours: cifar10/airbench
    baseline: cifar10/baseline     # the student project's network
    reference: {name: ResNet-20, value: 0.926}    # or {baseline: BM3D}, measured beside ours
  rows:                            # names of the metrics, in this order; others follow
    accuracy: Accuracy
    speed: [Pictures a second, "/s"]              # with its unit, where the table of units has none
  hidden: [psnr_input]             # metrics that another column says already
  measured_on:                     # for the Hub: of which data set a metric is, by the first that names it
    - {name: MNIST, type: ylecun/mnist, metrics: ["*_digits"]}    # type: on the Hub, or a word
    - {name: CIFAR-10, type: uoft-cs/cifar10, metrics: ["*"]}
"""

import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationError

from weights.schema import Entry
from weights.units import format_figure, heading

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C where it was built, ten times as fast
_FRONT_MATTER = re.compile(r"---\n(.*?)\n---\n", re.DOTALL)


def _check_row(given) -> str | tuple[str, str]:
    if isinstance(given, str):
        return given
    if isinstance(given, list | tuple) and len(given) == 2 and all(isinstance(part, str) for part in given):
        return tuple(given)
    raise ValueError("a name, or [name, unit], is needed")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Reference(_Part):
    """A known result: `name` and `value` of a publication, or the name of one of the manifest's baselines."""

    name: str = ""
    value: Annotated[float, Field(strict=True, allow_inf_nan=False)] | None = None
    baseline: str = ""


class Headline(_Part):
    """The demo's row in README: `metric` of the network `ours`, of the student project's, and a known reference."""

    metric: str = ""
    row: str = ""
    ours: str = ""
    baseline: str = ""
    reference: Reference = Reference()


class Dataset(_Part):
    """A data set that figures were measured on; `metrics` are names or patterns of names, as of files."""

    name: str
    type: str
    metrics: tuple[str, ...]


class Layout(_Part):
    """What a card's front matter says of its table: see above."""

    headline: Headline = Headline()
    rows: dict[str, Annotated[str | tuple[str, str], PlainValidator(_check_row)]] = {}
    hidden: tuple[str, ...] = ()
    measured_on: tuple[Dataset, ...] = ()

    def find_dataset(self, metric: str) -> Dataset | None:
        """The data set that a metric was measured on, None where the card does not say it."""
        return next((one for one in self.measured_on if any(fnmatchcase(metric, m) for m in one.metrics)), None)

    def name(self, metric: str) -> str:
        """The metric's name to be read."""
        given = self.rows.get(metric)
        return heading(metric) if given is None else given if isinstance(given, str) else given[0]

    def value(self, metric: str, value: float) -> str:
        """The metric's value to be read, with its unit."""
        given = self.rows.get(metric)
        return format_figure(metric, value, given[1] if isinstance(given, tuple) else None)


def read_layout(card: Path) -> Layout:
    """The layout in the front matter of a card; an empty one where there is none. ValueError for a malformed one."""
    text = card.read_text(encoding="utf-8") if card.exists() else ""
    found = _FRONT_MATTER.match(text)
    try:
        content = (yaml.load(found[1], LOADER) or {}) if found else {}
    except yaml.YAMLError as error:
        raise ValueError(f"the front matter of {card} is no YAML: {' '.join(str(error).split())}") from None
    if not isinstance(content, dict):
        raise ValueError(f"the front matter of {card} is no mapping")
    try:
        return Layout.model_validate(content.get("loupe", {}))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        key = ".".join(str(part) for part in ("loupe", *first["loc"]))
        raise ValueError(f"the front matter of {card} is malformed: {key}: {first['msg']}") from None


def check_headline(card: Path, layout: Layout, networks: dict[str, Entry], baselines: dict[str, dict]) -> None:
    """ValueError where the headline of a card names what the manifest does not list.

    Where nothing is measured yet, as after an export, any metric and any baseline may be named.
    """
    headline, measured = layout.headline, [entry.figures for entry in networks.values() if entry.metrics]
    wrong = {
        "ours": (headline.ours, networks),
        "baseline": (headline.baseline, networks),
        "metric": (headline.metric, {metric for figures in measured for metric in figures}),
        "reference.baseline": (headline.reference.baseline, baselines),
    }
    for key, (name, known) in wrong.items():
        if name and known and name not in known:
            listed = ", ".join(sorted(known))
            raise ValueError(f"the front matter of {card}: loupe.headline.{key}: no {name!r} among {listed}")
