"""The stream on which the page hears its answers: the server ends it now and then, which no question may miss."""

import pytest

from tests.browser.conftest import choose_example, settled
from tests.waiting import wait_for

# From `hold()` on, the page hears of the end of a stream of answers only when `release()` is called.
SLOW_END = """
const direct = window.fetch;
let released = Promise.resolve();
window.ended = window.missed = 0; // streams that ended, and questions that the server took afterwards
window.hold = () => { ended = 0; released = new Promise(done => { window.release = done; }); };
window.fetch = async (address, ...options) => {
    const answer = await direct(address, ...options);
    if (answer.url.includes("/queue/join")) missed += ended;
    if (!answer.url.includes("/queue/data")) return answer;
    const slowed = new TransformStream({
        async transform(part, out) {
            const [answers, end] = part.split('data: {"msg":"close_stream"');
            out.enqueue(answers);
            if (end == undefined) return;
            ended = 1;
            await released;
            out.enqueue(`data: {"msg":"close_stream"${end}`);
        }
    });
    const text = answer.body.pipeThrough(new TextDecoderStream()).pipeThrough(slowed);
    return new Response(text.pipeThrough(new TextEncoderStream()), answer);
};
"""


@pytest.mark.parametrize("name", ["cifar10", "digits"])  # of which digits asks twice for an answer
def test_what_is_asked_while_the_stream_of_answers_ends_is_answered(visit, name):
    page = visit(f"/?demo={name}", ready=f"#{name}-answer .card", script=SLOW_END)
    before = page.locator(f"#{name}-answer").inner_text()
    page.evaluate("hold()")
    choose_example(page, 1)
    wait_for(lambda: page.wait_for_timeout(20) or page.evaluate("ended"))
    choose_example(page, 2)
    wait_for(lambda: page.wait_for_timeout(20) or page.evaluate("missed"))
    page.wait_for_timeout(300)  # until the page has read what the server said
    page.evaluate("release()")
    settled(page)
    assert page.locator("[data-stale]").count() == 0
    assert page.locator(f"#{name}-answer").inner_text() != before
