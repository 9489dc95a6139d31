"""What moderators write is as hostile as anything: it is never markup, wherever it is read."""

from __future__ import annotations

from html.parser import HTMLParser

from forums.actions.threads import edit_thread
from moderation.actions.posts import hide_post, show_post
from moderation.actions.review import set_trust, turn_down_post
from tests.lib.corpora import needs_data, read


@needs_data
def test_no_payload_in_a_reason_becomes_markup_anywhere(as_, mo, alice, bob, thread, reply, mailoutbox):
    payloads = [
        *(row["payload"][:300] for row in read("xss.jsonl")[:120]),
        "<script>alert(1)</script>",
        "\x00\ud7ff</q><svg onload=alert(1)>",
    ]
    for number, text in enumerate(payloads):
        (hide_post if number % 2 == 0 else show_post)(mo, reply, reason=text)
    edit_thread(mo, thread, tags=["safe"], reason="<img src=x onerror=alert(1)>")
    set_trust(mo, alice, "trusted", reason="<script>alert(2)</script>")
    turn_down_post(mo, reply, reason="<script>alert(3)</script>")
    pages = {
        mo: ["/moderation/log/", f"/moderation/threads/{thread.pk}/panel/", "/moderation/review/", thread.get_absolute_url()],
        bob: ["/community/notifications/", "/community/dashboard/", "/settings/mail/log/", f"/questions/post/{thread.posts.get(number=1).pk}/history/"],
    }  # fmt: skip
    harmless = {
        who: {path: _tags(as_(who).get(path, follow=True).content.decode()) for path in paths}
        for who, paths in pages.items()
    }
    for found in harmless.values():
        for path, tags in found.items():
            assert not tags, (path, tags)


def _tags(page: str) -> list[str]:
    """Return what a browser would run that is not ours."""

    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.bad: list[str] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            given = dict(attrs)
            src = str(given.get("src") or given.get("href") or "").strip().lower()
            if (
                tag == "script" and not src.startswith("/static/") and "json" not in str(given.get("type"))
            ) or src.startswith(("javascript:", "data:text")):
                self.bad.append(f"{tag} {attrs}")
            self.bad += [f"{tag} {name}" for name in given if name.startswith("on")]

    reader = Reader()
    reader.feed(page)
    return reader.bad
