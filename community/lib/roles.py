"""Two database roles: the owner (`DATABASE_ADMIN_URL`) migrates, and the application (`DATABASE_URL`) reads and writes rows.

The application’s role cannot change tables, triggers or roles, and in the ledger and the log it can only add
rows: apps on the right say so with `restrict`. `manage.py migrate` works as the owner and renews every privilege afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import environ
import psycopg2
from django.conf import settings
from django.db import DatabaseError, connection
from psycopg2.extensions import encrypt_password, quote_ident

from community.local.processes import StackError

MAY_NOT_CREATE = (
    "The database role {role} of DATABASE_URL does not exist, and {owner} of DATABASE_ADMIN_URL may not create roles. "
    "Create it as an administrator of PostgreSQL: CREATE ROLE {role} LOGIN PASSWORD '...';"
)
EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"
_restricted: dict[str, str] = {"django_migrations": "SELECT"}

# What the owner owns, without what belongs to extensions.
OWN = """
SELECT relname, relkind = 'S' FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S') AND pg_has_role(relowner, 'MEMBER')
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
ORDER BY relname
"""
BEFORE = """
REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {role};
GRANT USAGE ON SCHEMA {schema} TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO {role};
"""
EACH = "REVOKE ALL ON {name} FROM {role}; GRANT {privileges} ON {name} TO {role};"

# Whether the current role could change tables or triggers: by being a superuser, or an owner of some.
OWNS = """
SELECT rolsuper OR EXISTS (
    SELECT FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND pg_has_role(relowner, 'MEMBER')
) FROM pg_roles WHERE rolname = current_user
"""


def restrict(table: str, privileges: str) -> None:
    """Say that the application has only these `privileges` on `table`, such as "SELECT, INSERT, UPDATE (name)"."""
    _restricted[table] = privileges


@contextmanager
def as_owner() -> Iterator[None]:
    """Work as the owner of the tables: this thread's connection is opened anew with `DATABASE_ADMIN_URL`, if that is set."""
    mine, owners = connection.settings_dict, _facts(settings.DATABASE_ADMIN_URL)
    if not owners or owners["USER"] == mine["USER"]:
        yield
        return
    # The name stays: a test database is not the one in the URL.
    changes = {name: owners[name] for name in ("USER", "PASSWORD", "HOST", "PORT")}
    connection.close()
    connection.settings_dict = {
        **mine,
        **changes,
        "OPTIONS": {**mine["OPTIONS"], **owners.get("OPTIONS", {})},
    }
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = mine


def application_role() -> str:
    """Return the name of the application's role, or nothing when the owner and the application are one."""
    role, owners = _facts(settings.DATABASE_URL).get("USER", ""), _facts(settings.DATABASE_ADMIN_URL)
    return "" if not owners or role == owners["USER"] else str(role)


def see_to_role(role: str) -> None:
    """Create the application's role, or give it the password in `DATABASE_URL` when it cannot sign in with it. As the owner."""
    password = _facts(settings.DATABASE_URL)["PASSWORD"] or ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
        exists = cursor.fetchone() is not None
        if exists and (not password or _lets_in()):
            return
        words = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
        name = quote_ident(role, cursor.cursor)
        if password:
            # Encrypted here, so that no log of statements ever shows it.
            words += f" PASSWORD '{encrypt_password(password, role, connection.connection, 'scram-sha-256')}'"
        try:
            cursor.execute(f"{'ALTER' if exists else 'CREATE'} ROLE {name} {words}")
        except DatabaseError:
            if exists:
                return
            raise StackError(
                MAY_NOT_CREATE.format(role=role, owner=connection.settings_dict["USER"])
            ) from None


def grant(role: str) -> None:
    """Give the application's role what it needs and nothing else; the same again changes nothing. As the owner."""
    # PostgreSQL 17 and later know a right to ANALYZE, which imports use.
    everything = f"{EVERYTHING}, MAINTAIN" if connection.pg_version >= 170000 else EVERYTHING
    with connection.cursor() as cursor:
        role = quote_ident(role, cursor.cursor)
        cursor.execute("SELECT quote_ident(current_schema())")
        statements = [BEFORE.format(role=role, schema=cursor.fetchone()[0])]
        cursor.execute(OWN)
        for name, is_sequence in cursor.fetchall():
            privileges = "USAGE, SELECT" if is_sequence else _restricted.get(name, everything)
            statements.append(
                EACH.format(role=role, name=quote_ident(name, cursor.cursor), privileges=privileges)
            )
        # All in one statement, which is one transaction: no request ever meets a table it may not read.
        cursor.execute("".join(statements))


def may_change_tables() -> bool:
    """Say whether the connection's role could switch off the guards of the ledger and the log."""
    with connection.cursor() as cursor:
        cursor.execute(OWNS)
        return bool(cursor.fetchone()[0])


def _facts(url: str) -> dict[str, Any]:
    return environ.Env.db_url_config(url) if url else {}


def _lets_in() -> bool:
    try:
        psycopg2.connect(
            settings.DATABASE_URL, dbname=connection.settings_dict["NAME"], connect_timeout=5
        ).close()
    except psycopg2.Error:
        return False
    return True
