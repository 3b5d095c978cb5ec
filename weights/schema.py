"""What `manifest.json` says of each network, checked as it is read."""

import re
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeInt,
    PositiveInt,
    ValidationError,
    model_validator,
)

# Segments that do not begin with a dot leave no room for "..", absolute paths, drives and hidden files.
_SEGMENT = r"[A-Za-z0-9_][A-Za-z0-9_.-]*"
_NAME = re.compile(rf"{_SEGMENT}/{_SEGMENT}")


def _matching(pattern: str):
    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(f"must match {pattern}")
        return text

    return Annotated[str, AfterValidator(check)]


def _vary_in_rows(shape: list[int | None]) -> list[int | None]:
    if shape[:1] != [None]:
        raise ValueError("the first size is the number of rows, null")
    return shape


Sha256 = _matching("[0-9a-f]{64}")
Figures = dict[str, Annotated[float, Field(allow_inf_nan=False)]]


class _Model(BaseModel):
    """Frozen and strict. A field of null is the same as a missing one."""

    model_config = ConfigDict(frozen=True, strict=True)

    @model_validator(mode="before")
    @classmethod
    def _drop_nulls(cls, content):
        if not isinstance(content, dict):
            return content
        return {key: value for key, value in content.items() if value is not None}


class Tensor(_Model):
    """One input or output. shape: sizes, of which None may vary; the first is the number of rows and always varies."""

    shape: Annotated[list[PositiveInt | None], AfterValidator(_vary_in_rows)]
    dtype: Literal["bool", "float16", "float32", "int8", "int32", "int64", "uint8"]


class Source(_Model):
    """The .keras file from which the served file was exported."""

    file: _matching(rf"({_SEGMENT}/)+{_SEGMENT}\.keras")
    sha256: Sha256
    bytes: NonNegativeInt


class Recipe(_Model):
    """How a network was trained; a recipe may say more than this.

    examples: how many training examples were shown in all. metrics: what the recipe itself measured.
    """

    model_config = ConfigDict(extra="allow")

    command: str = ""
    seed: int | None = None
    versions: dict[str, str] = {}
    dataset: str = ""
    revision: str = ""
    epochs: int | None = None
    examples: int | None = None
    minutes: float | None = None
    machine: str = ""
    metrics: Figures = {}


class Entry(_Model):
    """One network: the file that is served and what is known of it.

    file, sha256, bytes: the .tflite file, relative to the folder of the manifest.
    metrics: measured through this file by `evaluate`. subset_metrics: the same over a small fixed subset.
    timings: seconds, measured in one run with `baselines`, the metrics of other methods by their names.
    thresholds: decisions that were made on validation data.
    """

    file: _matching(rf"({_SEGMENT}/)+{_SEGMENT}\.tflite")
    sha256: Sha256
    bytes: NonNegativeInt
    source: Source | None = None
    inputs: Annotated[dict[str, Tensor], Field(min_length=1)]
    outputs: Annotated[dict[str, Tensor], Field(min_length=1)]
    parameters: NonNegativeInt | None = None
    metrics: Figures = {}
    subset_metrics: Figures = {}
    timings: Figures = {}
    baselines: dict[str, Figures] = {}
    thresholds: Figures = {}
    recipe: Recipe = Recipe()
    license: str = ""

    @property
    def figures(self) -> dict[str, float]:
        """All that was measured of the network, by metric: by its recipe, by `evaluate`, and in seconds."""
        return {**self.recipe.metrics, **self.metrics, **self.timings}


class Repository(_Model):
    """Where the weights were last published on the Hub."""

    repo: str
    commit: str


class Manifest(_Model):
    """All networks by name. malformed: of entries that cannot be read, what is wrong with each."""

    repository: Repository | None = None
    networks: dict[str, Entry] = {}
    malformed: dict[str, str] = {}


def parse_entry(name, content) -> Entry:
    """The manifest entry called `name`. ValueError, which says what is wrong, unless it is well-formed."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ValueError(f'{str(name)[:80]!r}: a network is called "demo/network"')
    if not isinstance(content, dict):
        raise ValueError(f"{name!r}: its entry is not an object")
    try:
        return Entry.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part)[:40] for part in first["loc"])
        raise ValueError(f"{name!r}: {where}: {first['msg']}") from None


def parse_manifest(content) -> Manifest:
    """The manifest from its JSON. ValueError unless it is one; single entries may be malformed."""
    if not isinstance(content, dict) or not isinstance(content.get("networks"), dict):
        raise ValueError('it has no "networks"')
    networks, malformed = {}, {}
    for name, entry in content["networks"].items():
        try:
            networks[name] = parse_entry(name, entry)
        except ValueError as error:
            malformed[name] = str(error)
    try:
        repository = Repository.model_validate(content["repository"]) if content.get("repository") else None
    except ValidationError:
        repository = None
    return Manifest(repository=repository, networks=networks, malformed=malformed)
