"""What is sent of a page at first, and what when a part of it comes in sight."""

import json

import gradio as gr
import pytest

from demos.shared.ui.blocks import Page, opened
from demos.shared.ui.parts import Part, content
from tests import house


@pytest.fixture
def page() -> Page:
    """Two tabs with a part each, the second with another one folded away, and what is never shown."""
    with Page(analytics_enabled=False) as page:
        with gr.Tabs():
            for name in ("one", "two"):
                with gr.Tab(name, id=name), Part(name, 100):
                    button, text = gr.Button(f"button of {name}"), gr.HTML(f"text of {name}")
                    button.click(lambda: "pressed", None, text, api_name=f"press_{name}")
                    with gr.Accordion("More", open=False), Part(f"{name}-more", 100):
                        more = gr.Button(f"more of {name}")
                        more.click(lambda: "more", None, gr.HTML(), api_name=f"more_{name}")
        with gr.Column(visible=False) as endpoints:
            gr.Button("never shown").click(lambda: None, api_name="endpoint")
    page.unsent = [endpoints]
    return page


def sent(page: Page, name: str | None) -> dict:
    """The configuration of a page that opens with a part, as Gradio would make it."""
    token = opened.set(name)
    try:
        config = page.config
    finally:
        opened.reset(token)
    place = config["page"][""]
    events = [event for event in config["dependencies"] if event["id"] in place["dependencies"]]
    components = [component for component in config["components"] if component["id"] in place["components"]]
    return {"layout": place["layout"], "components": components, "dependencies": events}


def numbers(layout: dict) -> list[int]:
    return [layout["id"], *(number for child in layout.get("children", ()) for number in numbers(child))]


def named(config: dict) -> set[str]:
    return {event["api_name"] for event in config["dependencies"]} & {
        "press_one", "more_one", "press_two", "more_two", "endpoint",
    }  # fmt: skip


@pytest.mark.parametrize("name, other", [("one", "two"), ("two", "one")])
def test_a_page_is_sent_with_the_part_that_it_opens_with_alone(page, name, other):
    config = sent(page, name)
    text = json.dumps(config["components"])
    assert f"text of {name}" in text and f"text of {other}" not in text
    assert "more of" not in text and "never shown" not in text and "api_info" not in text
    assert named(config) == {f"press_{name}", "endpoint"}
    assert set(numbers(config["layout"])) - {config["layout"]["id"]} == {one["id"] for one in config["components"]}
    (tabs,) = (one for one in config["components"] if one["type"] == "tabs")
    assert tabs["props"]["selected"] == name


def test_a_page_opens_with_its_first_part_where_there_is_none_of_that_name(page):
    assert sent(page, "three") == sent(page, "two-more") == sent(page, "") == sent(page, "one")


def test_the_whole_configuration_is_that_of_a_page_without_parts(page):
    config = sent(page, None)
    assert named(config) == {"press_one", "more_one", "press_two", "more_two", "endpoint"}
    drawn = set(numbers(config["layout"]))
    texts = {one["props"]["value"] for one in config["components"] if one["id"] in drawn and "value" in one["props"]}
    assert {"text of one", "text of two", "more of one", "more of two", "never shown"} <= texts


def test_a_part_that_is_asked_for_comes_without_what_is_folded_away_in_it(page):
    parts = list(page.parts.values())
    for part, events in zip(parts, ({"press_one"}, {"more_one"}, {"press_two"}, {"more_two"}), strict=True):
        config = content(page.config, parts, part)
        assert config["layout"]["id"] == config["render_id"] == part._id and named(config) == events
        assert set(numbers(config["layout"])) == {one["id"] for one in config["components"]}


async def _ask(page: Page, part: Part) -> dict:
    number = next(number for number, one in page.parts.items() if one is part)
    return await page.process_api(page.fns[number], [], state=None, root_path="https://here.example")


def test_the_event_of_a_part_brings_it(page):
    part = next(iter(page.parts.values()))
    answer = house.run(_ask(page, part))
    expected = content(page.config, list(page.parts.values()), part)
    assert json.dumps(answer["render_config"]) == json.dumps(expected)


def test_outside_of_a_page_a_part_is_a_column():
    with gr.Blocks() as blocks:
        with Part("one", 100):
            text = gr.HTML("text")
    assert [type(block) for block in blocks.blocks.values()] == [Part, gr.HTML] and text.parent.name == "one"
