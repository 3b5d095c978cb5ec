"""The house is built as it says: imports go down only, and README and manifest describe what is there."""

import ast
import importlib.util
import re
from pathlib import Path

import pytest
import yaml

from tests.house import DEMOS, README, ROOT
from weights import files

FILES = sorted([ROOT / "app.py", *ROOT.glob("demos/**/*.py"), *ROOT.glob("weights/*.py")])
KERAS = {"tensorflow", "keras", "torch", "jax"}
# Rooms that are for training and export; no other may import them as it is imported itself.
RECIPES = {"networks", "optimizer", "train", "recipes", "imagenet", "export", "teachers", "baseline"}


def module(path: Path) -> str:
    """demos/page.py -> demos.page"""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module(path): path for path in FILES}


def imports(path: Path, anywhere: bool = True) -> set[str]:
    """The modules that a file imports; not `anywhere`: as soon as it is imported itself."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    late = {
        node
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for node in ast.walk(function)
    }
    found = set()
    for node in ast.walk(tree):
        if node in late and not anywhere:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} imports relatively"
            members = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {node.module, *(members & MODULES.keys())}
    return found


def packages(path: Path, anywhere: bool = True) -> set[str]:
    return {name.split(".")[0] for name in imports(path, anywhere)}


def floor(name: str) -> int:
    """How high in the house a module stands. What the ground floor shares knows no demo."""
    place = name.split(".")
    if place[0] == "weights":
        return 0
    if name in ("app", "demos.page"):
        return 7 if name == "app" else 6
    if place[0] == "demos" and (len(place) == 1 or place[1] not in DEMOS):
        return 1
    above = {"predict": 3, "original": 4, "shown": 4, "evaluate": 4}
    above |= dict.fromkeys(("train", "compare", "sheet", "baseline", "tab"), 5)
    return above.get("".join(place[2:]), 2)


def test_imports_go_down_only():
    for name, path in MODULES.items():
        for other in imports(path) & MODULES.keys():
            # Below a demo's predict, files of one floor may share; above it, each room stands for itself.
            lower = floor(other) < floor(name) or floor(other) == floor(name) < 3
            assert lower, f"{name} imports {other}"


def test_a_demo_imports_no_other_demo():
    for name, path in MODULES.items():
        own = name.split(".")[1] if name.startswith("demos.") else ""
        if own in DEMOS:
            others = {f"demos.{demo}" for demo in DEMOS if demo != own}
            assert not {".".join(other.split(".")[:2]) for other in imports(path)} & others, name


def test_weights_know_no_demo_and_no_gradio():
    for path in ROOT.glob("weights/*.py"):
        assert not packages(path) & {"demos", "gradio"}, path


def test_the_decoder_the_figures_and_predict_know_no_gradio():
    rooms = [ROOT / f"demos/{file}.py" for file in ("__init__", "images", "metrics", "data")]
    for path in [*rooms, *ROOT.glob("demos/*/predict.py"), *ROOT.glob("demos/*/networks.py")]:
        assert "gradio" not in packages(path), path


def test_nothing_that_serves_imports_keras():
    for name, path in MODULES.items():
        if name.split(".")[-1] not in RECIPES:
            assert not packages(path, anywhere=False) & KERAS, path
            rooms = {other.split(".")[-1] for other in imports(path, anywhere=False) & MODULES.keys()}
            assert not rooms & RECIPES, path
    for path in [*ROOT.glob("demos/*/predict.py"), *ROOT.glob("demos/*/tab.py")]:
        assert not packages(path) & KERAS, path


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_says_what_it_is_and_a_demo_s_public_names_what_they_do(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree) or not tree.body
    public = [
        node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]
    # What `main` does is what the file says.
    unsaid = [node.name for node in public if node.name != "main" and not ast.get_docstring(node)]
    assert not unsaid or path.is_relative_to(ROOT / "weights")


def test_the_manifest_lists_what_is_there_and_demos_use_what_it_lists():
    import demos

    networks = files.read_manifest(ROOT / "weights/manifest.json")["networks"]
    used = {name for found in demos.discover() for name in found.demo.networks}
    assert used == set(networks)
    listed = {entry["file"] for entry in networks.values()}
    listed |= {entry["source"]["file"] for entry in networks.values() if "source" in entry}
    there = {path.relative_to(ROOT / "weights") for path in ROOT.glob("weights/*/*") if path.suffix != ".pyc"}
    assert {path.as_posix() for path in there} == listed


def test_bundled_files_are_small_enough_for_a_space():
    sizes = [path.stat().st_size for path in ROOT.glob("weights/**/*") if path.is_file()]
    assert max(sizes) < 10e6 and sum(sizes) < 90e6


def requirements(name: str) -> dict[str, str]:
    """Package -> what follows its name, of the lines of a requirements file."""
    lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines()]
    lines = [line for line in lines if line and not line.startswith("-r ")]
    return dict(re.fullmatch(r"([\w-]+)(.*)", line).groups() for line in lines)


@pytest.mark.parametrize("name", sorted(path.name for path in ROOT.glob("requirements*.txt")))
def test_requirements_are_pinned(name):
    for package, version in requirements(name).items():
        assert re.match(r"==\d[\w.]*(;|$)", version), f"{package} is not pinned"


def test_the_front_matter_of_readme_fits_the_code():
    header = yaml.safe_load(README.split("---\n")[1])
    assert README.startswith("---\n") and header["sdk"] == "gradio"
    assert header["sdk_version"] == requirements("requirements.txt")["gradio"].removeprefix("==")
    assert header["python_version"] in ("3.11", "3.12")
    assert (ROOT / header["app_file"]).is_file()
    assert len(header["short_description"]) <= 60
    assert {"title", "emoji", "colorFrom", "colorTo", "license"} <= header.keys()


def test_what_readme_names_is_there():
    # "demos/<name>/..." and "mine" are names that a reader makes up.
    paths = set(re.findall(r"`((?:app|demos|weights|tests|docs)[\w./-]*(?:/|\.\w+))`", README))
    paths |= {target for target in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in target}
    assert paths
    assert not {path for path in paths if "mine" not in path and not (ROOT / path).exists()}


def test_the_commands_in_readme_exist():
    commands = re.findall(r"python -m ([\w.<>]+)([^`\n]*)", README)
    assert commands and "python app.py" in README
    for name, arguments in commands:
        name = re.sub("<name>|mine", DEMOS[0], name)
        if name == "pytest":
            continue
        assert (spec := importlib.util.find_spec(name)), name
        source = Path(spec.origin).read_text(encoding="utf-8")
        assert "__main__" in source and all(option in source for option in re.findall("--[a-z]+", arguments))


def test_readme_names_every_option_of_the_page_and_the_port():
    options = re.findall(r'add_argument\("(--[a-z]+)"', (ROOT / "app.py").read_text())
    assert options and all(f"`{option}`" in README for option in options)
    assert "http://localhost:7860" in README
