"""The page around the tabs: theme, header, links, embedding, endpoints, footer."""

from __future__ import annotations

import asyncio
import gc
import itertools
import json
import logging
import os
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import escape
from pathlib import Path

import gradio as gr
from gradio.context import Context
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

import demos
import weights
from demos import Found, discover, problem
from demos.shared import images, scratch
from demos.shared.ui import api, events, html, inputs, lanes, named, openapi, start, visitors
from demos.shared.ui.blocks import Page, no_app_yet
from demos.shared.ui.gate import Gate
from demos.shared.ui.opening import START
from demos.shared.ui.parts import Part
from demos.shared.ui.sending import Sending
from demos.shared.ui.sessions import lighten

log = logging.getLogger(__name__)

FIRST_SECONDS = 1  # in which the first page is sent
HOUSE_SECONDS = 10  # between two looks for what nobody wants any more
SWEEP_EVERY = 6  # looks until old files are removed
REST_SECONDS = 30  # after which memory is freed that many visitors at once have needed

# The Space that the page runs on, where it does: a copy of the Space links to itself.
SPACE = os.environ.get("SPACE_ID")
NAME = "Loupe"
WORDS = (
    "Loupe is a table of small image networks that you can look into. Give one a picture: it answers at once, says how "
    "sure it is, and shows what it looked at."
)
THUMBNAIL = Path(__file__).parents[1] / "docs/thumbnail.jpg"  # of the start; `python -m tests.thumbnail` takes it
# That Gradio begins at once; most of them wait for their turn in `lanes`, which says so where too many do.
MAX_EVENTS = lanes.MAX_SHORT + 100
# What all tabs share, then each demo's own rules.
STYLES = [Path(__file__).with_name("style.css")]
STYLES += sorted(path for root in demos.__path__ for path in Path(root).glob("*/style.css"))
INK, PAPER, BONE, NIGHT, ACCENT, ACCENT_DARK = (
    "#1c1b19",
    "#fdfcfa",
    "#e9e4da",
    "#131211",
    "#0b5d6b",
    "#7cc7d3",
)

# `embed` hides all but one demo before the first paint. Which demo is wanted is read before the first tab opens.
FILES = ("requests.js", "page.js", "share.js")
SCRIPTS = "".join(Path(__file__).with_name(name).read_text(encoding="utf-8") for name in FILES)
HEAD = f'<meta name="color-scheme" content="light dark"><script>(() => {{{SCRIPTS}}})();</script>'

# What is in force before Gradio has loaded the page's own style, so that nothing moves then. What is being drawn is not
# shown in pieces.
EARLY = """
.gradio-container { width: 100% !important; max-width: 1100px !important; margin: 0 auto !important; }
.app > .translucent { position: fixed !important; }
.app > .translucent ~ .wrap { visibility: hidden; }
"""
EARLY = f"<style>{EARLY}{Path(__file__).with_name('head.css').read_text(encoding='utf-8')}</style>"


def build() -> gr.Blocks:
    """The page over all demos that `discover()` finds, with their endpoints."""
    # Gradio would sum up what it has answered, after every answer.
    os.environ |= {"GRADIO_ANALYTICS_CACHE_FREQUENCY": str(10**9), "GRADIO_ANALYTICS_MAX_EVENTS": "100"}
    found = discover()
    with no_app_yet():
        page = _draw_page(found)
        # Nobody passes by the queue.
        page.queue(max_size=1000, default_concurrency_limit=2, api_open=False)
    return page


def _draw_page(found: list[Found]) -> Page:
    with Page(title=NAME, analytics_enabled=False, delete_cache=(600, scratch.SECONDS)) as page:
        gr.HTML('<h1><a href="./">Loupe</a></h1>', elem_classes="page-header")
        _tabs(page, found)
        _footer(page, [name for one in found for name in one.demo.networks])
        _hide_events(page)
        with gr.Column(visible=False) as endpoints:
            for one in found:
                _add_endpoints(one)
        page.unsent = [endpoints]
    return page


def _tabs(page: gr.Blocks, found: list[Found]) -> None:
    with gr.Tabs(elem_classes="demos", overflow_behavior="wrap") as tabs:
        with gr.Tab("Start", id=START) as first:
            pass
        first.select(None, js=_follow(START, NAME))
        for one in found:
            with gr.Tab(one.demo.title, id=one.name) as tab:
                _draw(one)
            tab.select(None, js=_follow(one.name, f"{one.demo.title}, {NAME}"))
        with first, Part(START, 900):
            listings = list_demos(page, found)
            start.draw(WORDS, listings)
    thumbnail = THUMBNAIL if THUMBNAIL.is_file() else None
    page.listings = {START: start.Listing(START, NAME, WORDS, thumbnail)} | {one.name: one for one in listings}
    page.load(None, None, tabs, js=_open([one.name for one in found]))


def list_demos(page: Page, found: list[Found]) -> list[start.Listing]:
    """What the start says of each demo, once all are drawn."""
    parts = {part.name: part for part in page.parts.values()}
    listings = []
    for one in found:
        part, about = parts[one.name], (one.name, one.demo.title, one.demo.question)
        picture = _first_example(one) if part.picture is None else part.picture
        listings.append(start.Listing(*about, picture, part.opening, one.demo.networks))
    return listings


def _first_example(one: Found) -> str | None:
    try:
        return None if one.problem else inputs.first_example(one.name, one.demo.examples)
    except Exception:  # a demo is somebody's code
        log.exception("The examples of demos/%s cannot be read", one.name)
        return None


def _draw(one: Found) -> None:
    """A demo in its tab: what `build` draws, or a sentence."""
    link = f'<a class="alone" href="./?demo={escape(one.name)}" target="_blank" rel="noopener">Open in {NAME}</a>'
    share = '<button type="button" class="share">Share</button>'
    gr.HTML(f'<div class="asked"><h2>{escape(one.demo.question)}</h2>{share}{link}</div>')
    with Part(one.name, 900) as part:
        if one.problem:
            gr.HTML(html.message(one.problem, "error"))
            return
        page, config = Context.root_block, Context.root_block.default_config
        blocks, fns, fn_id = dict(config.blocks), dict(config.fns), config.fn_id
        try:
            one.build()
        except Exception as error:  # a demo is somebody's code; what it had drawn and wired goes
            log.exception("demos/%s could not be drawn", one.name)
            Context.block, Context.root_block = part, page
            part.children, config.blocks, config.fns, config.fn_id, part.opening = [], blocks, fns, fn_id, None
            page.parts = {number: other for number, other in page.parts.items() if number < fn_id}
            is_waiting = isinstance(error, weights.Unavailable)
            gr.HTML(html.message(str(error) if is_waiting else problem(one.name, error), "error"))


def _hide_events(page: gr.Blocks) -> None:
    """Keep what the tabs have wired so far out of the API, whatever their authors wrote; names stay for endpoints."""
    for fn in page.fns.values():
        fn.api_visibility, fn.api_name = "private", f"event_{fn._id}"


def _add_endpoints(one: Found) -> None:
    for name, function in one.endpoints.items():
        api.add_endpoint(name, function, events.LANES[one.lane(name)])


def _follow(name: str, title: str) -> str:
    """JavaScript that puts the opened demo into the address, so that the page can be shared as it is."""
    return f"() => followTab({json.dumps(name)}, {json.dumps(title)})"


def _open(names: list[str]) -> str:
    """JavaScript that opens the tab that the address names; the start where it names none that there is."""
    wanted = f"names.includes(window.wanted) ? window.wanted : {json.dumps(START)}"
    return f'() => {{ const names = {json.dumps(names)}; return {{__type__: "update", selected: {wanted}}}; }}'


def _footer(page: gr.Blocks, networks: list[str]) -> None:
    """The footer, kept up to date while weights arrive."""
    text = gr.HTML(footer(networks), elem_classes="page-footer")
    if not weights.is_pulling():
        return
    clock = gr.Timer(1, active=events.is_awaited(networks))

    def look() -> tuple[str, gr.Timer]:
        return footer(networks), gr.Timer(active=events.is_awaited(networks))

    gr.on([page.load, clock.tick], look, None, [text, clock], **events.INSTANT)


def footer(networks: list[str]) -> str:
    """Source, cards and licence, which weights answer, and why if they are not those asked for."""
    states = [weights.status(name) for name in networks]
    origins = sorted({state.origin for state in states if state.origin})
    answering = " and ".join(origin.replace("bundled", "bundled with the page") for origin in origins) or "none yet"
    reasons = " ".join(dict.fromkeys(state.message for state in states if state.ready and state.message))
    return (
        f"<p>Weights that answer: {escape(answering)}. {escape(reasons)}</p>"
        f"<p>{_source()}, Apache-2.0. Pictures are not kept.</p>"
    )


def _source() -> str:
    if not SPACE:
        return "Source and cards: the folder that this page was started from"
    return f'<a href="https://huggingface.co/spaces/{escape(SPACE)}/tree/main">Source and cards</a>'


def theme() -> gr.themes.Base:
    """Paper and ink, one accent, the system's own fonts."""
    system = ("ui-sans-serif", "system-ui", "sans-serif")
    mono = ("ui-monospace", "Consolas", "monospace")
    return gr.themes.Base(
        primary_hue="cyan", neutral_hue="stone", font=system, font_mono=mono, radius_size="sm"
    ).set(
        body_background_fill=PAPER, body_background_fill_dark=NIGHT,
        body_text_color=INK, body_text_color_dark=BONE,
        background_fill_primary=PAPER, background_fill_primary_dark=NIGHT,
        block_background_fill="#ffffff", block_background_fill_dark="#1b1a18",
        body_text_color_subdued="#5d5952",
        body_text_color_subdued_dark="#aaa498",
        block_border_width="1px", block_shadow="none",
        color_accent=ACCENT, slider_color=ACCENT, slider_color_dark=ACCENT_DARK,
        link_text_color=ACCENT, link_text_color_dark=ACCENT_DARK,
        button_primary_background_fill=ACCENT, button_primary_background_fill_dark=ACCENT_DARK,
        button_primary_text_color="#ffffff", button_primary_text_color_dark=NIGHT,
    )  # fmt: skip


@asynccontextmanager
async def keep_house(app) -> AsyncIterator[None]:
    """While the page is served, let go what nobody wants any more."""

    async def clean() -> None:
        await asyncio.sleep(FIRST_SECONDS)
        gc.unfreeze()
        gc.collect()  # what import and drawing have left, 5 MB
        gc.freeze()
        for count in itertools.count(1):
            await asyncio.sleep(HOUSE_SECONDS)
            try:
                await _let_go(app.get_blocks(), is_sweep=count % SWEEP_EVERY == 0)
            except Exception as error:  # the next round may go well; its text may name a visitor's file
                place = "".join(traceback.format_tb(error.__traceback__))
                log.warning("What nobody wants stays: %s at\n%s", type(error).__name__, place)

    lighten(app)
    task = asyncio.create_task(clean())
    yield
    task.cancel()


async def _let_go(page: Page, is_sweep: bool) -> None:
    """One round of it. is_sweep: whether old files and memory that many visitors have needed go as well."""
    page.forget_sessions()
    page.rest(HOUSE_SECONDS)
    await run_in_threadpool(page.freshen)
    if is_sweep:
        await run_in_threadpool(scratch.sweep, page.kept_files())
        await run_in_threadpool(weights.rest, REST_SECONDS)
    visitors.store.sweep(visitors.presence.is_here)
    visitors.presence.forget(10 * HOUSE_SECONDS)
    images.recent.forget()


# Pictures and the streams of answers are sent as they are.
MIDDLEWARE = [Middleware(Gate), Middleware(Sending, head=EARLY), Middleware(GZipMiddleware, compresslevel=5)]
LAUNCH = {
    "theme": theme(), "css_paths": STYLES, "head": HEAD, "footer_links": ["api"], "ssr_mode": False,
    "run_history": False, "enable_monitoring": False, "show_error": False, "max_file_size": images.MAX_BYTES,
    "state_session_capacity": 200, "max_threads": MAX_EVENTS,
    "_frontend": False,  # Gradio has asked itself once already; the second time it gives up after three seconds
    "app_kwargs": {"middleware": MIDDLEWARE, "lifespan": keep_house, "routes": [openapi.route(), named.route()]},
}  # fmt: skip
