"""Files that the page hands out."""

import os

from demos.shared.ui import files


def test_a_file_that_is_handed_out_again_is_whole_for_who_reads_it_already():
    path = files.serve_file(b"a picture", "picture.png")
    with open(path, "rb") as fetched:
        before = os.fstat(fetched.fileno()).st_ino
        assert files.serve_file(b"a picture", "picture.png") == path
        assert os.stat(path).st_ino != before and fetched.read() == b"a picture"
    assert os.listdir(os.path.dirname(path)) == ["picture.png"]
