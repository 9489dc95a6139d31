"""An imported author signs up with the address they had, proves it, and finds everything they wrote."""

from __future__ import annotations

import io
import threading

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from community.audit.models import LogEntry
from forums.actions.threads import ask
from profiles.actions.claims import claim_imported, remember_email
from profiles.models import ImportedAddress, Profile, User


@pytest.fixture
def author(topic):
    author = Profile.objects.create(
        name="Nia of Old", handle="nia-of-old", import_key="discourse:user:7", bio="Long ago."
    )
    author.thread = ask(author, topic=topic, subject="How was it then?", body="Different.")
    remember_email(author, "Nia@Example.com")
    return author


def test_proving_the_address_gives_the_profile_with_its_address_name_and_posts(
    author, guest, sign_up, code, as_
):
    sign_up()
    assert Profile.objects.get(pk=author.pk).user is None, "not before the address is proved"
    assert guest.post("/accounts/confirm-email/", {"code": code()}).status_code == 302
    user = User.objects.get(email="nia@example.com")
    assert user.profile.pk == author.pk
    page = guest.get(author.get_absolute_url()).content.decode()
    assert "Nia of Old" in page and "Edit profile" in page and "Nobody has claimed" not in page
    assert guest.get("/api/v1/me/").json()["id"] == author.pk
    assert not Profile.objects.filter(name="Nia Example").exists()
    assert not ImportedAddress.objects.exists()
    assert LogEntry.objects.filter(action="profile.claimed", target=f"profile:{author.pk}").count() == 1
    assert "Nia of Old" in Client().get(f"/questions/{author.thread.slug}/").content.decode()


def test_a_wrong_code_or_another_address_claims_nothing(author, guest, sign_up, code):
    sign_up("nia2@example.com")
    guest.post("/accounts/confirm-email/", {"code": code()})
    assert Profile.objects.get(pk=author.pk).user is None
    sign_up("nia@example.com")
    Client().post("/accounts/confirm-email/", {"code": "AAAA-AAAA"})
    assert Profile.objects.get(pk=author.pk).user is None


def test_whoever_has_written_here_keeps_their_profile(author, person, topic, sign_in):
    nia = person("nia")
    ask(nia, topic=topic, subject="A question of mine", body="Now.")
    sign_in(nia)
    assert User.objects.get(pk=nia.user_id).profile.pk == nia.pk
    assert Profile.objects.get(pk=author.pk).user is None


def test_an_unproved_address_claims_nothing(author, person):
    assert claim_imported(person("nia", verified=False).user) is None


def test_addresses_come_from_a_file_and_only_digests_stay(author, tmp_path):
    other = Profile.objects.create(name="Old Two", handle="old-two", import_key="se:2")
    file = tmp_path / "addresses.csv"
    file.write_text(
        f"author,email\n{author.pk},nia@example.com\nse:2,two@example.com\nse:9,x@example.com\n{other.pk},no\n"
    )
    out, err = io.StringIO(), io.StringIO()
    call_command("import_addresses", str(file), stdout=out, stderr=err)
    assert "1 authors can claim their profile now; 1 could before." in out.getvalue()
    assert "Line 4: There is no such author." in err.getvalue() and "Line 5:" in err.getvalue()
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(row_to_json(t)::text, '') FROM profiles_importedaddress t")
        assert "example" not in cursor.fetchone()[0]
    file.write_text("name\nx\n")
    with pytest.raises(CommandError, match="columns"):
        call_command("import_addresses", str(file))


def test_an_address_means_one_author_and_only_one_nobody_has(author, alice):
    other = Profile.objects.create(name="Old Two", handle="old-two", import_key="se:2")
    with pytest.raises(ValidationError, match="another imported author"):
        remember_email(other, "nia@example.com")
    with pytest.raises(ValidationError, match="unclaimed imported author"):
        remember_email(alice, "alice2@example.com")


@pytest.mark.django_db(transaction=True)
def test_two_at_once_claim_it_once(author, person):
    nia = person("nia")
    ready, found = threading.Barrier(2), []

    def claim():
        ready.wait()
        try:
            found.append(claim_imported(User.objects.get(pk=nia.user_id)))
        finally:
            connection.close()

    threads = [threading.Thread(target=claim) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [one.pk for one in found if one] == [author.pk]
    assert Profile.objects.get(user_id=nia.user_id).pk == author.pk
