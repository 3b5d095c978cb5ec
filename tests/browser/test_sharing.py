"""What a visitor passes on: an answer as a picture, a drawing as a link, a demo in a page; and what is counted."""

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import changing

ONE = [(0.44, 0.32), (0.53, 0.15), (0.51, 0.5), (0.5, 0.85)]  # shares of the pad's width and height
HOSTILE = ("%3Cscript%3E", "AAA", "AAAA..AAAA", "AAAA*", "A" * 20_000, "____.", ".", "AAAAAAA")
FRAMES = ("cifar10", "digits", "denoiser")
NO_STORE = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied'); } });"


def draw(page, points) -> None:
    box = page.locator("#digits-pad canvas").bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=6)
    page.mouse.up()


def test_a_drawing_is_a_link_and_its_answer_a_picture(visit):
    page = visit("/?demo=digits", ready="#digits-answer .card")
    drawn = "document.querySelector('#digits-pad canvas').toDataURL()"
    example = page.evaluate(drawn)
    for text in HOSTILE:
        page.evaluate("text => { location.hash = '#draw=' + text; }", text)
    assert page.evaluate(drawn) == example
    with changing(page, demo="digits"):
        draw(page, ONE)
    said = page.locator("#digits-answer .verdict").inner_text()
    assert "#draw=" in page.url and len(page.url) < 1000
    with page.expect_download() as download:
        page.get_by_role("button", name="Share").click()
    picture = Image.open(download.value.path())
    assert picture.size == (1200, 630) and download.value.suggested_filename == "loupe-digits.jpg"
    assert picture.convert("L").crop((20, 120, 580, 500)).getextrema()[0] < 60  # the stroke
    other = visit(page.url.partition(page.url.split("/")[2])[2], ready="#digits-answer .card")
    expect(other.locator("#digits-answer .verdict")).to_have_text(said)
    assert other.url == page.url


@pytest.mark.parametrize("script", ["", NO_STORE], ids=["kept", "not kept"])
def test_who_was_right_is_counted_in_this_browser(visit, script):
    page = visit(script=script)
    box = page.locator("#cifar10-answer .judge")
    box.get_by_role("button", name="Yes").click()
    expect(box.locator("output")).to_have_text("Right by your count, of 1: ours 1, the student project's 0.")
    box.get_by_role("button", name="Neither").click()  # changed my mind
    expect(box.locator("output")).to_have_text("Right by your count, of 1: ours 0, the student project's 0.")
    box.get_by_role("button", name="Neither").click()
    expect(box.locator("output")).to_be_hidden()
    box.get_by_role("button", name="Yes").click()
    with changing(page):
        page.locator(".examples button:visible").last.click()
    expect(box.locator("[aria-pressed=true]")).to_have_count(0)
    box.get_by_role("button", name="Yes").click()
    expect(box.locator("output")).to_contain_text("of 2: ours 2")
    if not script:
        page.evaluate('localStorage.setItem(\'loupe.tally\', \'{"cifar10": {"judged": "<b>", "right": 3}}\')')
        page.reload()
        page.get_by_role("button", name="Yes").click()
        expect(page.locator(".judge output")).to_contain_text("of 1: ours 1")


def test_three_demos_in_somebody_s_page_fit_it(visit, server, elsewhere):
    page = visit()
    page.get_by_role("button", name="Use it elsewhere").click()
    frame = page.locator("#cifar10-snippets code").nth(1).inner_text()
    frames = "\n".join(frame.replace("demo=cifar10", f"demo={name}") for name in FRAMES)
    elsewhere.html = f"<!doctype html><title>An article</title>{frames}"
    article = visit("/", url=elsewhere.url, size=(700, 900), ready="iframe")
    inside = [element.content_frame() for element in article.locator("iframe").element_handles()]
    for number, (name, frame) in enumerate(zip(FRAMES, inside, strict=True)):
        article.locator("iframe").nth(number).scroll_into_view_if_needed()  # what is out of sight is not drawn
        frame.locator(f"#{name}-answer .card").first.wait_for()
    for wide in (700, 390):
        article.set_viewport_size({"width": wide, "height": 900})
        for number, (name, frame) in enumerate(zip(FRAMES, inside, strict=True)):
            article.locator("iframe").nth(number).scroll_into_view_if_needed()
            frame.wait_for_function("document.querySelector('.demos').getBoundingClientRect().bottom + 2 > innerHeight")
            frame.wait_for_function("document.documentElement.scrollHeight <= innerHeight && innerHeight < 1000")
            assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
            expect(frame.locator(".examples").first).to_be_visible()
            link = frame.get_by_role("link", name="Open in Loupe")
            expect(link).to_be_visible()
            assert link.get_attribute("href") == f"./?demo={name}"
            assert frame.evaluate("document.featurePolicy?.allowsFeature('camera') ?? true")
