from points.models.achievements import Achievement, AchievementGroup, Award, AwardRun
from points.models.gifts import Gift, GiftCategory
from points.models.ledger import Account, AccountKind, Entry, Kind, Transaction, TransactionDetail
from points.models.redemptions import Order, Redemption
from points.models.rewards import Audience, Code, Drawing, Reward, RewardKind

__all__ = [
    "Account",
    "AccountKind",
    "Achievement",
    "AchievementGroup",
    "Audience",
    "Award",
    "AwardRun",
    "Code",
    "Drawing",
    "Entry",
    "Gift",
    "GiftCategory",
    "Kind",
    "Order",
    "Redemption",
    "Reward",
    "RewardKind",
    "Transaction",
    "TransactionDetail",
]
