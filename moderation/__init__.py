"""Keeping the place kind: archive, lock, pin, move, hide, restore.

Owns the privileged pages and the tools on threads and posts.
May import everything to its left: community, profiles, points, forums, roadmap, feed.
"""
