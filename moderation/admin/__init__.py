"""Threads, posts, reports and the ladder in Django admin: everything goes through the actions."""

from moderation.admin import reports, threads

__all__ = ["reports", "threads"]
