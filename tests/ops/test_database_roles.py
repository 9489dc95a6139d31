"""The application's database role adds rows to the ledger and the log, and can switch off nothing that guards them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.db import connection

from community.audit import record
from community.lib import roles
from community.local.postgres import EmbeddedPostgres, start_postgres
from community.local.roles import ensure_roles
from points.actions.gifts import Wish, give_points
from points.models import Account
from points.queries.ledger import balance_of
from tests.conftest import application_role
from tests.ops.test_up import ROOT, local_environment

GUARDED = ["points_entry", "points_transaction", "points_account", "audit_logentry"]
FOR_EACH = [
    "UPDATE {} SET id = id",
    "DELETE FROM {}",
    "TRUNCATE {} CASCADE",
    "SET hearth.log_flush = 'allowed'; TRUNCATE {} CASCADE",
    "ALTER TABLE {} DISABLE TRIGGER ALL",
    "ALTER TABLE {} DISABLE TRIGGER USER",
    "ALTER TABLE {} ADD COLUMN note text",
    "ALTER TABLE {} OWNER TO CURRENT_USER",
    "ALTER TABLE {} RENAME TO gone",
    "DROP TABLE {} CASCADE",
    "CREATE TRIGGER mine BEFORE INSERT ON {} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE RULE mine AS ON INSERT TO {} DO INSTEAD NOTHING",
    "CREATE POLICY mine ON {} USING (true)",
    "CREATE TABLE mine () INHERITS ({})",
    "UPDATE pg_trigger SET tgenabled = 'D' WHERE tgrelid = '{}'::regclass",
    "MERGE INTO {0} USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
]
ONCE = [
    "SET session_replication_role = replica",
    "ALTER ROLE CURRENT_USER SET session_replication_role = replica",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION postgres",
    "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION points_refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE OR REPLACE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "DROP FUNCTION points_move_balance() CASCADE",
    "ALTER FUNCTION points_move_balance() SECURITY INVOKER",
    "DROP TRIGGER points_entry_append_only ON points_entry",
    "DROP TRIGGER audit_logentry_append_only ON audit_logentry",
    "CREATE TABLE public.mine (id int)",
    "CREATE SCHEMA mine",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "COPY points_entry TO '/tmp/entries'",
    "INSERT INTO django_migrations (app, name, applied) VALUES ('points', 'x', now())",
    "UPDATE points_account SET balance = balance + 1",
    "UPDATE points_account SET name = 'mine' WHERE kind = 'wallet'",
    "UPDATE points_gift SET points = 1000",
    "UPDATE points_award SET profile_id = 1",
    "UPDATE points_redemption SET price = 1",
    "DELETE FROM points_redemption",
    "DELETE FROM points_gift",
    "UPDATE points_transactiondetail SET reason = 'x'",
    "UPDATE audit_logdetail SET reason = 'x'",
    "INSERT INTO points_account (kind, profile_id, balance) SELECT 'wallet', min(id), 5 FROM profiles_profile",
    "INSERT INTO points_entry (transaction_id, account_id, amount) SELECT max(id), -5, 0 FROM points_transaction",
    """INSERT INTO points_transaction (kind, cause, wallet_id, amount, withheld, source_key, created_at)
       SELECT 'gift', 'raw', max(id), 5, 0, '', now() FROM points_account""",
    # The guards look at the real tables, whatever lies in front of them.
    """CREATE TEMP TABLE points_entry AS SELECT 1::bigint transaction_id, 1::bigint account_id, 1::bigint amount;
       CREATE TEMP TABLE points_account AS SELECT * FROM public.points_account;
       CREATE TEMP TABLE points_transaction AS SELECT * FROM public.points_transaction;
       WITH booked AS (INSERT INTO public.points_transaction (kind, cause, wallet_id, amount, withheld, source_key, created_at)
           SELECT 'gift', 'raw', max(id), 5, 0, '', now() FROM public.points_account RETURNING *),
       shadow AS (INSERT INTO pg_temp.points_transaction SELECT * FROM booked),
       sides AS (INSERT INTO pg_temp.points_entry SELECT id, side, 5 * sign(side) FROM booked, LATERAL (VALUES (-4), (wallet_id)) v (side))
       SELECT 1""",
    # A trigger of one's own would move balances from deeper down.
    """CREATE TEMP TABLE mine (transaction_id bigint, account_id bigint, amount bigint);
       CREATE TRIGGER mine AFTER INSERT ON mine FOR EACH ROW EXECUTE FUNCTION public.points_move_balance()""",
    """CREATE TEMP TABLE mine (id int);
       CREATE FUNCTION pg_temp.deeper() RETURNS trigger LANGUAGE plpgsql AS
           'BEGIN UPDATE public.points_account SET balance = balance + 5; RETURN NEW; END';
       CREATE TRIGGER mine BEFORE INSERT ON mine FOR EACH ROW EXECUTE FUNCTION pg_temp.deeper();
       INSERT INTO mine VALUES (1)""",
]
# No privilege; a guard's "restrict" or "check" violation. A typing mistake in a statement would prove nothing.
REFUSALS = {"42501", "23001", "23514"}


@pytest.fixture
def application(transactional_db: None) -> Iterator[Any]:
    """A connection that signed in as the application's role."""
    url = urlsplit(settings.DATABASE_URL)
    dsn = url._replace(netloc=f"{application_role()}@{url.netloc.rpartition('@')[2]}").geturl()
    opened = psycopg2.connect(dsn, dbname=connection.settings_dict["NAME"])
    yield opened
    opened.close()


def run(opened: Any, statement: str) -> None:
    with opened, opened.cursor() as cursor:
        cursor.execute(statement)


def why_refused(opened: Any, statement: str) -> str:
    """PostgreSQL's code for its refusal; nothing when it let the statement through."""
    try:
        run(opened, statement)
    except psycopg2.Error as refusal:
        return str(refusal.pgcode)
    return ""


@pytest.mark.django_db(transaction=True)
def test_postgres_refuses_the_application_whatever_it_tries(application, mo, alice):
    give_points(mo, alice, wish=Wish(10, None, "For the fence."))
    record("thread.archived", actor_id=mo.pk, target="thread:1", reason="Out of date.")
    statements = [one.format(table) for table in GUARDED for one in FOR_EACH] + ONCE
    told = {statement: why_refused(application, statement) for statement in statements}
    let_through = [statement for statement, code in told.items() if code not in REFUSALS]
    assert {statement: told[statement] for statement in let_through} == {}
    assert len(statements) > 77
    assert balance_of(alice.pk) == 10


@pytest.mark.django_db(transaction=True)
def test_the_application_can_do_its_work(application, mo, alice):
    give_points(mo, alice, wish=Wish(10, None, "For the fence."))
    run(
        application,
        """WITH booked AS (
               INSERT INTO points_transaction (kind, cause, wallet_id, amount, withheld, source_key, created_at)
               SELECT 'gift', 'raw', id, 5, 0, '', now() FROM points_account WHERE kind = 'wallet' RETURNING id, wallet_id)
           INSERT INTO points_entry (transaction_id, account_id, amount)
           SELECT id, side.account, side.amount FROM booked, LATERAL (VALUES (wallet_id, 5), (-4, -5)) side (account, amount)""",
    )
    run(application, "SELECT FROM points_account WHERE kind = 'wallet' FOR NO KEY UPDATE")
    run(
        application,
        "DELETE FROM audit_logdetail; DELETE FROM points_transactiondetail; UPDATE profiles_profile SET bio = ''",
    )
    assert Account.objects.get(profile=alice).balance == 15


def test_every_table_has_privileges_and_none_too_many(db):
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT relname, array_agg(p ORDER BY p) FROM pg_class,
                   unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'REFERENCES']) p
               WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND has_table_privilege(%s, oid, p) GROUP BY relname""",
            [application_role()],
        )
        found = {name: set(privileges) for name, privileges in cursor.fetchall()}
    every_table = set(connection.introspection.table_names())
    assert found.keys() == every_table
    whole = {"SELECT", "INSERT", "UPDATE", "DELETE"}
    assert {name for name, privileges in found.items() if privileges != whole} == roles._restricted.keys()
    assert not [name for name, privileges in found.items() if privileges - whole]


def test_a_role_that_may_change_tables_is_named_by_the_deploy_check(db, settings):
    settings.LOCAL_MODE = False

    def warned():
        return "hearth.W003" in {one.id for one in run_checks(include_deployment_checks=True)}

    assert not warned()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
    assert warned()


def ask(url: str, sql: str) -> list[tuple[Any, ...]]:
    opened = psycopg2.connect(url)
    with opened, opened.cursor() as cursor:
        cursor.execute(sql)
        rows = cursor.fetchall() if cursor.description else []
    opened.close()
    return rows


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    with start_postgres(tmp_path_factory.mktemp("roles"), durable=False) as running:
        yield running


def manage(server: EmbeddedPostgres, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    here = local_environment(Path(server.data_dir), 1) | {"HEARTH_LOCAL": "1", **env}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=here, capture_output=True, text=True, timeout=300)


def test_migrate_makes_the_role_and_carries_an_older_database_over(server):
    """One role did everything; then DATABASE_ADMIN_URL is that one and DATABASE_URL a new one, with a password."""
    admin = server.administrator_url
    one_role = {"DATABASE_URL": admin}
    done = manage(server, "migrate", "--verbosity", "0", **one_role)
    assert done.returncode == 0, done.stderr
    two_roles = {
        "DATABASE_ADMIN_URL": admin,
        "DATABASE_URL": admin.replace("postgres:@", "hearth_web:its-password@"),
    }
    for _twice in range(2):
        done = manage(server, "migrate", "--verbosity", "0", **two_roles)
        assert done.returncode == 0, done.stderr
    [(password,)] = ask(
        admin, "SELECT rolpassword FROM pg_authid WHERE rolname = 'hearth_web' AND NOT rolsuper"
    )
    assert password.startswith("SCRAM-SHA-256$")
    done = manage(server, "verify_ledger", **two_roles)
    assert done.returncode == 0, done.stderr
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(two_roles["DATABASE_URL"], "ALTER TABLE points_account DISABLE TRIGGER USER")


def test_a_role_that_cannot_be_made_is_one_sentence(server):
    ensure_roles(server.administrator_url)
    urls = {"DATABASE_ADMIN_URL": server.owner_url, "DATABASE_URL": server.url_of("nobody_yet")}
    done = manage(server, "migrate", "--verbosity", "0", **urls)
    assert done.returncode == 1
    assert "The database role nobody_yet of DATABASE_URL does not exist" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_of_one_role_is_carried_over_at_the_next_start(tmp_path):
    with start_postgres(tmp_path, durable=False) as server:
        admin = server.administrator_url
        ask(
            admin,
            "DROP OWNED BY hearth_owner; ALTER DATABASE hearth OWNER TO postgres; DROP ROLE hearth_owner; DROP ROLE hearth",
        )
        done = manage(server, "migrate", "--verbosity", "0", DATABASE_URL=admin)
        assert done.returncode == 0, done.stderr
    for _twice in range(2):
        with start_postgres(tmp_path, durable=False) as server:
            urls = {"DATABASE_URL": server.url, "DATABASE_ADMIN_URL": server.owner_url}
            done = manage(server, "migrate", "--verbosity", "0", **urls)
            assert done.returncode == 0, done.stderr
            done = manage(server, "verify_log", **urls)
            assert done.returncode == 0, done.stderr
            others = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relowner <> 'hearth_owner'::regrole"
            assert ask(server.administrator_url, others) == []
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                ask(server.url, "TRUNCATE audit_logentry CASCADE")
