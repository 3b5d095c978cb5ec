"""What is wrong with a picture, as one sentence to the visitor."""

import logging
import struct
import traceback
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from demos.shared import work

BUSY = "Many pictures are being opened at the moment: try again in some seconds."
DAMAGED = "This picture is damaged or incomplete: save it again as JPEG or PNG, or choose another one."

# What damaged and hostile files make decoders raise. Anything else may be a fault of this module, and is logged.
_USUAL = (OSError, ValueError, SyntaxError, EOFError, MemoryError, OverflowError, struct.error, zlib.error)

_log = logging.getLogger("demos.shared.images")


class PictureError(ValueError):
    """A picture cannot be opened. `str(error)` is one sentence for the visitor that names the remedy."""


@contextmanager
def sentences() -> Iterator[None]:
    """Turn what is raised within into a PictureError."""
    try:
        yield
    except (PictureError, work.Abandoned):
        raise
    except TimeoutError:
        raise PictureError(BUSY) from None
    except Exception as error:  # hostile bytes make decoders raise anything
        log_unusual(error)
        raise PictureError(DAMAGED) from None


def log_unusual(error: Exception) -> None:
    """Log where an error came from. Its text is left out: it may quote the picture or its name."""
    if not isinstance(error, _USUAL):
        trace = "".join(traceback.format_tb(error.__traceback__))
        _log.warning("A picture could not be opened: %s at\n%s", type(error).__name__, trace)
