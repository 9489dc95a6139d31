"""Names of events. Other systems depend on them: names can be added, never changed."""

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

EVENTS = frozenset({
    THREAD_CREATED, THREAD_SOLVED, THREAD_ARCHIVED, THREAD_RESTORED, THREAD_MOVED, POST_CREATED, REWARD_REDEEMED,
    POINTS_GIFTED, REPORT_CREATED, MEMBER_JOINED,
})  # fmt: skip
# Names that no event's data may have.
PRIVATE_NAMES = frozenset({
    "code", "codes", "email", "e_mail", "mail", "address", "address_line1", "address_line2", "postal_code", "phone", "password",
    "token", "key", "secret",
})  # fmt: skip
