"""Reading points: balances, histories, and the proof that the ledger holds."""
