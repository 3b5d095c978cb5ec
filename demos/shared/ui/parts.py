"""Parts of the page that are sent when they come in sight: a tab behind another, what is folded away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import gradio as gr
from gradio.context import Context

from demos.shared.ui import html
from demos.shared.ui.events import INSTANT

# Asks for the part when its place comes in sight, and again where that has failed.
ASK = """new IntersectionObserver((seen, observer) => {
  if (!seen.at(-1).isIntersecting) return;
  observer.disconnect();
  const ask = () => {
    if (!element.isConnected) return;
    trigger("select", null);
    setTimeout(ask, 5000);
  };
  ask();
}).observe(element);"""
UNREAD = {"api_info", "api_info_as_input", "api_info_as_output", "example_inputs"}  # by the page; clients ask `/config`


class Part(gr.Column):
    """What is drawn and wired in it is sent when its place comes in sight, where it stands in a Page.

    Events within it need not know. No event outside may have inputs or outputs within, or wait for what happens there.
    high: of its place, in pixels. opening, picture: of a demo, what gives the outputs that it opens with, and what they
    answer where that is not its first example; `events.answer_first` says them.
    """

    def __init__(self, name: str, high: int):
        super().__init__(elem_classes="part")
        self.name, self.high, self.place, self.fns = name, high, None, range(0)
        self.opening, self.picture = None, None

    def get_block_name(self) -> str:
        return "column"

    def __enter__(self) -> Part:
        super().__enter__()
        page = Context.root_block
        if hasattr(page, "parts"):
            self.place = html.html_area(self.high, js_on_load=ASK)
            self.children.remove(self.place)
            asked = self.place.select(lambda: None, None, None, **INSTANT)
            page.parts[asked["id"]] = self
            self.fns = range(page.default_config.fn_id, page.default_config.fn_id)
        return self

    def __exit__(self, *given) -> None:
        super().__exit__(*given)
        self.fns = range(self.fns.start, Context.root_block.default_config.fn_id)


def narrow(config: dict, parts: Sequence[Part], opened: str, unsent: Iterable[int] = ()) -> dict:
    """Gradio's configuration of a page that opens with the tab of one part, the first where there is none of that name.

    The other parts are places alone. unsent: numbers of components that the page never shows.
    """
    tabs = [part for part in parts if isinstance(part.parent, gr.Tab)]
    if not tabs:
        return config
    shown = next((part for part in tabs if part.name == opened), tabs[0])
    drawn = _draw(config, config["page"][""]["layout"], [part for part in parts if part is not shown], set(unsent))
    tab = shown.parent
    for component in drawn["components"]:
        if component["id"] == tab.parent._id:
            component["props"] = {**component["props"], "selected": tab.id}
    numbers = {kind: [one["id"] for one in drawn[kind]] for kind in ("components", "dependencies")}
    return {**config, "components": drawn["components"], "page": {"": {"layout": drawn["layout"], **numbers}}}


def content(config: dict, parts: Sequence[Part], opened: Part) -> dict:
    """What Gradio draws one of the parts from, in the form of what `gr.render` gives; those within are places."""
    layout = next(node for node in _nodes(config["layout"]) if node["id"] == opened._id)
    within = {node["id"] for node in _nodes(layout)}
    drawn = _draw(config, layout, [part for part in parts if part is not opened and part._id in within])
    events = [event for event in drawn["dependencies"] if event["id"] in opened.fns]
    return {**drawn, "dependencies": events, "render_id": opened._id}


def _draw(config: dict, layout: dict, closed: list[Part], unsent: set[int] = frozenset()) -> dict:
    """Layout, components and events of a part of the page, without what closed parts hold."""
    layout = _fold(layout, {part._id: part.place._id for part in closed}, unsent)
    shown, later = {node["id"] for node in _nodes(layout)}, {number for part in closed for number in part.fns}
    components = [
        {key: value for key, value in component.items() if key not in UNREAD}
        for component in config["components"]
        if component["id"] in shown
    ]
    events = [event for event in config["dependencies"] if event["id"] not in later]
    return {"layout": layout, "components": components, "dependencies": events}


def _fold(node: dict, closed: dict[int, int], unsent: set[int]) -> dict:
    if node["id"] in closed:
        return {"id": node["id"], "children": [{"id": closed[node["id"]]}]}
    if "children" not in node:
        return node
    children = [_fold(child, closed, unsent) for child in node["children"] if child["id"] not in unsent]
    return {**node, "children": children}


def _nodes(node: dict) -> Iterator[dict]:
    yield node
    for child in node.get("children", ()):
        yield from _nodes(child)
