"""The ledger's equations, each as one statement that returns the rows that break it.

They read the tables as they stand, so they also find what was changed with the triggers switched off.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from points.policy import CONTRIBUTIONS

SHOWN_PER_EQUATION = 100
_CONTRIBUTIONS = ", ".join(f"'{kind}'" for kind in sorted(CONTRIBUTIONS))


@dataclass(frozen=True)
class Equation:
    """`sql` returns (what, detail) for each row that breaks it; `sentence` says what is wrong with them."""

    sentence: str
    sql: str


EQUATIONS = [
    Equation(
        "its entries are not two that sum to zero, one of them its wallet's",
        """SELECT 'transaction ' || t.id, t.kind || ' ' || t.amount
           FROM points_transaction t LEFT JOIN points_entry e ON e.transaction_id = t.id
           GROUP BY t.id
           HAVING count(e.id) <> 2 OR sum(e.amount) <> 0
               OR sum(e.amount) FILTER (WHERE e.account_id = t.wallet_id) IS DISTINCT FROM t.amount""",
    ),
    Equation(
        "it belongs to no transaction or account",
        """SELECT 'entry ' || e.id, e.amount::text FROM points_entry e
           LEFT JOIN points_transaction t ON t.id = e.transaction_id LEFT JOIN points_account a ON a.id = e.account_id
           WHERE t.id IS NULL OR a.id IS NULL""",
    ),
    Equation(
        "its balance is not the sum of its entries",
        """SELECT 'wallet ' || a.id, a.balance || ' kept, ' || coalesce(s.total, 0) || ' by its entries'
           FROM points_account a LEFT JOIN (SELECT account_id, sum(amount) AS total FROM points_entry GROUP BY account_id) s
               ON s.account_id = a.id
           WHERE a.kind = 'wallet' AND a.balance <> coalesce(s.total, 0)""",
    ),
    Equation(
        "the account opposite the wallet is not the one its kind asks for",
        """SELECT 'transaction ' || t.id, t.kind || ' against ' || coalesce(a.name, 'wallet ' || a.id)
           FROM points_transaction t JOIN points_entry e ON e.transaction_id = t.id AND e.account_id <> t.wallet_id
           JOIN points_account a ON a.id = e.account_id
           WHERE a.kind <> CASE WHEN t.kind IN ('redemption', 'refund') THEN 'redemption'
                               WHEN t.kind IN ('reversal', 'restoration') THEN 'reversal' ELSE 'issuance' END""",
    ),
    Equation(
        "it spent more than there was",
        """SELECT 'transaction ' || id, kind || ' ' || amount || ', leaving ' || after FROM (
               SELECT id, kind, amount, sum(amount) OVER (PARTITION BY wallet_id ORDER BY id) AS after FROM points_transaction) r
           WHERE amount < 0 AND after < 0 AND kind <> 'reversal'""",
    ),
    Equation(
        "it does not undo exactly what it names",
        """SELECT 'transaction ' || t.id, t.kind || ' of ' || coalesce(t.reverses_id::text, 'nothing')
           FROM points_transaction t LEFT JOIN points_transaction r ON r.id = t.reverses_id
           WHERE (t.kind IN ('reversal', 'restoration', 'refund')) <> (t.reverses_id IS NOT NULL)
               OR (t.reverses_id IS NOT NULL AND (r.id IS NULL OR r.wallet_id <> t.wallet_id OR r.amount <> -t.amount
                   OR coalesce(r.origin_id, r.id) <> t.origin_id))""",
    ),
    Equation(
        "it names a wallet that is none",
        """SELECT 'transaction ' || t.id, 'account ' || t.wallet_id FROM points_transaction t
           LEFT JOIN points_account a ON a.id = t.wallet_id WHERE a.id IS NULL OR a.kind <> 'wallet'""",
    ),
    Equation(
        "it was not paid with its price by its member, once",
        """SELECT 'redemption ' || r.id, 'transaction ' || coalesce(t.id::text, 'missing') FROM points_redemption r
           LEFT JOIN points_transaction t ON t.id = r.transaction_id LEFT JOIN points_account a ON a.id = t.wallet_id
           WHERE t.id IS NULL OR t.kind <> 'redemption' OR t.amount <> -r.price OR a.profile_id <> r.profile_id""",
    ),
    Equation(
        "it was paid and nothing was redeemed",
        """SELECT 'transaction ' || t.id, t.amount::text FROM points_transaction t
           LEFT JOIN points_redemption r ON r.transaction_id = t.id WHERE t.kind = 'redemption' AND r.id IS NULL""",
    ),
    Equation(
        "its points were given back, or not, against what it says",
        """SELECT 'redemption ' || r.id, CASE WHEN r.refunded_at IS NULL THEN 'kept' ELSE 'refunded' END FROM points_redemption r
           LEFT JOIN points_transaction u ON u.reverses_id = r.transaction_id
           WHERE (r.refunded_at IS NOT NULL) <> (u.id IS NOT NULL)""",
    ),
    Equation(
        "its units do not add up",
        """SELECT 'reward ' || w.id, w.stock || ' left and ' || count(r.id) || ' taken of ' || w.stocked FROM points_reward w
           LEFT JOIN points_redemption r ON r.reward_id = w.id AND r.refunded_at IS NULL
           WHERE w.stock IS NOT NULL GROUP BY w.id HAVING w.stock + count(r.id) <> w.stocked""",
    ),
    Equation(
        "a merch credit has exactly one code of its own reward, anything else none",
        """SELECT 'redemption ' || r.id, coalesce('code ' || c.id, 'no code') FROM points_redemption r
           JOIN points_reward w ON w.id = r.reward_id LEFT JOIN points_code c ON c.redemption_id = r.id
           WHERE (w.kind = 'credit') <> (c.id IS NOT NULL) OR c.reward_id <> r.reward_id""",
    ),
    Equation(
        "it is not what its giver's transaction brought its receiver",
        """SELECT 'gift ' || g.id, 'transaction ' || t.id FROM points_gift g JOIN points_transaction t ON t.id = g.transaction_id
           JOIN points_account a ON a.id = t.wallet_id
           WHERE t.kind <> 'gift' OR t.amount <> g.points OR a.profile_id <> g.receiver_id
               OR t.actor_id IS DISTINCT FROM g.giver_id""",
    ),
    Equation(
        "it was paid and nothing was given",
        """SELECT 'transaction ' || t.id, t.amount::text FROM points_transaction t
           LEFT JOIN points_gift g ON g.transaction_id = t.id WHERE t.kind = 'gift' AND g.id IS NULL""",
    ),
    Equation(
        "it is in force without its points, or revoked with them",
        """SELECT 'award ' || w.id, 'transaction ' || t.id FROM points_award w
           JOIN points_transaction t ON t.cause = 'award:' || w.id JOIN points_account a ON a.id = t.wallet_id
           LEFT JOIN LATERAL (SELECT kind FROM points_transaction c WHERE c.origin_id = t.id ORDER BY c.id DESC LIMIT 1) l ON true
           WHERE a.profile_id <> w.profile_id OR (w.revoked_at IS NOT NULL) <> (coalesce(l.kind, '') = 'reversal')""",
    ),
    # The other way round nobody can tell: what an achievement paid when it was awarded may have been nothing.
    Equation(
        "it was paid and nothing was earned",
        """SELECT 'transaction ' || t.id, t.cause FROM points_transaction t LEFT JOIN points_award w ON t.cause = 'award:' || w.id
           WHERE t.kind = 'achievement' AND w.id IS NULL""",
    ),
    Equation(
        "it is given out without a redemption, or redeemed without being given out",
        """SELECT 'code ' || id, 'redemption ' || coalesce(redemption_id::text, 'none') FROM points_code
           WHERE (redemption_id IS NULL) <> (claimed_at IS NULL)""",
    ),
    Equation(
        "its reputation is not what its contributions earned",
        f"""SELECT 'profile ' || p.id, p.reputation || ' kept, ' || coalesce(s.total, 0) || ' by the ledger'
            FROM profiles_profile p LEFT JOIN (SELECT a.profile_id, sum(t.amount) AS total FROM points_transaction t
                JOIN points_account a ON a.id = t.wallet_id LEFT JOIN points_transaction o ON o.id = t.origin_id
                WHERE coalesce(o.kind, t.kind) IN ({_CONTRIBUTIONS}) GROUP BY a.profile_id) s ON s.profile_id = p.id
            WHERE p.reputation <> coalesce(s.total, 0)""",  # noqa: S608 - our own words
    ),
]


def mismatches() -> Iterator[tuple[str, str, str]]:
    """Yield (what, sentence, detail) for everything that breaks an equation, from one snapshot of the
    tables.
    """
    nested = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if not nested:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for equation in EQUATIONS:
            cursor.execute(f"SELECT * FROM ({equation.sql}) broken LIMIT %s", [SHOWN_PER_EQUATION])  # noqa: S608 - our own text
            for what, detail in cursor.fetchall():
                yield what, equation.sentence, detail


def totals() -> dict[str, int]:
    """Return how much there is to prove, and what everybody owns together."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT (SELECT count(*) FROM points_entry), (SELECT count(*) FROM points_transaction),
                      (SELECT coalesce(sum(balance), 0) FROM points_account WHERE kind = 'wallet')"""
        )
        entries, transactions, outstanding = cursor.fetchone()
    return {"entries": entries, "transactions": transactions, "outstanding": int(outstanding)}
