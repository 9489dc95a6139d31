"""What moderators and admins do to awards, achievements, rewards, codes and redemptions; each verb is
declared once.
"""

from __future__ import annotations

from django.db.models import Model
from django.utils.translation import gettext_lazy as words

from community.lib.verbs import TARGETS, Target, Verb
from points.actions.achievements import award_to_qualified, publish_achievement, unpublish_achievement
from points.actions.awards import revoke_award
from points.actions.codes import withdraw_code
from points.actions.redemptions import fulfil, refund
from points.actions.rewards import publish_reward, retire_reward
from points.models import Achievement, Award, Code, Redemption, Reward


def _target(key: str, model: type[Model], *verbs: Verb) -> Target:
    target = TARGETS.add(key, Target(key, lambda viewer: model._default_manager.all()))
    target.add(*verbs)
    return target


AWARD = _target(
    "award", Award,
    Verb(
        "revoke", words("Revoke"), revoke_award, words("Achievement revoked. Its points were taken back."), "award.revoked",
        words("%(actor)s revoked an achievement of %(target)s"),
    ),
)  # fmt: skip
ACHIEVEMENT = _target(
    "achievement", Achievement,
    Verb(
        "publish", words("Publish"), publish_achievement,
        words("Achievement published. “Award runs” shows how many members have been awarded it."), "achievement.published",
        words("%(actor)s published the achievement %(target)s"),
    ),
    Verb(
        "unpublish", words("Unpublish"), unpublish_achievement,
        words("Achievement unpublished. Members who earned it keep it."), "achievement.unpublished",
        words("%(actor)s unpublished the achievement %(target)s"),
    ),
    Verb(
        "award", words("Award to members who qualify"), award_to_qualified,
        words("Award run started. “Award runs” shows its progress."), "achievement.looked",
        words("%(actor)s awarded %(target)s to members who qualify"),
    ),
)  # fmt: skip
REWARD = _target(
    "reward", Reward,
    Verb(
        "publish", words("Publish"), publish_reward, words("Reward published."), "reward.published",
        words("%(actor)s published the reward %(target)s"),
    ),
    Verb(
        "retire", words("Retire"), retire_reward, words("Reward retired. Nobody can redeem it any more."), "reward.retired",
        words("%(actor)s retired the reward %(target)s"),
    ),
)  # fmt: skip
CODE = _target(
    "code", Code,
    Verb(
        "withdraw", words("Withdraw"), withdraw_code, words("Code withdrawn."), "code.withdrawn",
        words("%(actor)s withdrew a code of %(target)s"),
    ),
)  # fmt: skip
REDEMPTION = _target(
    "redemption", Redemption,
    Verb(
        "fulfil", words("Mark as delivered"), fulfil, words("Reward marked as delivered."), "redemption.fulfilled",
        words("%(actor)s marked %(target)s as delivered"),
    ),
    Verb(
        "refund", words("Refund"), refund, words("Reward refunded. The member has the points back."), "redemption.refunded",
        words("%(actor)s refunded %(target)s"),
    ),
)  # fmt: skip
