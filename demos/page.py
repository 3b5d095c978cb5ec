"""The suite around the tabs: theme, header, readiness, links, embedding, footer."""

from __future__ import annotations

import html
import json
import os
from pathlib import Path

import gradio as gr

import weights
from demos import Found, discover, images, parts

# The Space that the page runs on, where it does: a copy of the Space links to itself.
SPACE = os.environ.get("SPACE_ID")
STYLE = Path(__file__).with_name("style.css")
INK, PAPER, BONE, NIGHT, ACCENT, ACCENT_DARK = (
    "#1c1b19",
    "#fdfcfa",
    "#e9e4da",
    "#131211",
    "#0b5d6b",
    "#7cc7d3",
)

# `embed` hides all but one demo before the first paint. Which demo is asked for is read before the first tab, as it
# opens, puts itself into the address.
HEAD = """<meta name="color-scheme" content="light dark"><script>
window.asked = new URLSearchParams(location.search).get("demo");
if (new URLSearchParams(location.search).has("embed")) document.documentElement.classList.add("embed");
</script>"""


def build() -> gr.Blocks:
    """The page over all demos that `discover()` finds, with an endpoint for each."""
    found = discover()
    with gr.Blocks(title="Loupe", analytics_enabled=False, delete_cache=(600, 600)) as page:
        gr.HTML("<h1>Loupe</h1><p>Look closely at what an image network sees.</p>", elem_classes="masthead")
        with gr.Tabs(elem_classes="demos") as tabs:
            for one in found:
                with gr.Tab(one.demo.title, id=one.name) as tab:
                    _draw(one)
                tab.select(None, js=f"() => {{ {_follow(one.name)} }}")
        _colophon(page, [name for one in found for name in one.demo.networks])
        page.load(None, None, tabs, js=_open([one.name for one in found]))
        for one in found:
            if one.predict:
                parts.endpoint(one.name, one.predict)
    page.queue(max_size=64, default_concurrency_limit=2)
    return page


def _draw(one: Found) -> None:
    gr.HTML(f"<h2>{html.escape(one.demo.question)}</h2>")
    if one.problem:
        gr.HTML(parts.sentence(one.problem, "error"))
    else:
        one.build()


def _follow(name: str) -> str:
    """JavaScript that puts the opened demo into the address, so that the page can be shared as it is."""
    asked = f'u.searchParams.set("demo", {json.dumps(name)})'
    return f'const u = new URL(location); {asked}; history.replaceState(null, "", u);'


def _open(names: list[str]) -> str:
    """JavaScript that opens the tab that the address asks for; the first where it asks for none that there is."""
    asked = "names.includes(window.asked) ? window.asked : names[0]"
    return f'() => {{ const names = {json.dumps(names)}; return {{__type__: "update", selected: {asked}}}; }}'


def _colophon(page: gr.Blocks, networks: list[str]) -> None:
    """The footer, kept up to date while weights arrive."""
    colophon = gr.HTML(footer(networks), elem_classes="colophon")
    clock = gr.Timer(1, active=parts.awaited(networks))

    def look() -> tuple[str, gr.Timer]:
        return footer(networks), gr.Timer(active=parts.awaited(networks))

    quiet = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
    gr.on([page.load, clock.tick], look, None, [colophon, clock], **quiet)


def footer(networks: list[str]) -> str:
    """Source, cards and licence, which weights answer, and why if they are not those asked for."""
    states = [weights.status(name) for name in networks]
    origins = sorted({state.origin for state in states if state.origin})
    answering = " and ".join(origin.replace("bundled", "bundled with the page") for origin in origins) or "none yet"
    reasons = " ".join(dict.fromkeys(state.message for state in states if state.ready and state.message))
    return (
        f"<p>Weights that answer: {html.escape(answering)}. {html.escape(reasons)}</p>"
        f"<p>{_source()}, Apache-2.0. Pictures are not kept.</p>"
    )


def _source() -> str:
    if not SPACE:
        return "Source and cards: the folder that this page was started from"
    return f'<a href="https://huggingface.co/spaces/{html.escape(SPACE)}/tree/main">Source and cards</a>'


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


LAUNCH = {
    "theme": theme(), "css_paths": [STYLE], "head": HEAD, "footer_links": ["api", "settings"], "ssr_mode": False,
    "run_history": False, "enable_monitoring": False, "show_error": False, "max_file_size": images.MAX_BYTES,
    "state_session_capacity": 1000,
}  # fmt: skip
