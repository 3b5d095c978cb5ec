"""What a visitor keeps between two events, as a component: the page holds a token, the store the value."""

from typing import Any

import gradio as gr

from demos.shared.keep import GONE
from demos.shared.ui.visitors import question, store

OPENING = "opening"  # the token of what all pages open with


class Kept(gr.Textbox):
    """In place of a gr.State for what is large: handlers get and give the value itself, None for nothing.

    Gradio keeps a State an hour after its page was closed, and lets it go when enough other sessions have come, without
    a word. says_gone: whether a handler gets keep.GONE for a value that is not kept any more, in place of None.
    """

    def __init__(self, value: Any = None, *, says_gone: bool = False, **options):
        self.says_gone, self.opening = says_gone, None
        super().__init__(value, visible="hidden", container=False, **options)

    def get_block_name(self) -> str:
        return "textbox"

    def get_config(self, cls=None) -> dict:
        """What the page is told: all that Gradio's own component takes."""
        return super().get_config(gr.Textbox)

    def open_with(self, value: Any) -> None:
        """Let every page open with a value, which no handler may change."""
        self.opening, self.value = value, None if value is None else OPENING

    def preprocess(self, payload: str | None) -> Any:
        """Token -> value."""
        if payload == OPENING and self.opening is not None:
            return self.opening
        value = store.get(payload if isinstance(payload, str) else None)
        return None if value is GONE and not self.says_gone else value

    def postprocess(self, value: Any) -> str | None:
        """Value -> token."""
        return None if value is None else store.put(value, question().session, self._id)
