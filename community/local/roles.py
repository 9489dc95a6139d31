"""The roles of the embedded PostgreSQL: an owner of the tables, and the application, which only reads and writes rows.

`ensure_roles` runs at each start, as the server's own administrator. Folders made before there were two roles, where that
administrator owned every table, are carried over by it.
"""

import psycopg2

OWNER, APPLICATION, ADMINISTRATOR = "hearth_owner", "hearth", "postgres"

ROLES = """
DO $$
DECLARE
    wanted text; found record;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['hearth_owner', 'hearth'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', wanted);
        END IF;
    END LOOP;
    IF (SELECT datdba FROM pg_database WHERE datname = current_database()) <> 'hearth_owner'::regrole THEN
        EXECUTE format('ALTER DATABASE %I OWNER TO hearth_owner', current_database());
    END IF;
    -- Tables take their indexes and identities along; what belongs to an extension stays with it.
    FOR found IN
        SELECT format('%s %s', CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
                               ELSE 'TABLE' END, oid::regclass) AS what
        FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
            AND relowner = 'postgres'::regrole AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass
                AND objid = c.oid AND (deptype = 'e' OR relkind = 'S' AND deptype IN ('a', 'i')))
        UNION ALL
        SELECT 'FUNCTION ' || oid::regprocedure
        FROM pg_proc p WHERE pronamespace = 'public'::regnamespace AND proowner = 'postgres'::regrole
            AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'e')
        UNION ALL
        SELECT 'TEXT SEARCH CONFIGURATION ' || oid::regconfig
        FROM pg_ts_config WHERE cfgnamespace = 'public'::regnamespace AND cfgowner = 'postgres'::regrole
    LOOP
        EXECUTE format('ALTER %s OWNER TO hearth_owner', found.what);
    END LOOP;
END $$;
"""


def ensure_roles(url: str) -> None:
    """Create both roles and give what the administrator owns to the owner; the same again changes nothing."""
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(ROLES)
    finally:
        connection.close()
