"""Download of one's own data: asked for, zipped by a job, there for a week, for its owner only."""

from __future__ import annotations

import json
import tempfile
import zipfile
from datetime import timedelta
from functools import partial
from typing import IO, Any, BinaryIO, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from community.audit import record
from community.lib import ratelimit
from community.lib.media import store
from community.lib.tasks import enqueue
from profiles.mail.account_emails import send_account_email
from profiles.models import DataExport, Profile
from profiles.registries import ExportFile, export_files

LIFE = timedelta(days=7)
STUCK_AFTER = timedelta(minutes=30)
REQUESTS_PER_DAY = 5
BATCH = 20
CHUNK = 1024 * 1024
_signer = Signer(salt="profiles.exports")


def request_export(actor: Profile | None) -> DataExport:
    """Ask for everything we keep about oneself.

    One that is being made is returned again. Raises PermissionDenied, TooMany.
    """
    if actor is None or actor.user is None:
        raise PermissionDenied(_("Sign in first."))
    with transaction.atomic():
        Profile.objects.select_for_update(of=("self",)).get(pk=actor.pk)
        waiting = DataExport.objects.filter(profile=actor, ready_at=None).first()
        if waiting is not None:
            return waiting
        ratelimit.check("export", str(actor.pk), limit=REQUESTS_PER_DAY, seconds=24 * 3600)
        export = DataExport.objects.create(profile=actor)
        record("data.requested", actor_id=actor.pk, target=f"profile:{actor.pk}", after={"export": export.pk})
        from profiles.tasks import make_export

        enqueue(make_export, export.pk, queue="bulk")
    return export


def token_of(export: DataExport) -> str:
    """Return what the link to a zip holds: nobody can guess it, and only its owner's session opens it."""
    return _signer.sign(str(export.pk))


def open_export(actor: Profile | None, token: str) -> tuple[DataExport, IO[bytes]]:
    """Return one's own zip, opened, and note the download.

    Raises Http404 for another's, an expired or an unknown one.
    """
    try:
        pk = int(_signer.unsign(token))
    except (BadSignature, ValueError) as error:
        raise Http404 from error
    mine = DataExport.objects.filter(pk=pk, profile=actor, expires_at__gt=timezone.now())
    export = mine.first() if actor is not None else None
    if actor is None or export is None or not default_storage.exists(export.file):
        raise Http404
    record("data.downloaded", actor_id=actor.pk, target=f"profile:{actor.pk}", after={"export": export.pk})
    return export, cast("IO[bytes]", default_storage.open(export.file))


def build_export(export_id: int) -> bool:
    """Make the zip of an export that has none; say whether this call did.

    Safe to run twice and at the same time.
    """
    now = timezone.now()
    unmade = DataExport.objects.filter(pk=export_id, ready_at=None, profile__deactivated_at=None)
    free = unmade.filter(started_at=None) | unmade.filter(started_at__lt=now - STUCK_AFTER)
    if not free.update(started_at=now):
        return False
    export = DataExport.objects.select_related("profile__user").get(pk=export_id)
    with tempfile.TemporaryFile() as file:
        write_zip(export.profile, file)
        size = file.tell()
        file.seek(0)
        name = store(f"exports/{get_random_string(40)}.zip", File(file))
    ready = timezone.now()
    made = DataExport.objects.filter(pk=export_id, ready_at=None, started_at=now).update(
        file=name, size=size, ready_at=ready, expires_at=ready + LIFE
    )
    if not made:  # cancelled with the account, or somebody else was faster
        default_storage.delete(name)
        return False
    if export.profile.user is not None:
        text = _("Your data is ready. Only you can download it, for a week:\n\n%(url)s")
        text %= {"url": f"{settings.SITE_URL}/settings/data/"}
        send_account_email(export.profile.user, _("Your data is ready to download"), text)
    return True


def write_zip(profile: Profile, file: BinaryIO | IO[bytes]) -> None:
    """Write every part the apps have about the person; names that repeat get a number."""
    seen: set[str] = set()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in export_files(profile):
            path, count = part.path, 2
            while path in seen:
                stem, dot, ending = part.path.rpartition(".")
                path, count = f"{stem}-{count}{dot}{ending}", count + 1
            seen.add(path)
            _write_part(archive, path, part)


def _write_part(archive: zipfile.ZipFile, path: str, part: ExportFile) -> None:
    if not part.stored:
        archive.writestr(path, part.content if isinstance(part.content, str) else _json(part.content))
        return
    if not default_storage.exists(part.stored):
        return
    with default_storage.open(part.stored) as source, archive.open(path, "w") as target:
        while chunk := source.read(CHUNK):
            target.write(chunk)


def _json(content: Any) -> str:
    return json.dumps(content, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False)


def unmade_exports() -> list[int]:
    """Return exports whose job was lost: asked for, and not being made."""
    lost = DataExport.objects.filter(ready_at=None, requested_at__lt=timezone.now() - timedelta(minutes=2))
    stuck = lost.filter(started_at=None) | lost.filter(started_at__lt=timezone.now() - STUCK_AFTER)
    return list(stuck.values_list("pk", flat=True)[:BATCH])


def sweep_exports() -> int:
    """Delete zips whose week is over. Safe to run twice."""
    return sum(remove_export(one) for one in DataExport.objects.filter(expires_at__lte=timezone.now())[:200])


def remove_export(export: DataExport) -> bool:
    """Delete an export and its file."""
    with transaction.atomic():
        if export.file:
            transaction.on_commit(partial(default_storage.delete, export.file))
        return bool(DataExport.objects.filter(pk=export.pk).delete()[0])
