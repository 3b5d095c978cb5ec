"""What Gradio does for each session and each request, and need not: the page has no deep links and no passwords."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from gradio.routes import App
from gradio.state_holder import SessionState, StateHolder


def lighten(app: App) -> None:
    """Do without both, from before the first request on."""
    app.state_holder = Sessions()
    app.state_holder.set_blocks(app.get_blocks())
    if app.auth is None and app.auth_dependency is None:
        app.dependency_overrides[_find(app, "login_check")] = _let_in


async def _let_in() -> None:
    """In place of Gradio's own check, which every request would wait for a thread for."""


def _find(app: App, name: str) -> Any:
    """The function of an address of Gradio's."""
    routes = [route for included in app.routes for route in getattr(included, "original_router", app).routes]
    return next(route.endpoint for route in routes if getattr(route, "name", "") == name)


class Session(SessionState):
    """What a visitor's States hold. Gradio's own would describe all components, in 30 ms, and keep every answer."""

    def __init__(self, blocks: Any):
        super().__init__(SimpleNamespace(default_config=blocks.default_config, blocks=()))

    def __setitem__(self, key: int, value: Any) -> None:
        super().__setitem__(key, value)
        self.config_values.clear()

    def _update_config(self, key: int) -> None: ...

    def _update_value_in_config(self, key: int, value: Any) -> None: ...


class Sessions(StateHolder):
    """All sessions."""

    def __getitem__(self, session: str) -> Session:
        if session not in self.session_data:
            self.session_data[session] = Session(self.blocks)
        return super().__getitem__(session)
