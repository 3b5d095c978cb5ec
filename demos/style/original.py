"""The Gram matrices of VGG19 itself, where its weights can be had: in a worker, since it needs TensorFlow."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from functools import cache

import gradio as gr
import numpy as np

from demos.shared.gallery import html as rows
from demos.shared.gallery import panel
from demos.shared.gallery.encoder import Encoder
from demos.shared.gallery.gallery import Gallery
from demos.shared.gallery.original import Original
from demos.shared.gallery.query import open_picture
from demos.shared.ui import events, html, inputs
from demos.shared.ui.events import INSTANT, Cancellation
from demos.shared.worker import Worker
from demos.style import gram
from demos.style.gallery import COLLECTION
from weights import Unavailable
from weights.runtime import cores

log = logging.getLogger(__name__)

ABSENT = "VGG19 cannot be had here: it needs TensorFlow and, the first time, its weights."
BROKEN = "VGG19 broke off or took too long: try again."
STOPPED = "Stopped. Ask again to go on."
ENCODER = Encoder("", "Gram matrices of VGG19 itself", gram.SIDE)


def embed(inputs: np.ndarray) -> np.ndarray:
    """uint8 (N, SIDE, SIDE, 3), some dozen pictures -> what `gram.sketch` gives. Runs in the worker."""
    return _network()(inputs)


@cache
def _network():
    os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_NUM_INTRAOP_THREADS": str(cores())}
    try:
        from demos.style.training import teacher

        network = teacher.network()
        network(np.zeros((1, gram.SIDE, gram.SIDE, 3), np.uint8))  # the first run prepares kernels
    except Exception as error:  # no Keras, no file, no network, no memory
        log.warning("VGG19: %r", error)
        raise Unavailable(ABSENT) from error
    return network


# It takes 1.5 GB.
WORKER = Worker(start_seconds=240, step_seconds=60, idle_seconds=300, memory_bytes=4 * 2**30, broken=BROKEN)
ORIGINAL = Original(ENCODER, WORKER, embed, batch=16)


def fold(picture: gr.Image, crop: list, mine: gr.components.Component) -> None:
    """Draw the fold in which the original searches."""
    runs = gr.State(Cancellation())
    with gr.Accordion("Ask VGG19 itself", open=False):
        gr.HTML(
            '<p class="small">The student project compared Gram matrices of VGG19. It runs in a process of its own, '
            "and needs TensorFlow and, the first time, its weights. It first looks at the whole gallery, which takes "
            "some minutes.</p>"
        )
        with gr.Row():
            ask = gr.Button("Ask", size="sm", variant="primary", elem_id="style-ask")
            stop = gr.Button("Stop", size="sm", interactive=False, elem_id="style-stop-original")
        row = html.html_area(200, elem_id="style-original")
    given = [picture, *crop, mine, runs]
    events.run_on([ask.click], ask_original, given, [row, stop], runs, stop=stop, stopped=STOPPED)
    stop.click(Cancellation.stop, runs, None, **INSTANT)
    # What is said of another picture, or of another part of it, is not wanted any more.
    changes = [component.change for component in (picture, *crop, mine)]
    gr.on(changes, forget, runs, [row, stop], **INSTANT)


@events.messages(0, gr.update(interactive=False), stopped=STOPPED)
def ask_original(picture, zoom: float, x: float, y: float, mine: Gallery | None, runs: Cancellation) -> Iterator[tuple]:
    """The original's row, or how far it is, or one sentence; and whether it can be stopped."""
    query = open_picture(picture, inputs.crop(zoom, x, y))
    gallery = panel.choose_gallery(COLLECTION, mine)
    yield html.message("VGG19 is being started."), gr.update(interactive=True)
    for step in runs.follow(ORIGINAL.search(query, gallery)):
        if step is None:
            yield gr.skip(), gr.skip()
        elif isinstance(step, int):
            yield html.message(f"{step:,} of {len(gallery):,} pictures are embedded."), gr.skip()
        else:
            yield rows.row(ENCODER, step, gallery), gr.update(interactive=False)


def forget(runs: Cancellation) -> tuple:
    """Empty the original's row, and end what is in work."""
    runs.begin()
    return "", gr.update(interactive=False)
