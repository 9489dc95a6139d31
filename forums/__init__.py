"""What people write: topics, threads, posts, votes, tags, drafts, uploads.

Owns the thread page, the lists and the imports.
May import community.lib, community.audit, integrations, profiles and points.
"""
