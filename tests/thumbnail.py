"""`python -m tests.thumbnail` takes docs/thumbnail.jpg, the start of the page, as sites show it with a link.

Needs Playwright and a Chromium.
"""

import shutil

from playwright.sync_api import sync_playwright

from tests import serving
from tests.browser.conftest import FLAGS, NAMES, WAIT
from tests.house import ROOT

SIZE = {"width": 1200, "height": 630}  # as sites show it
MOST = 100_000  # bytes
ANSWERED = "[...document.querySelectorAll('.tile q')].slice(0, 4).every((one) => one.innerText)"


def main() -> None:
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    if executable is None:
        raise SystemExit("No Chromium is on the path.")
    with serving.serve() as app, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        page = browser.new_page(viewport=SIZE)
        page.set_default_timeout(WAIT)
        page.goto(app.url)
        page.wait_for_function(f"document.querySelector('.tile') && {ANSWERED}")
        box = page.locator(".tile .view").first.bounding_box()
        page.mouse.move(box["x"] + 0.35 * box["width"], box["y"] + 0.35 * box["height"])
        page.wait_for_timeout(500)
        pictures = (page.screenshot(type="jpeg", quality=quality) for quality in range(92, 40, -4))
        (ROOT / "docs/thumbnail.jpg").write_bytes(next(picture for picture in pictures if len(picture) < MOST))
        browser.close()


if __name__ == "__main__":
    main()
