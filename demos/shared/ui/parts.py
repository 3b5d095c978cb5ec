"""Parts of the page that are sent when a visitor opens them: a tab behind another is a place until it is in sight."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import gradio as gr
from gradio.context import Context

from demos.shared.ui import html
from demos.shared.ui.events import INSTANT

# Asks for the part as soon as its place is in sight, and again where that has failed.
ASK = """const ask = () => {
  if (!element.isConnected) return;
  trigger("select", null);
  setTimeout(ask, 5000);
};
setTimeout(ask);"""
UNREAD = {"api_info", "api_info_as_input", "api_info_as_output", "example_inputs"}  # by the page; clients ask `/config`


class Part(gr.Column):
    """What is drawn and wired in it is sent when it comes in sight, for a Page.

    Events within it need not know. No event outside may wait for a component within.
    """

    def __init__(self, name: str):
        super().__init__(elem_classes="part")
        self.name, self.place, self.fns = name, None, range(0)

    def get_block_name(self) -> str:
        return "column"

    def __enter__(self) -> Part:
        super().__enter__()
        page = Context.root_block
        if self.place is None:
            self.place = html.html_area(600, js_on_load=ASK)
            self.children.remove(self.place)
            asked = self.place.select(lambda: None, None, None, **INSTANT)
            page.parts[asked["id"]] = self
            self.fns = range(page.default_config.fn_id, page.default_config.fn_id)
        return self

    def __exit__(self, *given) -> None:
        page = Context.root_block
        super().__exit__(*given)
        self.fns = range(self.fns.start, page.default_config.fn_id)


def narrow(config: dict, parts: Sequence[Part], opened: str, unsent: Iterable[int] = ()) -> dict:
    """Gradio's configuration of a page that opens with one part, the first where there is none of that name.

    The other parts are places alone. unsent: numbers of components that the page never shows.
    """
    if not parts:
        return config
    shown = next((part for part in parts if part.name == opened), parts[0])
    closed = {part._id: part.place._id for part in parts if part is not shown}
    layout = _fold(config["page"][""]["layout"], closed, set(unsent))
    drawn, later = set(_numbers(layout)), {fn for part in parts if part is not shown for fn in part.fns}
    events = [number for number in config["page"][""]["dependencies"] if number not in later]
    tab = shown.parent
    components = _components(config, drawn)
    for component in components:
        if component["id"] == tab.parent._id:
            component["props"] = {**component["props"], "selected": tab.id}
    page = {"layout": layout, "components": [component["id"] for component in components], "dependencies": events}
    return {**config, "components": components, "page": {"": page}}


def content(config: dict, part: Part) -> dict:
    """What Gradio draws a part from, as it gets it from `gr.render`."""
    layout = next(node for node in _nodes(config["layout"]) if node["id"] == part._id)
    events = [event for event in config["dependencies"] if event["id"] in part.fns]
    return {
        "layout": layout, "components": _components(config, set(_numbers(layout))), "dependencies": events,
        "render_id": part._id,
    }  # fmt: skip


def _components(config: dict, numbers: set[int]) -> list[dict]:
    return [
        {key: value for key, value in component.items() if key not in UNREAD}
        for component in config["components"]
        if component["id"] in numbers
    ]


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


def _numbers(layout: dict) -> Iterator[int]:
    return (node["id"] for node in _nodes(layout))
