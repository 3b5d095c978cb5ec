"""How the page is drawn: on every screen, in light and dark, without a jump, for everybody."""

import pytest
from PIL import Image
from playwright.sync_api import expect

from demos import discover
from demos import page as suite
from demos.cifar10 import demo
from tests.browser.conftest import (
    DESK,
    PHONE,
    SMALL_PHONE,
    changing,
    choose,
    choose_example,
    encode,
    serious_violations,
    settled,
)

# The rules whose answer hangs on the colours, which take most of the time and which no width changes.
COLOURS = ("color-contrast", "link-in-text-block")
# Controls and their names that reach beyond what shows them, and buttons that left the row of the others.
CUT = """() => {
    const shown = (kind) => [...document.querySelectorAll(kind)].filter((one) => one.getClientRects().length);
    const isCut = (one) => {
        const box = one.closest(".block:not(.looks *)");
        return !box.matches(".looks") && one.getBoundingClientRect().right > box.getBoundingClientRect().right + 1;
    };
    const controls = shown(".block :is(label span, label, input, button)");
    const rows = shown(".picture .tools").filter((row) => row.clientWidth > 240 && row.clientHeight > 60);
    return [...controls.filter(isCut), ...rows].map((one) => one.outerHTML.slice(0, 200));
}"""
COLOURS_STAND = """() => Promise.allSettled(
    document.getAnimations().filter(one => one instanceof CSSTransition).map(one => one.finished)
)"""


def open_everything(page) -> None:
    """Open every fold of the tab, and check every box."""
    for fold in page.locator("button.label-wrap:visible").all():
        fold.click()
    settled(page)
    for box in page.locator("input[type=checkbox]:visible").all():
        box.check()
    settled(page)


def test_there_is_one_main_heading_and_the_question_below_it(visit):
    page = visit()
    expect(page.locator("h1")).to_have_text("Loupe")
    expect(page.locator("h2")).to_have_text(demo.question)


def test_on_a_phone_the_answer_is_on_the_screen_with_the_picture(visit):
    page = visit(size=PHONE)
    answer, picture = page.locator(".answer").first.bounding_box(), page.locator("#cifar10-picture").bounding_box()
    assert 0 <= picture["y"] < picture["y"] + picture["height"] <= answer["y"]
    assert answer["y"] + answer["height"] <= PHONE[1]


def test_light_and_dark_follow_the_visitor_and_the_address_and_each_tab_of_a_browser_has_its_own_answer(visit):
    def paper(page) -> str:
        red, green, blue = page.locator("gradio-app").evaluate(
            "app => getComputedStyle(app).backgroundColor.match(/\\d+/g)"
        )[:3]
        return f"#{int(red):02x}{int(green):02x}{int(blue):02x}"

    light, dark = visit(scheme="light"), visit(scheme="dark")
    assert paper(light) == suite.PAPER
    assert paper(dark) == suite.NIGHT
    assert paper(visit("/?demo=cifar10&__theme=dark", scheme="light")) == suite.NIGHT
    for page, number in ((light, 1), (dark, 2)):
        choose_example(page, number)
    for page, label in ((light, "automobile"), (dark, "ship")):
        expect(page.locator("#cifar10-answer .answer").first).to_contain_text(label)


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_nothing_jumps_while_an_answer_loads(visit, photograph, size):
    page = visit(size=size)
    # A photograph of other proportions, then a file that cannot be read.
    rocket = encode(Image.open(photograph.parent / "rocket.jpg").resize((200, 300)), "JPEG")
    for content in (rocket, b"not a picture"):
        page.evaluate("window.shifts.length = 0")
        choose(page, content, "picture.jpg")
        shifts = page.evaluate("window.shifts")
        assert sum(shift[0] for shift in shifts) < 0.1, shifts


def test_who_prefers_no_movement_sees_none(visit):
    page = visit()
    page.emulate_media(reduced_motion="reduce")
    assert page.locator(".card").first.evaluate("card => getComputedStyle(card).animationName") == "none"


@pytest.mark.parametrize("name", [one.name for one in discover()])
def test_every_tab_fits_and_axe_finds_nothing_serious_in_light_and_dark(visit, name):
    page = visit(f"/?demo={name}", size=PHONE, ready=f"#{name}-answer .card")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    open_everything(page)
    runs = ((PHONE, "light", {}), (PHONE, "dark", {"rules": COLOURS}), (DESK, "dark", {"but": COLOURS}))
    for (width, height), scheme, rules in runs:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(f"document.body.classList.contains('dark') == {str(scheme == 'dark').lower()}")
        page.evaluate(COLOURS_STAND)
        found = serious_violations(page, **rules)
        assert not found, "\n".join(found)
    check_other_states(page, name)


def check_other_states(page, name: str) -> None:
    """A refusal, an error and an answer that is awaited, each at another width."""

    def check(width: int, height: int = 900) -> None:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert not page.evaluate(CUT)
        found = serious_violations(page, but=COLOURS)
        # Elsewhere the colours are what they were.
        found += serious_violations(page, rules=COLOURS, within=(f"#{name}-picture", f"#{name}-answer", ".examples"))
        assert not found, "\n".join(found)

    examples = page.locator(".examples:visible").first.locator("button")
    with changing(page, demo=name):
        examples.last.click()
    check(*SMALL_PHONE)
    if page.locator(f"#{name}-picture input[type=file]").count():
        choose(page, b"not a picture", "note.png", demo=name)
        expect(page.locator(f"#{name}-answer [role=alert]")).to_be_visible()
        check(768)
    page.route("**/gradio_api/queue/**", lambda route: None)  # no answer comes
    examples.first.click()
    check(1024)


def test_focus_is_seen_on_every_control_in_both_schemes_and_forced_colours_keep_what_is_drawn(visit):
    page = visit(size=PHONE)
    outline = "(e => getComputedStyle(e).outlineStyle + getComputedStyle(e).outlineWidth)(document.activeElement)"
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.locator("h1 a").focus()
        for _ in range(30):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement === document.body"):
                break
            assert page.evaluate(outline).removeprefix("auto") != "none0px", page.evaluate(
                "document.activeElement.outerHTML.slice(0, 200)"
            )
    page.get_by_role("tab", name="Digits").focus()
    for key, name in {"ArrowLeft": "Ten things", "Home": "Start", "End": "Clothes", "ArrowRight": "Start"}.items():
        page.keyboard.press(key)
        expect(page.get_by_role("tab", name=name)).to_be_focused()
    expect(page.get_by_role("tab", name="Ten things")).to_have_attribute("aria-selected", "true")
    page.emulate_media(forced_colors="active")
    bar = page.locator(".bars i").first.evaluate("e => getComputedStyle(e).backgroundImage")
    assert "gradient" in bar
    box = page.get_by_label("Show where each network found its evidence")
    assert box.evaluate("e => getComputedStyle(e).appearance") == "auto"  # else it never looks checked
    chosen, other = page.get_by_role("tab", name="Ten things"), page.get_by_role("tab", name="Digits")
    border = "e => getComputedStyle(e).borderBottomWidth"
    assert chosen.evaluate(border) != other.evaluate(border)
