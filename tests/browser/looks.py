"""What a page must be in every look: no wider than the window, and without axe violations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.proof import sizes

if TYPE_CHECKING:
    from tests.browser.conftest import Visitor

WIDTHS, SCHEMES = (390, 1280), ("light", "dark")
# Every run looks at each page in both widths, every other one dark; a proof looks at all four.
SIZES = sizes(full=(False, True))
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


def violations(page: Page) -> list[str]:
    """Return what is wrong with the open page as it looks now."""
    found = []
    if (
        wide := page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    ) > 0:
        found.append(f"{wide} px too wide")
    # A frame has its host's ground; its own would be the canvas, which axe takes for white.
    page.evaluate(
        "/^.embed/.test(location.pathname) && (document.documentElement.style.background = 'Canvas')"
    )
    answer = Axe().run(page, options=RULES).response
    return found + [
        f"{one['id']} {[node['target'] for node in one['nodes'][:3]]}" for one in answer["violations"]
    ]


def problems(
    who: Visitor, paths: Iterable[str], *, full: bool = False, measure: Callable[[], list[str]] | None = None
) -> list[str]:
    """Open each page, and return what is wrong with it in its looks, what `measure` finds, and what the console said.

    A theme comes with a load of its own: of a page that changes its theme, axe reads some colours from before.
    """
    found = []
    for number, path in enumerate(paths):
        for scheme in SCHEMES if full else (SCHEMES[number % 2],):
            who.page.emulate_media(color_scheme=scheme)
            who.go(path)
            found += [f"{path}: {one}" for one in (measure() if measure else ())]
            for width in WIDTHS:
                who.page.set_viewport_size({"width": width, "height": 900})
                found += [f"{path} {width} {scheme}: {one}" for one in violations(who.page)]
    return found + who.errors
