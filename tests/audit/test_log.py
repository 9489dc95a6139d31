"""The log: appended by one verb, refused to everybody else, provable, and free of words about people."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from community.audit import record
from community.audit.actions import erase_words
from community.audit.models import LogDetail, LogEntry
from community.audit.queries import broken_entries, entries_about


@pytest.fixture
def entries(db):
    return [
        record("thread.archived", actor_id=7, target=f"thread:{number}", reason="Out of date.")
        for number in range(5)
    ]


def _why(entry):
    return [why for found, why in broken_entries() if found.pk == entry.pk]


def test_an_entry_says_who_did_what_to_what_and_why(db):
    entry = record(
        "thread.moved",
        actor_id=7,
        target="thread:3",
        before={"topic": 1},
        after={"topic": 2},
        reason="Wrong place.",
    )
    kept = entries_about("thread:3").get()
    assert (kept.pk, kept.actor_id, kept.action, kept.before, kept.after) == (
        entry.pk,
        7,
        "thread.moved",
        {"topic": 1},
        {"topic": 2},
    )
    assert kept.detail.reason == "Wrong place."


def test_each_entry_seals_the_one_before(entries):
    assert entries[0].previous_digest == ""
    assert [entry.previous_digest for entry in entries[1:]] == [entry.digest for entry in entries[:-1]]
    assert list(broken_entries()) == []


def test_a_cause_is_recorded_once(db):
    first = record("role.changed", actor_id=None, target="profile:1", source_key="membership:4")
    assert record("role.changed", actor_id=None, target="profile:1", source_key="membership:4").pk == first.pk
    assert LogEntry.objects.count() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_logentry SET actor_id = 1",
        "DELETE FROM audit_logentry",
        "TRUNCATE audit_logentry CASCADE",
        """INSERT INTO audit_logentry (id, action, target, created_at, detail_digest, previous_digest, digest)
           SELECT id, 'x', 'y', now(), '', '', 'z' FROM audit_logentry LIMIT 1 ON CONFLICT (id) DO UPDATE SET actor_id = 1""",
    ],
)
def test_the_database_refuses_to_change_the_log(entries, as_owner, statement):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert LogEntry.objects.filter(actor_id=7).count() == 5


def test_django_is_refused_too(entries, as_owner):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        LogEntry.objects.update(target="thread:9")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        LogDetail.objects.all().delete()
        LogEntry.objects.all().delete()


@pytest.mark.parametrize(
    "change",
    [
        "actor_id = 8", "action = 'thread.locked'", "target = 'thread:9'", "created_at = created_at + interval '1 second'",
        "after = '{}'", "source_key = 'x'", "detail_digest = ''",
    ],
)  # fmt: skip
def test_a_changed_entry_is_found(entries, tamper, change):
    tamper(f"UPDATE audit_logentry SET {change} WHERE id = %s", entries[2].pk)
    assert "its facts do not match its digest" in _why(entries[2])
    assert _why(entries[3]) == []


def test_a_missing_entry_is_found_at_the_next(entries, tamper):
    tamper("DELETE FROM audit_logdetail WHERE entry_id = %s", entries[2].pk)
    tamper("DELETE FROM audit_logentry WHERE id = %s", entries[2].pk)
    assert _why(entries[3]) == ["the entry before it is missing, moved or changed"]


def test_an_entry_sealed_anew_breaks_the_next(entries, tamper):
    """Whoever forges an entry with a fitting digest would have to forge every entry after it."""
    tamper("UPDATE audit_logentry SET digest = %s WHERE id = %s", "f" * 64, entries[2].pk)
    assert _why(entries[3]) == ["the entry before it is missing, moved or changed"]


def test_changed_words_are_found(entries, tamper):
    tamper("UPDATE audit_logdetail SET reason = 'For fun.' WHERE entry_id = %s", entries[1].pk)
    assert _why(entries[1]) == ["its words do not match their digest"]


def test_words_can_be_erased_and_the_chain_still_verifies(entries):
    assert erase_words(target="thread:2") == 1
    assert not LogDetail.objects.filter(entry=entries[2]).exists()
    assert list(broken_entries()) == []


def test_words_about_people_never_stand_in_the_entry_itself(db):
    entry = record(
        "profile.changed",
        actor_id=7,
        target="profile:7",
        before={
            "name": "Ada",
            "address": "ada@example.com",
            "bio": "I like trains.",
            "links": {"site": "Ada L"},
        },
        after={
            "role": "moderator",
            "at": dt.datetime(2026, 11, 21, tzinfo=dt.UTC),
            "name": "ада",
            "share": 0.5,
            "tags": {"b", "a"},
        },
        reason="She asked.\x00",
        title="Ada Lovelace",
    )
    entry.refresh_from_db()
    chained = f"{entry.before} {entry.after} {entry.action} {entry.target}"
    assert not any(word in chained for word in ("Ada", "ada@", "trains", "ада", "asked"))
    assert entry.after["role"] == "moderator"
    assert entry.after["at"] == "2026-11-21T00:00:00+00:00"
    assert entry.after["tags"] == ["a", "b"]
    assert (entry.detail.before["name"], entry.detail.after["name"], entry.detail.reason) == (
        "Ada",
        "ада",
        "She asked.",
    )
    assert list(broken_entries()) == []


def test_the_same_words_have_another_digest_each_time(entries):
    """A salt goes with the words when they are erased, so nobody can guess at them."""
    assert len({entry.detail_digest for entry in entries}) == 5


def test_verify_log_says_that_all_is_well(entries, capsys):
    call_command("verify_log")
    said = capsys.readouterr().out
    assert "Entries: 5." in said
    assert entries[-1].digest in said


def test_verify_log_exits_1_and_names_the_entry(entries, tamper, capsys):
    tamper("UPDATE audit_logentry SET actor_id = 1 WHERE id = %s", entries[3].pk)
    with pytest.raises(SystemExit) as stop:
        call_command("verify_log")
    assert stop.value.code == 1
    assert (
        f"Entry {entries[3].pk} (thread.archived thread:3): its facts do not match" in capsys.readouterr().out
    )


def test_verify_log_knows_a_log_that_was_cut_short(entries, tamper, capsys, tmp_path):
    call_command("verify_log")
    head = capsys.readouterr().out.split("Head: ")[1].strip()
    assert head == f"{entries[-1].pk}:{entries[-1].digest}"
    kept = tmp_path / "heads.txt"
    kept.write_text(f"2026-11-20 {entries[1].pk}:{entries[1].digest}\n2026-11-21 {head}\n")
    for given in (head, str(kept)):
        call_command("verify_log", head=given)
    tamper("DELETE FROM audit_logdetail WHERE entry_id = %s", entries[-1].pk)
    tamper("DELETE FROM audit_logentry WHERE id = %s", entries[-1].pk)
    call_command("verify_log")
    call_command("verify_log", head=f"{entries[1].pk}:{entries[1].digest}")
    for given in (head, str(kept)):
        with pytest.raises(SystemExit):
            call_command("verify_log", head=given)
        assert f"no longer contains the head {head}" in capsys.readouterr().out


@pytest.mark.parametrize("head", ["12", "12:abc", "/nowhere", "{empty}"])
def test_verify_log_says_what_a_head_looks_like(entries, tmp_path, head):
    (tmp_path / "empty").touch()
    with pytest.raises(CommandError, match="NUMBER:DIGEST"):
        call_command("verify_log", head=head.format(empty=tmp_path / "empty"))
