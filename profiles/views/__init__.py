"""Pages about people: in public, and their own settings."""

from profiles.views.guards import signed_in, signed_in_lately

__all__ = ["signed_in", "signed_in_lately"]
