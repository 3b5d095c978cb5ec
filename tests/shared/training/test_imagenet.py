"""ImageNet's weights as recipes read them from a folder."""

import numpy as np
import pytest

from demos.shared.training import imagenet


def test_head_of_efficientnet_has_a_column_for_each_class(monkeypatch, tmp_path, rng):
    kernel, bias = rng.normal(size=(1000, 1280)).astype("float16"), rng.normal(size=1000).astype("float16")
    np.savez(tmp_path / imagenet.EFFICIENTNET_LITE0, **{"_fc.weight": kernel, "_fc.bias": bias})
    monkeypatch.setenv("LOUPE_PRETRAINED", str(tmp_path))
    head = imagenet.read_efficientnet_head(imagenet.EFFICIENTNET_LITE0)
    assert [array.dtype for array in head] == ["float32", "float32"]
    assert np.array_equal(head[0], kernel.T) and np.array_equal(head[1], bias)


def test_absent_head_of_efficientnet_names_the_folder_and_the_file(monkeypatch, tmp_path):
    monkeypatch.setenv("LOUPE_PRETRAINED", str(tmp_path))
    with pytest.raises(imagenet.Absent, match=f"LOUPE_PRETRAINED.*{imagenet.EFFICIENTNET_LITE0}"):
        imagenet.read_efficientnet_head(imagenet.EFFICIENTNET_LITE0)
