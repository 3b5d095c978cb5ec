"""The page's gr.Blocks: what comes in is checked before any component or handler sees it, and faults are sentences."""

from __future__ import annotations

import asyncio
import copy
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from pathlib import Path
from traceback import extract_tb
from typing import Any

import gradio as gr
from gradio.processing_utils import add_root_url
from gradio.routes import App
from gradio.utils import LRUCache

import weights
from demos.shared import images, work
from demos.shared.text import join_surrogates
from demos.shared.ui import html, lanes, parts, picture, start
from demos.shared.ui.events import SHORT, SLOW
from demos.shared.ui.given import fill_in, say, take_in
from demos.shared.ui.visitors import Question, current, presence

log = logging.getLogger(__name__)

WENT_WRONG = "This went wrong: load the page again, then try once more."
SESSION_SECONDS = 20  # that Gradio's copies of the page stay for a session that has no page open
MAX_SESSIONS = 2000  # for which answers may be on their way
# Between two looks for questions: Gradio's own, which take a twentieth of a processor, and while nobody asks.
AWAKE_SECONDS, ASLEEP_SECONDS = 0.001, 0.01
# The name of the part that the page is asked for with; None where its whole configuration is.
opened: ContextVar[str | None] = ContextVar("opened", default=None)
# By what the page knows the pictures that are asked about.
asked: ContextVar[tuple] = ContextVar("asked", default=())


@contextmanager
def no_app_yet() -> Iterator[None]:
    """Within, Gradio makes no app of the page: it would make three, of hundreds of routes, and serve that of launch."""
    create = App.create_app
    App.create_app = staticmethod(lambda *given, **named: None)
    try:
        yield
    finally:
        App.create_app = staticmethod(create)


class Page(gr.Blocks):
    """gr.Blocks that trusts no visitor, gives short answers their turns, and sends its parts when they are opened.

    parts: each by the number of the event that asks for it. unsent: components that are not sent with the page.
    version: changes with what is sent. listings: what others are told of the start and of each demo, by name. freshens:
    what gives first answers anew where other weights have come.
    """

    def __init__(self, *given, **named):
        self.version, self.asked_at, self._renewing = 0, 0.0, threading.Lock()
        super().__init__(*given, **named)
        self.short = lanes.ShortLane()
        self.parts: dict[int, parts.Part] = {}
        self.unsent: list[gr.blocks.Block] = []
        self.listings: dict[str, start.Listing] = {}
        self.freshens: list[Callable[[], None]] = []

    @property
    def config(self) -> dict:
        """What Gradio draws the page from: all of it, or, for a page that is `opened`, what is in sight at first."""
        if self.whole is None:
            self.renew()
        name = opened.get()
        if name is None:
            return self.whole
        return parts.narrow(self.whole, list(self.parts.values()), name, [block._id for block in self.unsent])

    @config.setter
    def config(self, config: dict | None) -> None:
        self.whole, self.version = config, self.version + 1

    def get_config_file(self) -> None:
        """Nothing yet: Gradio asks three times before anybody reads it, and to write it takes a while."""

    def get_api_info(self, *given, **named) -> dict:
        """As Gradio does it, of the whole page, whoever asks first."""
        token = opened.set(None)
        try:
            return super().get_api_info(*given, **named)
        finally:
            opened.reset(token)

    def renew(self) -> None:
        """Send from now on what the components hold now."""
        with self._renewing:
            self.config = super().get_config_file()

    def freshen(self) -> None:
        """Open from now on with the answers of the weights that answer now."""
        for freshen in self.freshens:
            try:
                freshen()
            except Exception:  # a demo is somebody's code
                log.exception("A first answer could not be given anew")

    def queue(self, *given, **named) -> Page:
        """As Gradio does it, but calmer, and no visitor's answers are dropped for sessions that nobody reads."""
        super().queue(*given, **named)
        self._queue.pending_messages_per_session = Mailboxes(MAX_SESSIONS)
        self._queue.sleep_when_free = ASLEEP_SECONDS
        return self

    def _turn(self, fn, is_live: bool):
        """A turn in the short lane for a function that needs one."""
        is_slow = fn.concurrency_id == SLOW["concurrency_id"]
        is_short = is_slow or fn.concurrency_id == SHORT["concurrency_id"]
        return self.short.turn(is_slow, is_live) if is_short else nullcontext()

    async def process_api(self, block_fn, inputs: list, *given, **named) -> dict[str, Any]:
        """As Gradio does it; whatever is wrong is one sentence to the visitor and at most one line in the log."""
        question = Question(named.get("session_hash") or "", named.get("event_id") or "")
        token = current.set(question)
        fn = self.fns[block_fn] if isinstance(block_fn, int) else block_fn
        pictures = [
            value for part, value in zip(fn.inputs, inputs, strict=False) if isinstance(part, picture.PictureInput)
        ]
        pictures_token = asked.set(tuple(map(picture.key, pictures)))
        self.asked_at, self._queue.sleep_when_free = time.monotonic(), AWAKE_SECONDS
        try:
            if named.get("iterator") is None:
                inputs = take_in(fn.inputs, fill_in(fn, inputs), self.kept_files)
            async with self._turn(fn, any(map(picture.is_live, pictures))):
                answer = await super().process_api(block_fn, inputs, *given, **named)
            if part := self.parts.get(fn._id):
                content = parts.content(self.config, list(self.parts.values()), part)
                answer["render_config"] = add_root_url(content, named.get("root_path") or "", None)
            if question.session == question.event and not answer["is_generating"]:  # of the API, asked once
                self._forget(question.session)
            return answer
        except lanes.Full as error:
            return await super().process_api(_in_place(fn, str(error)), inputs, *given, **named)
        except gr.Error as error:
            raise say(join_surrogates(str(error.message))) from None
        except (work.Abandoned, images.PictureError, weights.Unavailable) as error:
            raise say(str(error)) from None
        except Exception as error:
            log.warning("%s: %s at %s", fn.api_name, type(error).__name__, _place(error))
            log.debug("", exc_info=error)
            raise say(WENT_WRONG) from None
        finally:
            current.reset(token)
            asked.reset(pictures_token)

    async def postprocess_data(self, block_fn, *given, **named) -> list:
        """As Gradio does it; where its answer stands, it is noted of which pictures it is."""
        data = await super().postprocess_data(block_fn, *given, **named)
        place = _answer_place(block_fn)
        if asked.get() and place is not None:
            data[place] = html.sign(data[place], asked.get())
        return data

    def kept_files(self) -> set[str]:
        """The page's own examples and figures, as copies in the upload folder and as they came."""
        return {file for block in self.blocks.values() for file in getattr(block, "keep_in_cache", ())}

    def rest(self, seconds: float) -> None:
        """Look for questions less often, where none came for so many seconds."""
        if time.monotonic() - self.asked_at > seconds:
            self._queue.sleep_when_free = ASLEEP_SECONDS

    def forget_sessions(self) -> None:
        """Let go what Gradio holds for sessions without an open page: copies of the page, and answers unread."""
        queue, used = self._queue, self.app.state_holder.time_last_used
        recent = {session for session, at in used.items() if time.time() - at.timestamp() <= SESSION_SECONDS}
        asking = {event.session_hash for event in queue.event_ids_to_events.values()}
        unread = queue.pending_messages_per_session, queue.pending_event_ids_session
        for session in {*used, *unread[0], *unread[1]} - recent:
            if not presence.is_here(session):
                self._forget(session)
                if session not in asking:
                    for answers in unread:
                        answers.pop(session, None)

    def _forget(self, session: str) -> None:
        self.app.state_holder.session_data.pop(session, None)
        self.app.state_holder.time_last_used.pop(session, None)


class Mailboxes(LRUCache):
    """The answers on their way to each session, asyncio.Queue by session.

    Where there are too many, the oldest session goes that nobody listens to. Answers to one that has gone are lost.
    """

    def __setitem__(self, session: str, answers: asyncio.Queue) -> None:
        if session not in self and len(self) >= self.max_size:
            unheard = next((one for one in self if not presence.is_here(one)), None)
            self.pop(unheard, None)
        super().__setitem__(session, answers)

    def __missing__(self, session: str) -> asyncio.Queue:
        return asyncio.Queue()


def _answer_place(fn: Any) -> int | None:
    """The number of the output in which an event answers; None where there is none."""
    kinds = (isinstance(output, gr.HTML) and not isinstance(output, picture.PictureInput) for output in fn.outputs)
    return next((number for number, is_place in enumerate(kinds) if is_place), None)


def _in_place(fn: Any, sentence: str) -> Any:
    """An event that says a sentence where its answer would stand, and leaves the rest as it is."""
    place = _answer_place(fn)
    if place is None:
        raise say(sentence)
    outputs = [gr.skip()] * len(fn.outputs)
    if not getattr(fn.outputs[place], "asks_again", False):  # what does, needs no sentence
        outputs[place] = html.message(sentence)
    instead = copy.copy(fn)
    instead.fn = lambda *_: outputs[0] if len(outputs) == 1 else outputs
    return instead


def _place(error: BaseException) -> str:
    """Where an error was raised, as the last files and lines on the way there."""
    return " < ".join(
        f"{Path(frame.filename).name}:{frame.lineno}" for frame in extract_tb(error.__traceback__)[:-4:-1]
    )
