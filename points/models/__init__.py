from points.models.ledger import Account, AccountKind, Entry, Kind, Transaction, TransactionDetail

__all__ = ["Account", "AccountKind", "Entry", "Kind", "Transaction", "TransactionDetail"]
