"""PostgreSQL guards the ledger, whoever asks: rows stay, sums are zero, balances follow entries, nobody overdraws.

Until migration 0007 a session could empty the tables with `SET hearth.log_flush = 'allowed'`. Restoring a dump inserts rows
before it creates triggers, so it needs no exception.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION points_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_setting('hearth.log_flush', true) = 'allowed' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'The ledger is append-only: % of % refused.', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER points_transaction_append_only BEFORE UPDATE OR DELETE ON points_transaction
    FOR EACH ROW EXECUTE FUNCTION points_refuse_change();
CREATE TRIGGER points_transaction_no_truncate BEFORE TRUNCATE ON points_transaction
    FOR EACH STATEMENT EXECUTE FUNCTION points_refuse_change();
CREATE TRIGGER points_entry_append_only BEFORE UPDATE OR DELETE ON points_entry
    FOR EACH ROW EXECUTE FUNCTION points_refuse_change();
CREATE TRIGGER points_entry_no_truncate BEFORE TRUNCATE ON points_entry
    FOR EACH STATEMENT EXECUTE FUNCTION points_refuse_change();
CREATE TRIGGER points_account_no_delete BEFORE DELETE ON points_account
    FOR EACH ROW EXECUTE FUNCTION points_refuse_change();
CREATE TRIGGER points_account_no_truncate BEFORE TRUNCATE ON points_account
    FOR EACH STATEMENT EXECUTE FUNCTION points_refuse_change();

-- Accounts are opened empty; afterwards only an entry moves a balance (depth 1 is a statement of somebody's own).
CREATE FUNCTION points_guard_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.balance <> 0 THEN
        RAISE EXCEPTION 'An account is opened with nothing in it.' USING ERRCODE = 'restrict_violation';
    ELSIF TG_OP = 'UPDATE' AND (pg_trigger_depth() = 1 OR (NEW.id, NEW.kind, NEW.name, NEW.profile_id)
            IS DISTINCT FROM (OLD.id, OLD.kind, OLD.name, OLD.profile_id)) THEN
        RAISE EXCEPTION 'A balance follows its entries: UPDATE of points_account refused.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_account_guard BEFORE INSERT OR UPDATE ON points_account
    FOR EACH ROW EXECUTE FUNCTION points_guard_account();

-- Only a reversal may leave a wallet below zero.
CREATE FUNCTION points_move_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    left_over bigint;
BEGIN
    UPDATE points_account SET balance = balance + NEW.amount WHERE id = NEW.account_id AND kind = 'wallet'
        RETURNING balance INTO left_over;
    IF left_over < 0 AND NEW.amount < 0
            AND (SELECT kind FROM points_transaction WHERE id = NEW.transaction_id) <> 'reversal' THEN
        RAISE EXCEPTION 'Account % cannot be overdrawn.', NEW.account_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_no_overdraft';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER points_entry_moves_balance AFTER INSERT ON points_entry
    FOR EACH ROW WHEN (NEW.amount <> 0) EXECUTE FUNCTION points_move_balance();

CREATE FUNCTION points_require_balanced(number bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    sides bigint; total numeric; own bigint;
BEGIN
    SELECT count(*), sum(e.amount), sum(e.amount) FILTER (WHERE e.account_id = t.wallet_id) - t.amount
        INTO sides, total, own
        FROM points_transaction t LEFT JOIN points_entry e ON e.transaction_id = t.id WHERE t.id = number GROUP BY t.id;
    IF sides IS DISTINCT FROM 2 OR total IS DISTINCT FROM 0 OR own IS DISTINCT FROM 0 THEN
        RAISE EXCEPTION 'Transaction % needs two entries that sum to zero, one of them its wallet''s.', number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_sum_is_zero';
    END IF;
END $$;
CREATE FUNCTION points_check_transaction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM points_require_balanced(NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION points_check_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM points_require_balanced(NEW.transaction_id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER points_transaction_balanced AFTER INSERT ON points_transaction
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION points_check_transaction();
CREATE CONSTRAINT TRIGGER points_entry_balanced AFTER INSERT ON points_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION points_check_entry();
"""
BACKWARD = """
DROP TRIGGER points_entry_balanced ON points_entry;
DROP TRIGGER points_transaction_balanced ON points_transaction;
DROP TRIGGER points_entry_moves_balance ON points_entry;
DROP TRIGGER points_account_guard ON points_account;
DROP TRIGGER points_account_no_truncate ON points_account;
DROP TRIGGER points_account_no_delete ON points_account;
DROP TRIGGER points_entry_no_truncate ON points_entry;
DROP TRIGGER points_entry_append_only ON points_entry;
DROP TRIGGER points_transaction_no_truncate ON points_transaction;
DROP TRIGGER points_transaction_append_only ON points_transaction;
DROP FUNCTION points_check_entry();
DROP FUNCTION points_check_transaction();
DROP FUNCTION points_require_balanced(bigint);
DROP FUNCTION points_move_balance();
DROP FUNCTION points_guard_account();
DROP FUNCTION points_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("points", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
