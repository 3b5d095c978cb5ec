"""The protocol over similarities, and what a file of pictures needs."""

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest

from demos.vehicles import data, protocol

VEHICLES, CAMERAS = np.array([0, 0, 1, 1, 2, 2]), np.array([1, 2, 1, 2, 1, 2])


@pytest.fixture
def similarity() -> np.ndarray:
    """Vehicles 0 and 1 are found, 2 is taken for 1."""
    similarity = np.full((6, 6), 0.1) + 0.9 * np.eye(6)
    for one, other, value in ((0, 1, 0.9), (2, 3, 0.8), (4, 5, 0.3), (4, 3, 0.6)):
        similarity[one, other] = similarity[other, one] = value
    return similarity


def test_rank_counts_queries_among_other_cameras(similarity):
    figures = protocol.rank(similarity, VEHICLES, CAMERAS)
    assert figures["rank_1"] == pytest.approx(5 / 6) and figures["rank_5"] == 1
    assert figures["mean_average_precision"] == pytest.approx((5 + 1 / 2) / 6)
    assert set(figures) == {f"{name}{end}" for name in ("mean_average_precision", "rank_1", "rank_5")
                            for end in ("", "_reranked")}  # fmt: skip


def test_nearest_with_the_vehicle_and_without_it(similarity):
    best, is_right, without = protocol.nearest(similarity, VEHICLES, CAMERAS)
    assert best.tolist() == [0.9, 0.9, 0.8, 0.8, 0.6, 0.3] and is_right.tolist() == [True] * 4 + [False, True]
    assert without.tolist() == [0.1, 0.1, 0.1, 0.6, 0.6, 0.1]


def test_all_figures_have_names_for_rendered_and_small_galleries(similarity):
    figures = protocol.measure((similarity, VEHICLES, CAMERAS), (similarity, VEHICLES, CAMERAS))
    assert {"rank_1_60", "mean_average_precision_reranked_60", "open_set_auroc", "rendered_rank_5",
            "rendered_open_set_auroc"} <= set(figures)  # fmt: skip
    assert figures["rank_1_60"] == pytest.approx(figures["rank_1"])  # there are fewer than 60 vehicles


def test_file_has_vehicles_and_cameras_or_labels_alone(tmp_path):
    pictures = [{"bytes": b"x", "path": None}] * 2
    for columns, vehicles, cameras in (
        ({"vehicle": ["a", "b"], "camera": [3, 3]}, ["a", "b"], [3, 3]),
        ({"label": [5, 5]}, [5, 5], [0, 1]),
    ):
        pyarrow.parquet.write_table(pyarrow.table({"image": pictures, **columns}), tmp_path / "some.parquet")
        read = data.read(tmp_path / "some.parquet")
        assert (read.vehicles.tolist(), read.cameras.tolist()) == (vehicles, cameras) and read.encoded == [b"x"] * 2


def test_jobs_are_drawn_by_lot_and_every_vehicle_has_its_cameras():
    jobs = data.draw_jobs(50, 3, 4, 32)
    assert jobs == data.draw_jobs(50, 3, 4, 32) and len(set(jobs)) == 12
    assert [identity for identity, _ in jobs] == [50] * 4 + [51] * 4 + [52] * 4
    assert all(0 <= camera < 32 for _, camera in jobs)
