"""The suite around the tabs: theme, header, readiness, links, embedding, footer."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from pathlib import Path

import gradio as gr

import weights
from demos import Found, discover, images, parts

SOURCE = "https://huggingface.co/spaces/loupe-demos/loupe"
STYLE = Path(__file__).with_name("style.css")
INK, PAPER, BONE, NIGHT, ACCENT, ACCENT_DARK = (
    "#1c1b19",
    "#fdfcfa",
    "#e9e4da",
    "#131211",
    "#0b5d6b",
    "#7cc7d3",
)

# `embed` hides all but one demo before the first paint; the footer's links and the tabs' own follow the address.
HEAD = """<meta name="color-scheme" content="light dark"><script>
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
        gr.HTML(footer, elem_classes="colophon")
        if found:
            page.load(_opener(found), None, tabs, api_visibility="private", queue=False)
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


def _opener(found: list[Found]) -> Callable[[gr.Request], gr.Tabs]:
    names = [one.name for one in found]

    def opened(request: gr.Request) -> gr.Tabs:
        """The tab that the address asks for; the first where it asks for none that there is."""
        asked = request.query_params.get("demo")
        return gr.Tabs(selected=asked if asked in names else names[0])

    return opened


def footer() -> str:
    """Source, cards and licence, and which weights answer. Evaluated at every visit."""
    networks = weights.manifest()["networks"]
    origins = sorted({state.origin for state in map(weights.status, networks) if state.origin})
    answering = " and ".join(origin.replace("bundled", "bundled with the page") for origin in origins) or "none yet"
    return (
        f'<p>Weights that answer: {html.escape(answering)}.</p><p><a href="{SOURCE}">Source and cards</a>, '
        "Apache-2.0. Pictures are not kept.</p>"
    )


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
