"""The command line that makes the bundled gallery of a demo again: `python -m demos.<name>.build`."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

from demos.shared.gallery import files
from demos.shared.gallery.encoder import Encoder
from demos.shared.gallery.gallery import Gallery
from demos.shared.gallery.map import compute_layout
from demos.shared.text import count


def main(doc: str, bundled: Path, encoders: Mapping[str, Encoder], make_pictures: Callable[[], Gallery]) -> None:
    """Make the pictures, or take those of the bundled gallery, and write them with their vectors and their layout.

    doc: what --help says. make_pictures: gives a gallery without vectors.
    """
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep-pictures", action="store_true", help="make the index alone")
    parser.add_argument("--out", type=Path, default=bundled, help="a file other than the bundled one")
    options = parser.parse_args()
    gallery = files.read(bundled, encoders) if options.keep_pictures else make_pictures()
    for name in encoders:
        gallery.prepare(name)
        print(f"{count(len(gallery), 'picture')} embedded by {name}", flush=True)
    if encoders:
        gallery.layout = compute_layout(gallery.vectors[gallery.indexed])
    files.write(gallery, options.out)
    print(f"{options.out.name}: {options.out.stat().st_size / 1e6:.1f} MB")
