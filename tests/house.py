"""Where things are, for tests that look at the house from outside."""

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[1]
DEMOS = sorted(path.parent.name for path in ROOT.glob("demos/*/__init__.py"))
README = (ROOT / "README.md").read_text(encoding="utf-8")


def copy(folder: Path) -> Path:
    """The code and the weights in an empty folder, to be changed."""
    shutil.copy(ROOT / "app.py", folder)
    for name in ("demos", "weights"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyi"))
    return folder
