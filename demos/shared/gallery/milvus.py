"""Vectors in a vector database, Milvus: a file of one process (Milvus Lite), or a server for several."""

import numpy as np

import weights

CHUNK = 1000  # vectors a message: servers take 64 MB
TIMEOUT = 10.0  # seconds, after which a server counts as absent
PATIENCE = 600.0  # seconds: what a file is asked is done by this process, which may be busy
DIGEST = "loupe.digest"  # the property of a collection that names the network of its vectors
NO_COLLECTION = 100  # Milvus' error code


class Absent(weights.Unavailable):
    """There is no database to ask. Its text is one sentence that names the remedy."""


class Milvus:
    """Vectors under their positions, compared by cosine similarity.

    uri: a file, "name.db", which one process at a time may open; or a server, "http://host:19530", where it needs
    them with a user's name and password, "http://name:password@host:19530". collection: the name of the vectors
    there. Every method raises `Absent` where the packages are missing, or the database cannot be reached.
    """

    def __init__(self, uri: str, collection: str = "loupe"):
        self._uri, self._collection = uri, collection
        self._file = uri.endswith(".db")
        self._timeout = PATIENCE if self._file else TIMEOUT
        try:
            from pymilvus import MilvusClient, MilvusException

            if self._file:
                import milvus_lite  # noqa: F401, which pymilvus opens files with
        except ImportError as error:
            raise Absent("The vector database is not installed: pip install -r requirements-milvus.txt") from error
        try:
            self._client = MilvusClient(uri, timeout=self._timeout)
        except (MilvusException, ValueError, OSError) as error:  # ValueError: no address can look so
            raise self._absent() from error
        if self._ask("has_collection"):
            self._ask("load_collection")  # a file that was closed is not searched without

    def create(self, dimensions: int) -> None:
        """Make the collection, unless it is there. ValueError: it is, and its vectors have other dimensions."""
        if not self._ask("has_collection"):
            # Strong: what was written is found by the next search.
            options = {"metric_type": "COSINE", "consistency_level": "Strong", "enable_dynamic_field": False}
            self._ask("create_collection", dimension=dimensions, **options)
        fields = {field["name"]: field for field in self._ask("describe_collection")["fields"]}
        if (stored := fields["vector"]["params"]["dim"]) != dimensions:
            raise ValueError(f"Vectors of {self._collection!r} have {stored} dimensions, not {dimensions}.")

    def add(self, positions: np.ndarray, vectors: np.ndarray) -> None:
        """Write vectors, float32 (N, D), under positions, int (N,); over what is there under the same ones."""
        for start in range(0, len(positions), CHUNK):
            part = slice(start, start + CHUNK)
            pairs = zip(positions[part].tolist(), vectors[part], strict=True)
            self._ask("upsert", data=[{"id": position, "vector": vector} for position, vector in pairs])
        if self._file:
            self._ask("flush")  # else nothing is indexed before the file is closed; servers see to that themselves

    def trim(self, count: int) -> None:
        """Delete the vectors at positions from `count` on, which an earlier, larger gallery left."""
        self._ask("delete", filter=f"id >= {count}")

    def drop(self) -> None:
        """Delete the collection, if it is there."""
        if self._ask("has_collection"):
            self._ask("drop_collection")

    def digest(self) -> str:
        """The digest of the network that made the vectors; "" where none is known, or there is no collection."""
        if not self._ask("has_collection"):
            return ""
        return self._ask("describe_collection").get("properties", {}).get(DIGEST, "")

    def write_digest(self, digest: str) -> None:
        """Write down which network made the vectors."""
        self._ask("alter_collection_properties", properties={DIGEST: digest})

    def search(self, query: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        """The k nearest to `query`, float32 (D,), as `search.best` returns them; its index may miss a few.

        k: 1 to 16,384, Milvus' own limit. Those that are equally near come in any order.
        """
        (hits,) = self._ask("search", data=[query], limit=k, output_fields=["id"])
        positions = np.array([hit["id"] for hit in hits], np.intp)
        return positions, np.array([hit["distance"] for hit in hits], np.float32)  # Milvus' word for similarity

    def count(self) -> int:
        """How many vectors are in the collection; 0 without one."""
        if not self._ask("has_collection"):
            return 0
        return self._ask("query", output_fields=["count(*)"])[0]["count(*)"]

    def close(self) -> None:
        """Leave the server; or write the file out and leave it to whoever opens it next."""
        self._client.close()
        if self._file:
            from milvus_lite.server_manager import server_manager_instance

            server_manager_instance.release_server(self._uri)

    def _ask(self, method: str, **arguments):
        """Call the client's method of this name on the collection."""
        import grpc
        from pymilvus import MilvusException
        from pymilvus.client.types import Status

        try:
            return getattr(self._client, method)(self._collection, timeout=self._timeout, **arguments)
        except grpc.RpcError as error:
            raise self._absent() from error
        except MilvusException as error:
            if error.code in (Status.CONNECT_FAILED, grpc.StatusCode.UNAVAILABLE):
                raise self._absent() from error
            if error.code == NO_COLLECTION:
                raise Absent("The vector database has no such collection: index the folder with --milvus.") from error
            raise

    def _absent(self) -> Absent:
        # Says no address: it may hold a password.
        if self._file:
            return Absent("The vector database cannot be opened: its folder must exist, and no other process use it.")
        return Absent("The vector database does not answer: start its server, or name a file that ends in .db.")
