"""Two pictures over each other, before and after: whole or at 100 %, by pointer, finger and keyboard.

Gradio's own slider takes every touch and shows no picture in its own pixels.
"""

from __future__ import annotations

from pathlib import Path

import gradio as gr
from gradio.data_classes import FileData

SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
VIEW = """
<div class="content" tabindex="0" role="group" aria-label="Before and after. B held shows before, arrow keys move.">
  <div class="divider" role="slider" tabindex="0" aria-label="Where before ends" aria-valuemin="0" aria-valuemax="100"
    aria-valuenow="50"></div>
  <div class="overview" aria-hidden="true" hidden><i></i></div>
  <button type="button" class="full" aria-label="Full screen"><svg viewBox="0 0 16 16"><path
    d="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4"/></svg></button>
  <span class="badge">Before</span><span class="badge">After</span>
</div>
<div class="tools">
  <span role="group" aria-label="Size"><button type="button" data-zoom="0" aria-pressed="true">Whole</button><button
    type="button" data-zoom="1" aria-pressed="false">100 %</button><button type="button" data-zoom="3"
    aria-pressed="false">300 %</button></span>
  <button type="button" class="hold" aria-pressed="false">Hold to see before</button>
  <button type="button" class="send" hidden>Share</button>
</div>
"""


class Compare(gr.HTML):
    """Its value: the pictures before and after, of one size, as paths or data URIs; None for none.

    Where the browser can, the picture after can be shared.
    """

    def __init__(self, value: tuple[str, str] | None = None, **options):
        super().__init__(
            value, html_template=VIEW, js_on_load=SCRIPT, apply_default_css=False, elem_classes="compare", **options
        )

    def postprocess(self, value: tuple[str, str] | None) -> list[dict] | None:
        """Paths -> files for the browser."""
        return value and [
            {"url": path} if path.startswith("data:") else FileData(path=path).model_dump() for path in value
        ]
