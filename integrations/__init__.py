"""What leaves the house: announcements to chat channels and other programs, with retries and a record of each.

Owns the outbox and its delivery. Knows event names and payload dicts, nothing of the domain.
May import community.lib and community.audit.
"""
