"""Users are private, profiles are public: two rows, so no public query reaches an address."""

from profiles.models.keys import ApiKey, IdempotencyRecord
from profiles.models.profile import Profile, ProfileQuerySet
from profiles.models.team import Team, TeamMembership
from profiles.models.user import Role, User

__all__ = ["ApiKey", "IdempotencyRecord", "Profile", "ProfileQuerySet", "Role", "Team", "TeamMembership", "User"]
