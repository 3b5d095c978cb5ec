"""The fold in which an original network is asked, where it can be had."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

import gradio as gr

from demos.shared.gallery import html as rows
from demos.shared.gallery import panel
from demos.shared.gallery.gallery import Collection, Gallery
from demos.shared.gallery.original import Original
from demos.shared.gallery.query import open_picture
from demos.shared.gallery.wiring import Layout
from demos.shared.text import are, count
from demos.shared.ui import events, html, inputs
from demos.shared.ui.events import INSTANT, Cancellation

STOPPED = "Stopped. Ask again to go on."


def original_fold(
    collection: Collection, original: Original, layout: Layout, name: str, label: str, about: str, is_fold: bool = True
) -> None:
    """Draw it. name: at the beginning of a sentence. label: of the fold. about: the sentences above its buttons.

    is_fold: whether it is one; else it has a heading, within another fold.
    """
    demo, runs = collection.demo, gr.State(Cancellation())
    with gr.Accordion(label, open=False) if is_fold else gr.Column():
        heading = "" if is_fold else f"<h3>{escape(label)}</h3>"
        gr.HTML(f'{heading}<p class="small">{escape(about)}</p>')
        with gr.Row():
            ask = gr.Button("Ask", size="sm", variant="primary", elem_id=f"{demo}-ask")
            stop = gr.Button("Stop", size="sm", interactive=False, elem_id=f"{demo}-stop-reference")
        row = html.html_area(200, elem_id=f"{demo}-reference", js_on_load=rows.CHOOSE)
    query = [layout.picture, *layout.crop, layout.mine]
    handler = ask_original(collection, original, name)
    events.run_on([ask.click], handler, [*query, runs], [row, stop], runs, stop=stop, stopped=STOPPED)
    stop.click(Cancellation.stop, runs, None, **INSTANT)
    # What is said of another picture, or of another part of it, is not wanted any more.
    gr.on([component.change for component in query], forget, runs, [row, stop], **INSTANT)


def ask_original(collection: Collection, original: Original, name: str) -> Callable:
    """A handler that gives the original's row, or how far it is, or one sentence; and whether it can be stopped."""

    @events.messages(0, gr.update(interactive=False), stopped=STOPPED)
    def ask(picture, zoom: float, x: float, y: float, mine: Gallery | None, runs: Cancellation) -> Iterator[tuple]:
        query = open_picture(picture, inputs.crop(zoom, x, y))
        gallery = panel.choose_gallery(collection, mine)
        yield html.message(f"{name} is being started."), gr.update(interactive=True)
        for step in runs.follow(original.search(query, gallery)):
            if step is None:
                yield gr.skip(), gr.skip()
            elif isinstance(step, int):
                yield html.message(f"{step:,} of {count(len(gallery), 'picture')} {are(step)} embedded."), gr.skip()
            else:
                yield rows.row(original.encoder, step, gallery), gr.update(interactive=False)

    return ask


def forget(runs: Cancellation) -> tuple:
    """Empty the original's row, and end what is in work."""
    runs.begin()
    return "", gr.update(interactive=False)
