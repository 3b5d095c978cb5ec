"""What a recipe needs, looked for before it starts: packages, ImageNet's weights, data sets."""

from importlib.util import find_spec
from types import ModuleType

from demos.shared import data
from demos.shared.training import imagenet
from demos.shared.training.command import RecipeError

# A recipe ends with these, hours after its start: the export, and the figures on held-out data.
PACKAGES = {"tensorflow": "tensorflow-cpu", "sklearn": "scikit-learn"}


def check(recipe: ModuleType) -> None:
    """Raise RecipeError or data.Absent where something is missing that a recipe names or ends with."""
    for package, distribution in PACKAGES.items():
        if find_spec(package) is None:
            raise RecipeError(f"The recipe needs the package {distribution}: pip install -r requirements-dev.txt.")
    for file in getattr(recipe, "PRETRAINED", ()):
        imagenet.prepare(file)
    for dataset in getattr(recipe, "DATASETS", ()):
        data.find(*dataset)
