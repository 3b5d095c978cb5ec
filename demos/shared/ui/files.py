"""Files that the page hands out."""

import hashlib
import tempfile
from pathlib import Path

from gradio.utils import get_upload_folder

PREVIEW = ".preview.jpg"  # ends the name of what the page shows in place of a file, which lies beside it


def serve_file(content: bytes, name: str) -> str:
    """The path of a file with this content that the page may hand out; it is deleted as Gradio's own are.

    The same content has the same path.
    """
    path = Path(get_upload_folder(), hashlib.sha256(content).hexdigest(), name)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace(path, content)
    return str(path.resolve())


def replace(path: Path, content: bytes) -> None:
    """Write a file that a browser may be fetching at this moment: it is replaced whole.

    Gradio's `save_bytes_to_cache` would empty and fill it again.
    """
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as new:
        new.write(content)
    Path(new.name).replace(path)


def original(path: str) -> str:
    """The file that a preview was made of; the path itself where it is of no preview, or that file has gone."""
    file = path.removesuffix(PREVIEW)
    return file if Path(file).is_file() else path
