"""What moderation writes down beside the log."""

from moderation.models.merge import Merge

__all__ = ["Merge"]
