"""People in Django admin: profiles and teams for moderators; accounts, roles and keys for admins."""

from profiles.admin import people, teams

__all__ = ["people", "teams"]
