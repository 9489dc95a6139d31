from points.models.ledger import Account, AccountKind, Entry, Kind, Transaction, TransactionDetail
from points.models.redemptions import Order, Redemption
from points.models.rewards import Audience, Code, Drawing, Reward, RewardKind

__all__ = [
    "Account",
    "AccountKind",
    "Audience",
    "Code",
    "Drawing",
    "Entry",
    "Kind",
    "Order",
    "Redemption",
    "Reward",
    "RewardKind",
    "Transaction",
    "TransactionDetail",
]
