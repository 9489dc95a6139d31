"""Points, achievements and rewards.

Owns the ledger (accounts, transactions, entries), achievements and awards, rewards, codes, redemptions, orders and gifts.
May import community.lib, community.audit, integrations and profiles.
"""
