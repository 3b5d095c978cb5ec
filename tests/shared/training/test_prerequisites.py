"""What a recipe needs is looked for before it starts."""

from types import SimpleNamespace

import pytest

from demos.shared.training import imagenet, prerequisites
from demos.shared.training.command import RecipeError


def test_missing_package_of_the_export_ends_with_its_name(monkeypatch):
    monkeypatch.setattr(prerequisites, "find_spec", lambda name: None if name == "tensorflow" else object())
    with pytest.raises(RecipeError, match="needs the package tensorflow-cpu: pip install"):
        prerequisites.check(SimpleNamespace())


def test_folder_without_imagenet_s_weights_ends_with_the_file_s_name(monkeypatch, tmp_path):
    monkeypatch.setenv("LOUPE_PRETRAINED", str(tmp_path))
    with pytest.raises(RecipeError, match=imagenet.INCEPTIONV3):
        prerequisites.check(SimpleNamespace(PRETRAINED=(imagenet.INCEPTIONV3,)))


def test_imagenet_s_weights_that_cannot_be_downloaded_end_with_the_remedy(monkeypatch):
    import keras

    def MobileNetV2(**options):
        raise OSError("no network")

    monkeypatch.delenv("LOUPE_PRETRAINED", raising=False)
    monkeypatch.setattr(keras.applications, "MobileNetV2", MobileNetV2)
    with pytest.raises(RecipeError, match="MobileNetV2's weights could not be downloaded: set LOUPE_PRETRAINED"):
        prerequisites.check(SimpleNamespace(PRETRAINED=(imagenet.MOBILENETV2,)))
