"""Events for chat channels and other systems, with retries and a record of each.

Owns the outbox and its delivery. Knows event names and payload dicts, nothing about the domain.
May import community.lib and community.audit.
"""
