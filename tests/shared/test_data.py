"""Data sets from a folder or from a local Hub, or a sentence that says where to put them."""

import io
import os
import subprocess
import sys

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest

from demos.shared import data
from tests.house import ROOT
from tests.hub import Hub
from tests.pictures import encode

HUB = ("owner/shapes", "data/{split}-0.parquet")


def write(path, column: str, pictures: list, **columns) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    encoded = [{"bytes": encode(picture, "PNG"), "path": None} for picture in pictures]
    pyarrow.parquet.write_table(pyarrow.table({column: encoded, **columns}), path)


@pytest.mark.parametrize("column", ["image", "img"])
def test_pictures_and_labels_come_back_exactly(tmp_path, monkeypatch, column):
    pictures = np.random.default_rng(0).integers(0, 256, (3, 8, 6, 3), np.uint8)
    write(tmp_path / "shapes/test.parquet", column, list(pictures), label=[2, 0, 1])
    monkeypatch.setenv("LOUPE_DATA", str(tmp_path))
    found, labels = data.read_arrays(data.find("shapes", "test"))
    assert np.array_equal(found, pictures) and list(labels) == [2, 0, 1]
    assert labels.dtype == np.int64


def test_pictures_may_have_no_labels(tmp_path):
    write(tmp_path / "a.parquet", "image", [np.zeros((2, 2, 3), np.uint8)])
    encoded, labels = data.read(tmp_path / "a.parquet")
    assert len(encoded) == 1 and labels == [None]


def test_columns_come_in_the_order_of_their_names(tmp_path):
    pictures = np.random.default_rng(0).integers(0, 256, (2, 4, 4, 3), np.uint8)
    write(tmp_path / "a.parquet", "image", list(pictures), vehicle=[7, 7], camera=["left", "right"])
    cameras, encoded, vehicles = data.read_columns(tmp_path / "a.parquet", "camera", "image", "vehicle")
    assert cameras == ["left", "right"] and vehicles == [7, 7]
    assert encoded == [encode(picture, "PNG") for picture in pictures]
    with pytest.raises(ValueError, match="colour"):
        data.read_columns(tmp_path / "a.parquet", "colour")


def test_file_without_pictures_names_the_columns_that_it_needs(tmp_path):
    pyarrow.parquet.write_table(pyarrow.table({"label": [1]}), tmp_path / "a.parquet")
    with pytest.raises(ValueError, match="a.parquet has no column of pictures called image or img"):
        data.read(tmp_path / "a.parquet")


@pytest.mark.parametrize("name, split", [("shapes", "test"), ("cifar10", "test_lossless")])
def test_a_set_that_is_not_there_says_where_it_belongs(tmp_path, monkeypatch, name, split):
    monkeypatch.setenv("LOUPE_DATA", str(tmp_path))
    with pytest.raises(data.Absent, match=f"LOUPE_DATA to a folder that holds {name}/{split}.parquet"):
        data.find(name, split)


# The Hub's client reads its address and its folder when it is imported, so each test has a process of its own.


@pytest.fixture
def find_on_hub(tmp_path):
    """Run `data.find` against a Hub, and return its output: the path, or the text of Absent after "Absent: "."""

    def run(url: str, arguments: str, **environment: str) -> str:
        code = f"""if True:
            import time
            from demos.shared import data
            time.sleep = lambda seconds: None  # the client waits 23 s in all between its attempts
            try:
                print(data.find({arguments}))
            except data.Absent as error:
                print("Absent:", error)
        """
        environment = {
            **os.environ, "LOUPE_DATA": "", "HF_ENDPOINT": url, "HF_HOME": str(tmp_path / "hub"),
            "HF_HUB_DISABLE_TELEMETRY": "1", "NO_PROXY": "*", "no_proxy": "*", **environment,
        }  # fmt: skip
        command = [sys.executable, "-c", code]
        result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
        assert result.returncode == 0, result.stderr
        return result.stdout.splitlines()[-1]

    return run


def parquet(*labels: int) -> bytes:
    table = {"image": [{"bytes": encode(np.full((4, 4, 3), label, np.uint8), "PNG")} for label in labels]}
    file = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(table | {"label": list(labels)}), file)
    return file.getvalue()


def test_own_set_is_downloaded_from_its_repository_once(find_on_hub, tmp_path):
    with Hub() as hub:
        hub.commit("owner/shapes", {"data/validation-0.parquet": parquet(5, 9)}, kind="dataset")
        path = find_on_hub(hub.url, f"'shapes', 'validation', {HUB}")
        assert data.read(path)[1] == [5, 9] and path.startswith(str(tmp_path / "hub"))
        assert find_on_hub(hub.url, f"'shapes', 'validation', {HUB}") == path
        downloads = [request for request in hub.requests if request[0] == "GET" and request[1].endswith(".parquet")]
        assert len(downloads) == 1


def test_known_set_is_downloaded_from_its_repository(find_on_hub):
    with Hub() as hub:
        repository, path = data.HUB["mnist"]
        hub.commit(repository, {path.format(split="test"): parquet(3)}, kind="dataset")
        assert data.read(find_on_hub(hub.url, "'mnist', 'test'"))[1] == [3]


def test_file_in_the_folder_wins_over_the_hub(find_on_hub, tmp_path):
    (tmp_path / "shapes").mkdir()
    (tmp_path / "shapes/train.parquet").write_bytes(parquet(1))
    with Hub() as hub:
        hub.commit("owner/shapes", {"data/train-0.parquet": parquet(2)}, kind="dataset")
        path = find_on_hub(hub.url, f"'shapes', 'train', {HUB}", LOUPE_DATA=str(tmp_path))
        assert path == str(tmp_path / "shapes/train.parquet") and not hub.requests


@pytest.mark.parametrize("files", [{}, {"data/train-0.parquet": b""}], ids=["repository", "file"])
def test_missing_repository_or_file_is_absent(find_on_hub, files):
    with Hub() as hub:
        if files:
            hub.commit("owner/shapes", files, kind="dataset")
        output = find_on_hub(hub.url, f"'shapes', 'test', {HUB}")
    assert output == (
        "Absent: The file data/test-0.parquet could not be downloaded from owner/shapes on the Hub: "
        "set LOUPE_DATA to a folder that holds shapes/test.parquet."
    )


def test_unreachable_hub_is_absent(find_on_hub):
    with Hub() as hub:
        url = hub.url  # nobody listens there any more
    output = find_on_hub(url, f"'shapes', 'test', {HUB}")
    assert output.startswith("Absent: ") and "LOUPE_DATA to a folder that holds shapes/test.parquet" in output
