"""A quotation names its author and mentions nobody: its author is notified of a reply."""

from __future__ import annotations

import pytest

from forums.actions.posts import edit_post, post_reply
from forums.bodies import prepare, quotation
from forums.models import Mention
from profiles.models import Delivery
from profiles.queries import notifications_of


def test_quoting_notifies_the_quoted_of_a_reply_only(alice, bob, charlie, thread, as_):
    post = post_reply(bob, thread, body="Ask @charlie-example.\n\n1. One\n2. Two")
    charlie.deliveries.all().delete()
    brought = (
        as_(alice).get(f"{thread.get_absolute_url()}?quote={post.number}").context["form"]["body"].value()
    )
    assert brought == "Bob Example wrote:\n\n> Ask @charlie-example.\n>\n> 1. One\n> 2. Two\n\n"
    answer = post_reply(alice, thread, body=brought + "Thank you.")
    assert not Mention.objects.filter(post=answer).exists()
    assert [one.kind for one in notifications_of(bob)] == ["reply"]
    assert set(Delivery.objects.filter(source_key=f"post:{answer.pk}").values_list("profile", "kind")) == {
        (bob.pk, "reply")
    }
    edit_post(alice, answer, body=brought + "Thank you, @charlie-example.")
    assert Mention.objects.get(post=answer).profile == charlie


@pytest.mark.parametrize(
    ("body", "is_mention"),
    [
        ("> @bob-example said", False), ("> - *deep* **@bob-example**", False), ("> > @bob-example", False),
        ("> quoted\n\n@bob-example, look", True), ("> @bob-example said\n\nIndeed, @bob-example", True), ("- @bob-example", True),
    ],
)  # fmt: skip
def test_a_name_in_a_quotation_is_a_link_and_no_mention(body, is_mention, bob):
    prepared = prepare(body)
    assert prepared.mention_ids == ((bob.pk,) if is_mention else ())
    assert 'class="mention"' in prepared.html


def test_a_name_cannot_format_the_quotation(bob, reply):
    bob.name = "*B* @root [x](y) <b>"
    reply.author = bob
    assert prepare(quotation(reply)).text.startswith("*B* root [x](y) <b> wrote:\nCheck the filter.")
