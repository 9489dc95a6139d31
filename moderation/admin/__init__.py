"""Threads, posts, reports, sanctions and appeals in Django admin: everything goes through the actions."""

from moderation.admin import reports, threads

__all__ = ["reports", "threads"]
