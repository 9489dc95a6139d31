"""Points in Django admin: rewards and codes for admins; orders, redemptions and the ledger for moderators too."""

from points.admin import codes, ledger, orders, redemptions, rewards

__all__ = ["codes", "ledger", "orders", "redemptions", "rewards"]
