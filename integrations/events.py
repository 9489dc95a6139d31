"""The names of what is announced: a promise to whoever listens. Names may be added, never changed."""

from __future__ import annotations

THREAD_CREATED = "thread.created"
THREAD_SOLVED = "thread.solved"
THREAD_ARCHIVED = "thread.archived"
THREAD_RESTORED = "thread.restored"
THREAD_MOVED = "thread.moved"
POST_CREATED = "post.created"
REWARD_REDEEMED = "reward.redeemed"
POINTS_GIFTED = "points.gifted"
REPORT_CREATED = "report.created"
MEMBER_JOINED = "member.joined"
ROADMAP_SHIPPED = "roadmap.shipped"

EVENTS = frozenset({
    THREAD_CREATED, THREAD_SOLVED, THREAD_ARCHIVED, THREAD_RESTORED, THREAD_MOVED, POST_CREATED, REWARD_REDEEMED,
    POINTS_GIFTED, REPORT_CREATED, MEMBER_JOINED, ROADMAP_SHIPPED,
})  # fmt: skip
# What never leaves the house, under whatever event.
PRIVATE_NAMES = frozenset({
    "code", "codes", "email", "e_mail", "mail", "address", "address_line1", "address_line2", "postal_code", "phone", "password",
    "token", "key", "secret",
})  # fmt: skip
