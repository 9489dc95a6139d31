"""`manage.py up`: see `community.local.up`."""

from community.local.up import Command

__all__ = ["Command"]
