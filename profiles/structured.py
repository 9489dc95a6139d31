"""What search engines are told about a person: what their page shows."""

from __future__ import annotations

from django.conf import settings
from django.utils.safestring import SafeString

from community.lib import jsonld
from community.lib.markdown import plain_text
from profiles.models import Profile

BIO_CHARACTERS = 500


def of_profile(profile: Profile) -> SafeString:
    """Return a profile's facts as JSON-LD."""
    somebody = jsonld.person(profile.name, profile.get_absolute_url()) | {
        "alternateName": profile.handle,
        "identifier": str(profile.pk),
        "agentInteractionStatistic": jsonld.interactions(
            WriteAction=profile.thread_count + profile.reply_count
        ),
    }
    if profile.bio_html:
        somebody["description"] = jsonld.cut(plain_text(profile.bio_html), BIO_CHARACTERS)
    if profile.avatar_url:
        somebody["image"] = f"{settings.SITE_URL}{profile.avatar_url}"
    if links := [url for _label, url, _host in profile.shown_links]:
        somebody["sameAs"] = links
    page = {"@type": "ProfilePage", "dateCreated": profile.created_at.isoformat(), "mainEntity": somebody}
    return jsonld.script(page)
