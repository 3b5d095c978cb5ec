"""The requirements files list what the project imports, and nothing else."""

import importlib.metadata
import re
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.house import DEMOS, ROOT
from tests.test_house import MODULES, imports, packages, requirements

PAGE, MILVUS, DEVELOPMENT = "requirements.txt", "requirements-milvus.txt", "requirements-dev.txt"
BENCHMARKS = "tests/benchmarks/requirements.txt"
# Spaces have `spaces`, who trains may choose `torch`; gRPC comes with pymilvus, whose errors it raises, and `mcp` with
# Gradio's extra, which the page needs for agents alone.
ELSEWHERE = {"spaces", "torch", "grpcio", "mcp"}
# Commands, what pytest loads, and what scikit-image's wavelets import.
NEVER_IMPORTED = {"ruff", "pytest-xdist", "pywavelets"}
OWN = {"app", "demos", "weights", "tests"}
INSTALLED = importlib.metadata.packages_distributions()
read_packages = cache(packages)
TESTS = sorted(ROOT.glob("tests/**/*.py"))


def normalize(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def required(*names: str) -> set[str]:
    return {normalize(package) for name in names for package in requirements(name)}


def distributions(paths: list[Path]) -> dict[str, Path]:
    """Third-party distributions that files import -> the last of these files."""
    return {
        normalize(distribution): path
        for path in paths
        for package in read_packages(path) - sys.stdlib_module_names - OWN
        for distribution in INSTALLED.get(package, [package])
    }


def serving() -> list[Path]:
    """The files that the page consists of: those that app.py and the demos' predict and tab lead to."""
    rooms = {f"demos.{demo}{room}" for demo in DEMOS for room in ("", ".predict", ".tab")}
    reached, ahead = set(), {"app", *rooms}
    while ahead:
        reached |= ahead
        ahead = {name for module in ahead for name in imports(MODULES[module]) & MODULES.keys()} - reached
    return [MODULES[name] for name in reached]


def check(paths: list[Path], *names: str) -> None:
    """Each package that these files import stands in one of the requirements files."""
    allowed = required(*names) | ELSEWHERE
    assert not {package: path for package, path in distributions(paths).items() if package not in allowed}


def test_packages_that_the_page_imports_are_required():
    check(serving(), PAGE, MILVUS)


def test_packages_that_recipes_and_figures_import_are_required():
    check(list(MODULES.values()), PAGE, MILVUS, DEVELOPMENT)


def test_packages_that_tests_import_are_required():
    check([path for path in TESTS if "benchmarks" not in path.parts], PAGE, MILVUS, DEVELOPMENT)
    check(TESTS, PAGE, MILVUS, DEVELOPMENT, BENCHMARKS)


@pytest.mark.parametrize("name", [PAGE, MILVUS, DEVELOPMENT])
def test_required_package_is_imported(name):
    used = distributions([*MODULES.values(), *(TESTS if name != PAGE else ())])
    installed = {normalize(one.name) for one in importlib.metadata.distributions()}
    # TensorFlow has one of two packages, by machine.
    assert not (required(name) & installed) - used.keys() - NEVER_IMPORTED
