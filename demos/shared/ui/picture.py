"""Where a visitor gives one picture: camera, file, clipboard or drop, made as small in the browser as a demo needs it.

Gradio's own takes two taps, shows a picture only once all of it was sent, and cannot crop.
"""

from __future__ import annotations

import base64
import binascii
import re
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.data_classes import ImageData
from gradio.utils import get_upload_folder, is_in_or_equal
from pydantic import ValidationError

from demos.shared import images, scratch
from demos.shared.ui.files import original

REAR_CAMERA = gr.WebcamOptions(mirror=False, constraints={"video": {"facingMode": {"ideal": "environment"}}})
# In the order in which they run, as one script.
SCRIPTS = ("picture", "reduce", "lens", "camera", "giving")
TEMPLATE = """<div class="box"><div class="frame">
<div class="over"><img><img class="layer" alt="" hidden><div class="lens"></div></div>
<video playsinline muted aria-label="Camera"></video>
<p class="hint">Drop a picture here</p><p class="name"></p>
<button type="button" data-do="map" aria-pressed="false" hidden>Heat map</button>
<progress hidden max="1" aria-label="Sending"></progress><p class="said" role="status"></p>
</div><div class="tools">
<button type="button" data-do="camera">Take a photo</button><button type="button" data-do="file">Choose a file</button>
<button type="button" data-do="paste">Paste</button>
<button type="button" data-do="remove" aria-label="Remove" title="Remove"></button>
</div><div class="tools film">
<button type="button" data-do="take">Take it</button>
<label class="live"><input type="checkbox" role="switch">Live</label>
<button type="button" data-do="turn" hidden>Other lens</button><button type="button" data-do="close">Close</button>
</div><input type="file" hidden accept="image/*,.avif,.heic,.heif,.hif,.jfif,.tif,.tiff,.webp"></div>"""
TEXTS = {
    "unknown": images.UNKNOWN,
    "large": images.TOO_LARGE,
    "failed": "The picture could not be sent: check the connection, then choose it again.",
    "lost": "The connection was lost, and no answer came: choose the picture again when it is back.",
    "empty": "There is no picture on the clipboard: copy one, then paste it.",
    "blocked": "The browser keeps the clipboard to itself: press Ctrl and V, or choose a file.",
    "elsewhere": "This picture lies on another page: save it, then choose the file.",
    "closer": "Tap, drag, pinch or turn the wheel to look closer",
    "slow": "This is a large picture: it takes about {}.",
}


def _read_script() -> str:
    """All of the script, without its comments and indents, which would be sent with every page."""
    folder = Path(__file__).parent
    text = "".join((folder / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)
    return re.sub(r"^\s+|(?<=;) // [^`\"\n]*$", "", re.sub(r"^\s*// .*\n", "", text, flags=re.M), flags=re.M)


SCRIPT = _read_script()


class PictureInput(gr.HTML):
    """One picture of a visitor's. Its handler gets the file as it was sent, for `images.open`; None for no picture.

    Of what browsers do not show the page shows a preview, and the handler gets the file that it was made of.
    Events: `change` for every other picture, `input` for one that a visitor gives, `clear`, and `select` for a crop.
    """

    def __init__(
        self, value: str | None = None, *, label: str = "Your picture", longest: int | None = None, live: int = 0,
        crops: bool = False, seconds: float = 0, size: tuple[int, int] | None = None, **options,
    ):  # fmt: skip
        """value: the file with which it opens. longest: pixels of a side that the demo needs; None for the whole file.

        live: pixels of a side of the frames that the camera sends on end; 0 for a demo too slow for that. crops:
        whether a part can be looked at. seconds: that a megapixel takes, where that is long. size: (width, height) of
        `value`, whose place is kept for it.
        """
        self.webcam_options = REAR_CAMERA
        if options.get("visible") is False:
            options |= {"html_template": "", "js_on_load": None}
        else:
            camera = {**REAR_CAMERA.constraints, "mirror": REAR_CAMERA.mirror}
            options |= {"longest": longest, "live": live, "crops": crops, "seconds": seconds, "size": size}
            options |= {"camera": camera, "texts": TEXTS, "most": images.MAX_BYTES, "name": ""}
            options = {"html_template": TEMPLATE, "js_on_load": SCRIPT, **options}
        classes = options.pop("elem_classes", [])
        classes = ["picture", *([classes] if isinstance(classes, str) else classes)]
        super().__init__(value, label=label, apply_default_css=False, elem_classes=classes, **options)
        self.props["name"] = f"picture-{self._id}"

    def get_config(self) -> dict[str, Any]:
        """What the page is told: all that Gradio's own component takes."""
        return {**super(gr.HTML, self).get_config(gr.HTML), "component_class_name": "HTML"}

    def preprocess(self, payload: ImageData | dict | str | None) -> str | bytes | None:
        """The file as it was sent, or its bytes. Raises gr.Error for what no page sends."""
        if not payload:
            return None
        try:
            return sent_file(ImageData.model_validate(payload))
        except ValidationError:
            raise gr.Error(images.UNREADABLE, print_exception=False) from None

    def postprocess(self, value: str | dict | None) -> ImageData | dict | None:
        """A file, as the page shows it; or what the page is told of a picture that it asked for, as it is:

        the picture as a data URI, `url`, and the `number` of its question, whose place a later choice takes.
        """
        return ImageData(path=value, orig_name=Path(value).name) if isinstance(value, str) else value


def sent_file(payload: ImageData) -> str | bytes | None:
    """The path of a file that was uploaded, or the bytes of one that was sent as a data URI; None for any other file.

    Gradio checks only paths that are marked as files.
    """
    if payload.url and payload.url.startswith("data:"):
        try:
            return base64.b64decode(payload.url.partition(",")[2], validate=True)
        except binascii.Error:
            return b""
    if not payload.path or not is_in_or_equal(payload.path, get_upload_folder()):
        return None
    scratch.use(payload.path)
    return original(payload.path)


def key(value: Any) -> int | str | None:
    """By what the page knows a picture that it has asked about: its number, or the path of one that the page gave."""
    if not isinstance(value, dict):
        return None
    number, path = value.get("number"), value.get("path")
    return number if type(number) is int else path if isinstance(path, str) else None


def is_live(value: Any) -> bool:
    """Whether a picture is one of many that the camera sends."""
    return isinstance(value, dict) and value.get("is_stream") is True
