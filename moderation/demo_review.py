"""The review queue of the demo community: a new member’s question that is shown, and two texts that wait."""

from __future__ import annotations

from collections.abc import Mapping

from forums.actions.posts import post_reply
from forums.actions.threads import ask
from forums.models import Thread, Topic
from profiles.actions.accounts import create_member
from profiles.models import Profile
from profiles.models.profile import Trust

PASSWORD = "hearth demo"  # noqa: S105  (printed for everybody to see, in local mode only)


def seed_review(people: Mapping[str, Profile]) -> None:
    """Somebody new asks and is let through, advertises and is not; what members announce waits for a moderator."""
    new = create_member(
        "lou@example.com", first_name="Lou", last_name="Ferrand", password=PASSWORD, verified=True
    )
    new.trust = Trust.NEW
    new.save(update_fields=["trust"])
    power = Topic.objects.filter(slug="power").first()
    if power is not None:
        ask(new, topic=power, subject="Does a second panel help in December?", body=QUESTION, tags=["solar"])
    thread = Thread.objects.listed().filter(topic__slug="sensors").order_by("created_at").first()
    if thread is not None:
        post_reply(new, thread, body=ADVERT)
    Topic.objects.filter(slug="announcements").update(review_threads=True)
    news = Topic.objects.filter(slug="announcements").first()
    if news is not None:
        ask(people["sam"], topic=news, subject="A meeting of station keepers in Utrecht", body=MEETING)


QUESTION = (
    "My station stands between two houses and sees the sun for an hour at noon. In December the battery reaches 20 % after "
    "a week of clouds.\n\nWould a second panel on the other wall help, or is a bigger battery the better buy?"
)
ADVERT = (
    "Great article! For the best price on solar panels visit our shop https://sunny-deals.shop and use the promo code SUN50 "
    "for 50 % off. Contact us on WhatsApp +1 202 555 0143."
)
MEETING = "On the second Saturday of March we meet in the library, bring a sensor that puzzles you. Twelve people said they come."
