"""Points in Django admin: rewards and codes for admins; achievements, gifts, orders and the ledger for
moderators too.
"""

from points.admin import achievements, codes, gifts, ledger, orders, redemptions, rewards

__all__ = ["achievements", "codes", "gifts", "ledger", "orders", "redemptions", "rewards"]
