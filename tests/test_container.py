"""The Dockerfile, step by step, where there is no Docker: what it copies, installs, starts and asks."""

import importlib.metadata
import json
import re
import shlex
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

from tests import serving
from tests.house import README, ROOT
from weights import space

pytestmark = pytest.mark.skipif(not (ROOT / ".git").exists(), reason="git does not track this copy of the files")
TEXT = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text())
STEPS = [line.split(" ", 1) for line in TEXT.splitlines() if line and not line.startswith("#")]
IGNORED = (ROOT / ".dockerignore").read_text().split()


def steps(instruction: str) -> list[str]:
    return [arguments for name, arguments in STEPS if name == instruction]


def is_ignored(path: str) -> bool:
    """Whether a path of the repository is kept from Docker, by its own or a folder's name."""
    parts = path.split("/")
    above = ["/".join(parts[: number + 1]) for number in range(len(parts))]
    return any(fnmatch(f"/{part}", f"/{pattern.replace('**/', '*')}") for part in above for pattern in IGNORED)


def test_image_is_slim_has_the_python_of_the_space_and_runs_as_a_user_of_its_own():
    python = yaml.safe_load(README.split("---\n")[1])["python_version"]
    assert steps("FROM") == [f"python:{python}-slim"]
    (user,) = steps("USER")
    assert any(re.search(rf"useradd .*\b{user}$", run) for run in steps("RUN"))
    names = [name for name, _ in STEPS]
    assert names.index("USER") > max(at for at, name in enumerate(names) if name in ("RUN", "COPY"))


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """A folder with what the steps copy."""
    root = tmp_path_factory.mktemp("image")
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for source, target in (step.split() for step in steps("COPY")):
        files = [path for path in tracked.splitlines() if path == source or path.startswith(f"{source}/")]
        assert files, source
        for path in files:
            place = root / target / (Path(path).name if path == source else path.removeprefix(source).lstrip("/"))
            if not is_ignored(path):
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / path, place)
    return root


def test_image_holds_what_serves(image):
    held = {path.relative_to(image).as_posix() for path in image.rglob("*") if path.is_file()}
    rooms = ("app.py", "demos", "weights")
    served = {path for path in space.collect("owner/name", ROOT) if path.split("/")[0] in rooms}
    assert held == served | {"requirements.txt", space.THUMBNAIL}


def test_install_line_asks_for_what_serves_in_versions_that_there_are(image):
    cut, install = steps("RUN")[1].split(" && ")
    subprocess.run(cut, shell=True, cwd=image, check=True)
    assert (image / "served.txt").read_text() == space.requirements((ROOT / "requirements.txt").read_text())
    pinned = [line.split("#")[0].split() for line in (image / "served.txt").read_text().splitlines()]
    versions = dict(line[0].split("==") for line in pinned if line)
    if any(importlib.metadata.version(package) != version for package, version in versions.items()):
        pytest.skip("this environment has other versions")
    command = [sys.executable, "-m", *shlex.split(install), "--dry-run", "--no-index", "--no-deps"]
    ran = subprocess.run(command, cwd=image, capture_output=True, text=True)
    assert not ran.returncode and "Would install" not in ran.stdout, ran.stderr


def test_container_starts_and_is_healthy_while_the_page_is_served(image):
    program, script, *options = json.loads(steps("CMD")[0])
    check = json.loads(steps("HEALTHCHECK")[0].partition("CMD ")[2])
    assert (program, options[-2]) == ("python", "--port") and steps("EXPOSE") == [options[-1]]
    with serving.serve(*options[:-2], script=script, root=image, LOUPE_WEIGHTS_REPO="", LOUPE_WEIGHTS_DIR="") as app:
        asked = [part.replace(f":{options[-1]}", f":{app.url.rpartition(':')[2]}") for part in check[1:]]
        assert asked != check[1:]
        is_healthy = [subprocess.run([sys.executable, *asked], capture_output=True).returncode == 0]
        app.interrupt()
        is_healthy += [subprocess.run([sys.executable, *asked], capture_output=True).returncode == 0]
        assert is_healthy == [True, False] and "Traceback" not in app.output
