"""What nobody needs any more goes; what is used stays. Twice is once."""

import io
from datetime import timedelta

from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from forums.actions.drafts import keep_for_guest
from forums.actions.posts import post_reply
from forums.actions.uploads import save_upload
from forums.models import PendingPost, Upload
from forums.tasks import forget_pending_posts, sweep_uploads


def _picture():
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "orange").save(out, "PNG")
    return out.getvalue()


def test_orphaned_pictures_are_swept_and_shown_ones_stay(bob, thread):
    shown, orphan = save_upload(bob, _picture()), save_upload(bob, _picture())
    post_reply(bob, thread, body=f"![]({shown.url})")
    Upload.objects.update(created_at=timezone.now() - timedelta(days=3))
    assert sweep_uploads() == 1
    assert sweep_uploads() == 0
    assert default_storage.exists(f"uploads/{shown.name}")
    assert not default_storage.exists(f"uploads/{orphan.name}")


def test_pending_posts_are_kept_for_a_week(db):
    keep_for_guest(body="Fresh.")
    keep_for_guest(body="Stale.")
    PendingPost.objects.filter(body="Stale.").update(created_at=timezone.now() - timedelta(days=8))
    assert forget_pending_posts() == 1
    assert PendingPost.objects.get().body == "Fresh."
