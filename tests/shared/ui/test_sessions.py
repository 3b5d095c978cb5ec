"""What Gradio keeps for a session, and does for a request."""

import gradio as gr
import pytest
from gradio.routes import App

from demos.shared.ui import sessions


@pytest.fixture
def app():
    """A page that counts, with a State of each visitor."""
    with gr.Blocks() as page:
        count = gr.State(0)
        shown = gr.Textbox("none")
        gr.Button().click(lambda count: (count + 1, str(count + 1)), count, [count, shown])
    app = App.create_app(page)
    sessions.lighten(app)
    return app


def test_session_holds_states_and_no_values_of_components(app):
    page = app.get_blocks()
    (event,), (count,) = page.fns.values(), (block for block in page.blocks.values() if isinstance(block, gr.State))
    one, other = app.state_holder["one"], app.state_holder["other"]
    one[count._id] = 5
    one._update_value_in_config(event.outputs[1]._id, "a large answer")
    assert (one[count._id], other[count._id]) == (5, 0) and app.state_holder["one"] is one
    assert not list(one.components) and page.state_holder is app.state_holder


def test_sessions_beyond_the_capacity_of_the_page_go(app):
    app.state_holder.capacity = 2
    for session in "abc":
        app.state_holder[session]
    assert list(app.state_holder.session_data) == ["b", "c"] == list(app.state_holder.time_last_used)


def test_page_with_a_password_still_asks_for_it():
    with gr.Blocks() as page:
        gr.Button()
    app = App.create_app(page)
    app.auth = {"name": "word"}  # as launch(auth=...) sets it
    sessions.lighten(app)
    assert not app.dependency_overrides
