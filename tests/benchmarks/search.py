"""`python -m tests.benchmarks.search [--most N]`: milliseconds a query and recall@10, exact search beside indexes.

Ours, FAISS' exact index and Milvus Lite's approximate one (AUTOINDEX, which is HNSW there), on the same vectors, a
mixture of Gaussians; one query at a time, in turns, so that whatever else the machine does befalls all. Recall is
against ours, which FAISS confirms. A million vectors take 6 GB of memory. Needs requirements-milvus.txt.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np

from demos.shared.gallery.milvus import Absent, Milvus
from demos.shared.gallery.search import best, compare
from tests.benchmarks.common import table

SIZES = (10_000, 100_000, 1_000_000)
DIMENSIONS, CLUSTERS = 256, 100
QUERIES, K = 30, 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=SIZES[-1], help="leave out databases of more vectors")
    rows, missing = [], set()
    for size in [size for size in SIZES if size <= parser.parse_args().most]:
        drawn = mixture(size + QUERIES)
        rows += compared(drawn[QUERIES:], drawn[:QUERIES], missing)
    print(f"Median of {QUERIES} queries, {DIMENSIONS} dimensions, float32:\n")
    print(table(["search", "vectors", "ms a query", f"recall@{K}", "s to build", "MB"], rows))
    print("\nMB: in memory; of Milvus Lite on disk, it takes more in memory.", *sorted(missing), sep="\n")


def mixture(size: int) -> np.ndarray:
    """Vectors of length 1, float32 (size, DIMENSIONS): of one cluster at a cosine of about 0.5, of two at 0."""
    rng = np.random.default_rng(0)
    centres = rng.standard_normal((CLUSTERS, DIMENSIONS), np.float32)
    vectors = rng.standard_normal((size, DIMENSIONS), np.float32)
    vectors += centres[rng.integers(CLUSTERS, size=size)]
    vectors /= np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None]
    return vectors


def compared(vectors: np.ndarray, queries: np.ndarray, missing: set[str]) -> list[list]:
    """A row of the table for every search; a sentence in `missing` for one whose package is missing."""
    built, searches = {}, {}
    with ExitStack() as stack:
        for name, prepare in SEARCHES.items():
            began = time.perf_counter()
            try:
                searches[name], megabytes = stack.enter_context(prepare(vectors))
            except (ImportError, Absent):
                missing.add(f"{name} is left out: pip install -r requirements-milvus.txt")
                continue
            built[name] = f"{time.perf_counter() - began:.1f}", f"{megabytes:,.0f}"
        times, found = asked(searches, queries)
    rows = []
    for name in searches:
        hits = [len({*ours} & {*theirs}) for ours, theirs in zip(found["ours, exact"], found[name], strict=True)]
        recall = sum(hits) / (K * len(queries))
        milliseconds = 1000 * statistics.median(times[name])
        rows.append([name, f"{len(vectors):,}", f"{milliseconds:.2f}", f"{recall:.3f}", *built[name]])
    return rows


def asked(searches: dict[str, Callable], queries: np.ndarray) -> tuple[dict, dict]:
    """By search, the seconds that each query took, and the positions that were found."""
    times, found = ({name: [] for name in searches} for _ in range(2))
    for query in queries:
        for name, search in searches.items():
            search(query)  # caches are the previous one's
            began = time.perf_counter()
            found[name].append(search(query).tolist())
            times[name].append(time.perf_counter() - began)
    return times, found


Prepared = Iterator[tuple[Callable[[np.ndarray], np.ndarray], float]]  # query -> positions; MB


@contextmanager
def ours(vectors: np.ndarray) -> Prepared:
    yield lambda query: best(compare(vectors, query), K)[0], vectors.nbytes / 1e6


@contextmanager
def faiss_flat(vectors: np.ndarray) -> Prepared:
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    yield lambda query: index.search(query[None], K)[1][0], vectors.nbytes / 1e6


@contextmanager
def milvus_lite(vectors: np.ndarray) -> Prepared:
    with tempfile.TemporaryDirectory() as folder:
        uri = str(Path(folder, "vectors.db"))
        database = Milvus(uri)
        database.create(vectors.shape[1])
        database.add(np.arange(len(vectors)), vectors)
        database.close()  # ends when the index is there
        database = Milvus(uri)
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
        try:
            yield lambda query: database.search(query, K)[0], size / 1e6
        finally:
            database.close()


SEARCHES = {"ours, exact": ours, "FAISS, IndexFlatIP": faiss_flat, "Milvus Lite, AUTOINDEX": milvus_lite}

if __name__ == "__main__":
    main()
