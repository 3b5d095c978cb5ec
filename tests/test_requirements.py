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


@pytest.mark.parametrize("package", sorted(distributions(serving())))
def test_package_that_the_page_imports_is_required(package):
    assert package in required(PAGE, MILVUS) | ELSEWHERE, distributions(serving())[package]


@pytest.mark.parametrize("package", sorted(distributions(list(MODULES.values()))))
def test_package_that_recipes_and_figures_import_is_required(package):
    assert package in required(PAGE, MILVUS, DEVELOPMENT) | ELSEWHERE, distributions(list(MODULES.values()))[package]


@pytest.mark.parametrize("package", sorted(distributions(TESTS)))
def test_package_that_tests_import_is_required(package):
    is_of_benchmarks = package not in distributions([path for path in TESTS if "benchmarks" not in path.parts])
    files = [PAGE, MILVUS, DEVELOPMENT, *([BENCHMARKS] if is_of_benchmarks else [])]
    assert package in required(*files) | ELSEWHERE, distributions(TESTS)[package]


@pytest.mark.parametrize("name", [PAGE, MILVUS, DEVELOPMENT])
def test_required_package_is_imported(name):
    used = distributions([*MODULES.values(), *(TESTS if name != PAGE else ())])
    installed = {normalize(one.name) for one in importlib.metadata.distributions()}
    # TensorFlow has one of two packages, by machine.
    assert not (required(name) & installed) - used.keys() - NEVER_IMPORTED
