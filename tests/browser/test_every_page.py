"""Every page of the access table, for those who get it: nothing scrolls sideways whatever it is called, no axe violations, no
errors in the console."""

from __future__ import annotations

import pytest
from django.utils import timezone

from community.pages.models import Page as SitePage
from forums.actions.drafts import save_draft
from forums.actions.posts import edit_post, post_reply
from forums.actions.solutions import mark_solution
from forums.actions.threads import ask
from forums.models import Tag, Thread, Topic, TopicGroup
from points.models import Reward
from profiles.models import Profile, Team, TeamMembership
from tests.browser.looks import SIZES, problems
from tests.test_access import PAGES, ROLES, decided_paths, paths  # noqa: F401  # fixtures

pytestmark = pytest.mark.browser
# Pages that the access table leaves to allauth and to the API.
GUESTS = (
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/api/v1/docs/",
    "/questions/?tag=none",
)
MEMBERS = (
    "/settings/api-keys/", "/settings/sessions/", "/accounts/sessions/", "/accounts/3rdparty/", "/accounts/2fa/webauthn/",
    "/accounts/2fa/", "/accounts/email/", "/accounts/password/change/", "/accounts/logout/",
)  # fmt: skip
PEOPLE = {"guest": None, "member": "bob", "moderator": "mo", "admin": "root"}
# In an ordinary run, only what the other does not get is looked at.
SEEN_BY = {"member": "moderator", "admin": "moderator"}
WIDTHS = (320, 390, 1280)
WORDS = {
    "compound": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "ideographs": "永和九年歲在癸丑暮春之初會于會稽山陰之蘭亭修禊事也" * 4,
    "right to left": "والمستشفياتالمتخصصةوبالقسطنطينية" * 4,
    "combining marks": "Z̸̢̛͎̗̟͑̾a̷̧͖͔͛̈́l̶̯̮͒͐g̵̦̈́ọ̷̿" * 24,
    "address": "somebody.with.a.very.long_name+and-a-filter." * 2
    + "@mail.department.of.something.example.com",
}
WORD = WORDS["compound"] + "svorsitzendenstellvertreterwahlordnungen"  # 120 characters
# Measures the page with each word in the compound's place.
MEASURE = """words => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), texts = new Map(), wide = [];
  while (walker.nextNode()) texts.set(walker.currentNode, walker.currentNode.data);
  for (const [node, text] of texts) if (!text.includes(words.compound)) texts.delete(node);
  for (const [name, word] of Object.entries(words)) {
    for (const [node, text] of texts) node.data = text.replaceAll(words.compound, word);
    const width = document.documentElement.scrollWidth;
    if (width > innerWidth) wide.push(`${name}: ${width} px of ${innerWidth}`);
  }
  for (const [node, text] of texts) node.data = text;
  return wide;
}"""


@pytest.fixture
def called_by_one_word(paths, thread, alice, bob, mo, root, topic):  # noqa: F811
    """The addresses of the access table, with something of everything on them, called by one long word."""
    post_reply(
        mo,
        thread,
        body=f"> {WORD}\n\n| {WORD} | b |\n|---|---|\n| 1 | `{WORD}` |\n\n```python\nx = '{WORD}'  # z\n```",
    )
    answer = post_reply(bob, thread, body=f"- {WORD}\n- https://example.com/{WORD}\n\n# {WORD}\n\n**{WORD}**")
    for number in range(10):
        post_reply(mo if number % 2 else bob, thread, body=f"And one more thing, number {number}.")
    mark_solution(alice, answer)
    edit_post(bob, answer, body=f"- [x] {WORD}\n- two", reason=WORD)
    for number in range(2):
        ask(bob, topic=topic, subject=f"{number} {WORD}", body=WORD, tags=["csv"])
    save_draft(mo, "ask", subject=WORD, body=WORD)
    firmware = Team.objects.get(slug="firmware")
    TeamMembership.objects.create(team=firmware, profile=mo, title=WORD)
    Profile.objects.filter(pk=mo.pk).update(team=firmware)
    Reward.objects.create(title=WORD, slug="mug", summary=WORD, price=3, published_at=timezone.now())
    SitePage.objects.filter(slug="points").update(title=WORD, body=WORD, body_html=f"<p>{WORD}</p>")
    Thread.objects.update(subject=f"export {WORD}")
    Profile.objects.update(
        name=WORD, location=WORD, company=WORD, company_role=WORD, bio_html=f"<p>{WORD}</p>"
    )
    Tag.objects.update(description=WORD)
    Team.objects.update(tagline=WORD)
    for model in (Topic, TopicGroup, Team):
        model.objects.update(name=WORD[:80])
    return paths


def _pages(role, addresses, browser, *, other=None):
    """The pages that `role` gets and `other` does not, of the access table and beside it."""
    gets = {name: dict(zip(ROLES, row, strict=True)) for name, row in PAGES.items()}
    own = [addresses[name] for name, answers in gets.items() if answers[role] == 200 != answers.get(other)]
    if other is None:
        own += MEMBERS if PEOPLE[role] else GUESTS
    return [path for path in own if b"<html" in browser.get(path).content]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("role", PEOPLE)
def test_no_page_scrolls_sideways_or_fails_axe(visitor, as_, called_by_one_word, role, size):
    browser = as_(Profile.objects.get(user__email=f"{PEOPLE[role]}@example.com") if PEOPLE[role] else None)
    pages = _pages(role, called_by_one_word, browser, other=None if size["full"] else SEEN_BY.get(role))
    who = visitor()
    if PEOPLE[role]:
        who.enter(browser)

    def measure():
        for width in WIDTHS:
            who.page.set_viewport_size({"width": width, "height": 900})
            yield from who.page.evaluate(MEASURE, WORDS)

    assert pages
    assert problems(who, pages, measure=measure, **size) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_suggestions_break_long_words(visitor, called_by_one_word, width):
    guest = visitor(width=width)
    guest.go("/questions/")
    guest.page.fill("input[name=q]", "export")
    offers = guest.page.locator(".search__offers")
    offers.locator("[role=option]").first.wait_for()
    assert offers.evaluate(
        "list => list.scrollWidth <= list.clientWidth && document.documentElement.scrollWidth <= innerWidth"
    )
