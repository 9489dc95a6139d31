"""Users are private, profiles are public: two rows, so no public query reaches an address."""

from profiles.models.account import AccountDeletion, DataExport, ImportedAddress
from profiles.models.bounce import MailReturn, ReturnKind
from profiles.models.champion import Cohort, Nomination
from profiles.models.keys import ApiKey, IdempotencyRecord
from profiles.models.mail import (
    Delivery,
    DeliveryQuerySet,
    DeliveryState,
    MailSettings,
    SkipReason,
    StopReason,
)
from profiles.models.notification import Notification, NotificationPreference
from profiles.models.profile import Profile, ProfileQuerySet
from profiles.models.team import Team, TeamMembership
from profiles.models.user import Role, User

__all__ = [
    "AccountDeletion", "ApiKey", "Cohort", "DataExport", "Delivery", "DeliveryQuerySet", "DeliveryState", "IdempotencyRecord",
    "ImportedAddress", "MailReturn", "MailSettings", "Nomination", "Notification", "NotificationPreference", "Profile",
    "ProfileQuerySet", "ReturnKind", "Role", "SkipReason", "StopReason", "Team", "TeamMembership", "User",
]  # fmt: skip
