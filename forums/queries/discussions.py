"""What one person has asked and where they have replied."""

from __future__ import annotations

from forums.models import Post, Thread
from forums.queries.lists import ROW_VALUES, dress, rows_of
from profiles.models import Profile

SHOWN = 20
LOOKED_AT = 200  # newest replies among which the threads are found


def discussions(profile: Profile, viewer: Profile | None) -> dict[str, object]:
    """Return the newest listed threads a person asked, and those of others they replied in: four queries."""
    listed = Thread.objects.listed()
    asked = rows_of(
        listed.filter(author=profile).order_by("-created_at", "-pk").values_list(*ROW_VALUES)[:SHOWN]
    )
    written = Post.objects.shown().filter(author=profile, number__gt=1).order_by("-created_at", "-pk")
    ids = list(dict.fromkeys(written.values_list("thread_id", flat=True)[:LOOKED_AT]))
    elsewhere = listed.filter(pk__in=ids).exclude(author=profile).order_by("-last_activity_at")
    replied = rows_of(elsewhere.values_list(*ROW_VALUES)[:SHOWN])
    dress([*asked, *replied], viewer)
    return {"asked": asked, "replied": replied}
