"""The words of the log: what each action, kind of target and fact is called."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.lib.verbs import SENTENCES, log_sentence

# Log codes that no verb of the table writes. %(target)s is the name of what it was done to.
WORDS: dict[str, str | Promise] = {
    "account.deleted": gettext_lazy("%(actor)s deleted the account of %(target)s"),
    "account.deletion_cancelled": gettext_lazy("%(actor)s kept the account of %(target)s"),
    "account.deletion_requested": gettext_lazy("%(actor)s asked to delete the account of %(target)s"),
    "achievement.changed": gettext_lazy("%(actor)s changed the achievement %(target)s"),
    "achievement.made": gettext_lazy("%(actor)s created the achievement %(target)s"),
    "achievementgroup.changed": gettext_lazy("%(actor)s changed the achievement group %(target)s"),
    "achievementgroup.deleted": gettext_lazy("%(actor)s deleted the achievement group %(target)s"),
    "achievementgroup.made": gettext_lazy("%(actor)s created the achievement group %(target)s"),
    "addresses.read": gettext_lazy("%(actor)s opened the shipping addresses of %(target)s"),
    "api_key.created": gettext_lazy("%(actor)s created the API key %(target)s"),
    "api_key.revoked": gettext_lazy("%(actor)s revoked the API key %(target)s"),
    "appeal.made": gettext_lazy("%(actor)s appealed %(target)s"),
    "award.given": gettext_lazy("%(actor)s awarded an achievement to %(target)s"),
    "champion.accepted": gettext_lazy("%(actor)s became a champion: %(target)s"),
    "champion.declined": gettext_lazy("%(actor)s declined to be a champion: %(target)s"),
    "champion.ended": gettext_lazy("%(actor)s ended the champion role of %(target)s"),
    "champion.invited": gettext_lazy("%(actor)s invited %(target)s to be a champion"),
    "champion.nominated": gettext_lazy("%(actor)s nominated %(target)s as a champion"),
    "code.shown": gettext_lazy("%(actor)s opened the code of %(target)s"),
    "codes.added": gettext_lazy("%(actor)s added codes to %(target)s"),
    "data.downloaded": gettext_lazy("%(actor)s downloaded the data of %(target)s"),
    "data.requested": gettext_lazy("%(actor)s requested the data of %(target)s"),
    "directory.exported": gettext_lazy("%(actor)s exported the member directory (%(target)s)"),
    "docs_page.moved": gettext_lazy("%(actor)s moved the docs page %(target)s"),
    "giftcategory.changed": gettext_lazy("%(actor)s changed the points category %(target)s"),
    "giftcategory.deleted": gettext_lazy("%(actor)s deleted the points category %(target)s"),
    "giftcategory.made": gettext_lazy("%(actor)s created the points category %(target)s"),
    "mail.resent": gettext_lazy("%(actor)s sent an e-mail again: %(target)s"),
    "mail.restarted": gettext_lazy("%(actor)s restarted e-mail to %(target)s"),
    "order.placed": gettext_lazy("%(actor)s placed an order: %(target)s"),
    "order.sent": gettext_lazy("%(actor)s marked %(target)s as sent"),
    "page.saved": gettext_lazy("%(actor)s changed the page %(target)s"),
    "points.gifted": gettext_lazy("%(actor)s awarded points to %(target)s"),
    "post.edited": gettext_lazy("%(actor)s edited a post in %(target)s"),
    "profile.claimed": gettext_lazy("%(actor)s claimed the imported profile %(target)s"),
    "profile.edited": gettext_lazy("%(actor)s edited the profile of %(target)s"),
    "profile.trust-set": gettext_lazy("%(actor)s changed the trust level of %(target)s"),
    "report.made": gettext_lazy("%(actor)s received a report: %(target)s"),
    "reward.changed": gettext_lazy("%(actor)s changed the reward %(target)s"),
    "reward.made": gettext_lazy("%(actor)s created the reward %(target)s"),
    "reward.stocked": gettext_lazy("%(actor)s changed the stock of %(target)s"),
    "role.changed": gettext_lazy("%(actor)s changed the role of %(target)s"),
    "sanction.ended": gettext_lazy("%(actor)s ended a sanction of %(target)s"),
    "sanction.given": gettext_lazy("%(actor)s sanctioned %(target)s"),
    "solution.cleared": gettext_lazy("%(actor)s removed the solution of %(target)s"),
    "solution.marked": gettext_lazy("%(actor)s marked the solution of %(target)s"),
    "spam-filter.set": gettext_lazy("%(actor)s changed the %(target)s"),
    "tag.deleted": gettext_lazy("%(actor)s deleted the tag %(target)s"),
    "tag.described": gettext_lazy("%(actor)s described the tag %(target)s"),
    "tag.merged": gettext_lazy("%(actor)s merged the tag %(target)s"),
    "tag.renamed": gettext_lazy("%(actor)s renamed the tag %(target)s"),
    "team.changed": gettext_lazy("%(actor)s changed the team %(target)s"),
    "team.crest_changed": gettext_lazy("%(actor)s changed the crest of %(target)s"),
    "team.deleted": gettext_lazy("%(actor)s deleted the team %(target)s"),
    "team.invited": gettext_lazy("%(actor)s invited a teammate to %(target)s"),
    "team.joined": gettext_lazy("%(actor)s added a member to %(target)s"),
    "team.left": gettext_lazy("%(actor)s removed a member from %(target)s"),
    "team.made": gettext_lazy("%(actor)s created the team %(target)s"),
    "team.membership_changed": gettext_lazy("%(actor)s changed a membership of %(target)s"),
    "topic.changed": gettext_lazy("%(actor)s changed the topic %(target)s"),
    "topic.deleted": gettext_lazy("%(actor)s deleted the topic %(target)s"),
    "topic.made": gettext_lazy("%(actor)s created the topic %(target)s"),
    "topicgroup.changed": gettext_lazy("%(actor)s changed the topic group %(target)s"),
    "topicgroup.deleted": gettext_lazy("%(actor)s deleted the topic group %(target)s"),
    "topicgroup.made": gettext_lazy("%(actor)s created the topic group %(target)s"),
}
ELLIPSIS = mark_safe("…")
KINDS: dict[str, str | Promise] = {
    "achievement": gettext_lazy("Achievement"), "achievementgroup": gettext_lazy("Achievement group"),
    "api_key": gettext_lazy("API key"), "case": gettext_lazy("Report"), "delivery": gettext_lazy("E-mail"),
    "giftcategory": gettext_lazy("Category"), "order": gettext_lazy("Order"), "page": gettext_lazy("Page"),
    "pagemove": gettext_lazy("Docs page"), "post": gettext_lazy("Post"), "profile": gettext_lazy("Member"),
    "redemption": gettext_lazy("Redemption"), "reward": gettext_lazy("Reward"), "tag": gettext_lazy("Tag"),
    "team": gettext_lazy("Team"), "thread": gettext_lazy("Thread"), "topic": gettext_lazy("Topic"),
    "topicgroup": gettext_lazy("Topic group"),
}  # fmt: skip
WHOLE: dict[str, str | Promise] = {
    "orders:waiting": gettext_lazy("Open orders"),
    "spam-filter:1": gettext_lazy("Spam filter"),
}
FACTS: dict[str, str | Promise] = {
    "archived_at": gettext_lazy("Archived"), "asked_by": gettext_lazy("Asked by"), "clause": gettext_lazy("Rule"),
    "hidden": gettext_lazy("Hidden"), "hidden_at": gettext_lazy("Hidden"), "held": gettext_lazy("Awaiting approval"),
    "kept_solution": gettext_lazy("Kept solution"), "locked_at": gettext_lazy("Locked"), "member": gettext_lazy("Member"),
    "merged_into": gettext_lazy("Merged into"), "pinned_at": gettext_lazy("Pinned"), "private_at": gettext_lazy("Private"),
    "profile": gettext_lazy("Member"), "revision": gettext_lazy("Version"), "solution": gettext_lazy("Solution"),
    "subject": gettext_lazy("Subject"), "tags": gettext_lazy("Tags"), "topic": gettext_lazy("Topic"),
    "thread": gettext_lazy("Thread"), "posts": gettext_lazy("Replies"),
    "trust": gettext_lazy("Trust level"), "url": gettext_lazy("Address"),
}  # fmt: skip


for _code, _words in WORDS.items():
    SENTENCES.add(_code, _words)


def label_of(code: str) -> str:
    """Return an action in words, for the filter: “… archived …”."""
    return str(log_sentence(code, actor=ELLIPSIS, target=ELLIPSIS))


def target_name(target: str) -> str:
    """Return what to call a target whose title is not known: “Order 12”."""
    kind, _colon, number = target.partition(":")
    return str(WHOLE.get(target) or f"{KINDS.get(kind, kind)} {number}")


def fact_name(name: str) -> str:
    return str(FACTS.get(name) or name.replace("_", " ").capitalize())


def value_words(value: object) -> str:
    """Return a fact's value as people read it: times as times, lists with commas."""
    match value:
        case None | "" | []:
            return "–"
        case bool():
            return _("yes") if value else _("no")
        case str():
            return _moment(value) or value
        case list():
            return ", ".join(value_words(one) for one in value)
        case dict():
            return ", ".join(f"{fact_name(str(name))}: {value_words(one)}" for name, one in value.items())
    return str(value)


def _moment(value: str) -> str:
    try:
        when = datetime.fromisoformat(value)
    except ValueError:
        return ""
    return date_format(timezone.localtime(when), "DATETIME_FORMAT") if when.tzinfo else ""
