"""The append-only log of everything privileged, and its one verb `record()`.

Owns the chained entries and their erasable texts. May import community.lib only.
Entries hold ids; words about people stand in a side row that can be erased without breaking the chain.
"""

from community.audit.actions import record

__all__ = ["record"]
