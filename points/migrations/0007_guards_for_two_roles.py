"""The ledger's guards hold against a role that may only add rows, and make no exception any more.

Balances are moved with the owner's rights, so the application needs none of its own. Nobody else may hang these functions
on a table of their own, and none of them ever reads a temporary table in place of a real one.
"""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION points_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ledger is append-only: % of % refused.', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
ALTER FUNCTION points_move_balance() SECURITY DEFINER;
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['points_move_balance()', 'points_guard_account()', 'points_require_balanced(bigint)',
            'points_check_transaction()', 'points_check_entry()'] LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, %I, pg_temp', name, current_schema());
    END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION points_move_balance() FROM PUBLIC;
"""
BACKWARD = """
GRANT EXECUTE ON FUNCTION points_move_balance() TO PUBLIC;
ALTER FUNCTION points_check_entry() RESET search_path;
ALTER FUNCTION points_check_transaction() RESET search_path;
ALTER FUNCTION points_require_balanced(bigint) RESET search_path;
ALTER FUNCTION points_guard_account() RESET search_path;
ALTER FUNCTION points_move_balance() SECURITY INVOKER RESET search_path;
CREATE OR REPLACE FUNCTION points_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_setting('hearth.log_flush', true) = 'allowed' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'The ledger is append-only: % of % refused.', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("points", "0006_codes_once_and_costs")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
