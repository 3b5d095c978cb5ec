"""The house is built as it says: imports go down only, and README and manifest describe what is there."""

import ast
import graphlib
import importlib.util
import re
from pathlib import Path

import pytest
import yaml

from tests.house import DEMOS, README, ROOT
from weights import files

FILES = sorted([ROOT / "app.py", *ROOT.glob("demos/**/*.py"), *ROOT.glob("weights/*.py")])
KERAS = {"tensorflow", "keras", "torch", "jax"}


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
            found |= members & MODULES.keys() if members <= MODULES.keys() else {node.module, *members & MODULES.keys()}
    return found


def packages(path: Path, anywhere: bool = True) -> set[str]:
    return {name.split(".")[0] for name in imports(path, anywhere)}


def floor(name: str) -> int:
    """How high in the house a module stands, by its folder. Other rooms of a demo stand beside `predict`."""
    place = name.split(".")
    if place[0] == "weights":
        return 0
    if name in ("app", "demos.page"):
        return 8 if name == "app" else 7
    if len(place) == 1:
        return 1
    if place[1] == "shared":
        return {"ui": 2, "gallery": 3}.get(place[2] if len(place) > 2 else "", 1)
    room = place[2] if len(place) > 2 else ""
    return {"predict": 5, "tab": 6, "training": 6}.get(room, 6 if is_command(name) else 5)


def is_command(name: str) -> bool:
    """Whether `python -m` runs a module, such as a demo's `evaluate`."""
    return 'if __name__ == "__main__":' in MODULES[name].read_text(encoding="utf-8")


def is_training(name: str) -> bool:
    return "training" in name.split(".")


# What recipes learn from also answers, in a worker, where Keras can be had.
UPWARDS = {
    ("demos.retrieval.reference", "demos.retrieval.training.teachers"),
    ("demos.style.gatys", "demos.style.training.optimization"),
    ("demos.style.original", "demos.style.training.teacher"),
}


def test_imports_go_down_only():
    upwards = {
        (name, other)
        for name, path in MODULES.items()
        for other in imports(path) & MODULES.keys()
        if floor(other) > floor(name)
    }
    assert upwards == UPWARDS


def test_imports_form_no_circle():
    graphlib.TopologicalSorter({name: imports(path) & MODULES.keys() for name, path in MODULES.items()}).prepare()


@pytest.mark.parametrize("room", ["tab", "evaluate"])
def test_tab_and_evaluate_are_imported_by_nobody(room):
    for name, path in MODULES.items():
        assert not [other for other in imports(path) & MODULES.keys() if other.endswith(f".{room}")], name


def test_a_demo_imports_no_other_demo():
    for name, path in MODULES.items():
        own = name.split(".")[1] if name.startswith("demos.") else ""
        others = {f"demos.{demo}" for demo in DEMOS if demo != own}
        if own not in DEMOS and name != "demos.page":
            others = {f"demos.{demo}" for demo in DEMOS}
        assert not {".".join(other.split(".")[:2]) for other in imports(path)} & others, name


def test_weights_know_no_demo_and_no_gradio():
    for path in ROOT.glob("weights/*.py"):
        assert not packages(path) & {"demos", "gradio"}, path


def test_only_ui_gallery_and_tabs_know_gradio():
    for name, path in MODULES.items():
        if "gradio" in packages(path):
            assert floor(name) in (2, 3, 7) or name.split(".")[2] not in ("predict", "evaluate", "training"), name


def test_only_training_folders_import_keras():
    for name, path in MODULES.items():
        if is_training(name):
            continue
        # `weights.export` and a worker's function import it as they run.
        assert not packages(path, anywhere=False) & KERAS, name
        assert not [other for other in imports(path, anywhere=False) & MODULES.keys() if is_training(other)], name
        if name.startswith("demos."):
            assert not packages(path) & KERAS, name


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

    networks = files.read_manifest(ROOT / "weights/manifest.json").networks
    used = {name for found in demos.discover() for name in found.demo.networks}
    assert used == set(networks)
    listed = {entry.file for entry in networks.values()}
    listed |= {entry.source.file for entry in networks.values() if entry.source}
    there = {path.relative_to(ROOT / "weights") for path in ROOT.glob("weights/*/*") if path.suffix != ".pyc"}
    assert {path.as_posix() for path in there} == listed


def test_bundled_files_are_small_enough_for_a_space():
    for kind in ("tflite", "keras"):
        sizes = [path.stat().st_size for path in ROOT.glob(f"weights/*/*.{kind}")]
        assert max(sizes) < 10e6 and sum(sizes) < 80e6


def requirements(name: str) -> dict[str, str]:
    """Package -> what follows its name, of the lines of a requirements file."""
    lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines()]
    lines = [line for line in lines if line and not line.startswith("-r ")]
    return dict(re.fullmatch(r"([\w-]+)(?:\[[\w,]+\])?(.*)", line).groups() for line in lines)


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
    # "demos/<name>/..." and "textures" are names that a reader makes up.
    paths = set(re.findall(r"`((?:app|demos|weights|tests|docs)[\w./-]*(?:/|\.\w+))`", README))
    paths |= {target for target in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in target}
    assert paths
    assert not {path for path in paths if "textures" not in path and not (ROOT / path).exists()}


def test_the_commands_in_readme_exist():
    commands = re.findall(r"python -m ([\w.<>]+)([^`\n]*)", README)
    assert commands and "python app.py" in README
    for name, arguments in commands:
        name = re.sub("<name>|textures", DEMOS[0], name)
        if name == "pytest":
            continue
        if name.endswith(".training"):
            name, source = f"{name}.__main__", (ROOT / "demos/shared/training/command.py").read_text(encoding="utf-8")
        assert (spec := importlib.util.find_spec(name)), name
        own = Path(spec.origin).read_text(encoding="utf-8")
        source = source if name.endswith(".__main__") else own
        options = set(re.findall("--[a-z]+", arguments)) - {"--help"}
        assert "__main__" in own and all(option in source for option in options)


def test_readme_names_every_option_of_the_page_and_the_port():
    options = re.findall(r'add_argument\("(--[a-z]+)"', (ROOT / "app.py").read_text())
    assert options and all(f"`{option}`" in README for option in options)
    assert "http://localhost:7860" in README


def test_readme_lists_every_setting_of_the_code_and_no_other():
    code = "".join(path.read_text(encoding="utf-8") for path in FILES)
    named = set(re.findall(r"LOUPE_[A-Z_]*[A-Z]", code))
    listed = set(re.findall(r"^\| `(LOUPE_[A-Z_]*[A-Z])(?:_<DEMO>)?`", README, re.MULTILINE))
    assert named - {"LOUPE_GALLERY_NAME", "LOUPE_MILVUS_NAME"} == listed
