"""The words of the log: what each action, kind of target and fact is called."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LABELS: dict[str, str | Promise] = {
    "account.deleted": gettext_lazy("deleted an account"),
    "account.deletion_cancelled": gettext_lazy("cancelled the deletion of an account"),
    "account.deletion_requested": gettext_lazy("requested the deletion of an account"),
    "achievement.changed": gettext_lazy("changed an achievement"),
    "achievement.looked": gettext_lazy("looked for members who earned an achievement"),
    "achievement.made": gettext_lazy("created an achievement"),
    "achievement.published": gettext_lazy("published an achievement"),
    "achievement.unpublished": gettext_lazy("unpublished an achievement"),
    "achievementgroup.changed": gettext_lazy("changed a group of achievements"),
    "achievementgroup.made": gettext_lazy("created a group of achievements"),
    "addresses.read": gettext_lazy("opened the shipping addresses of orders"),
    "api_key.created": gettext_lazy("created an API key"),
    "api_key.revoked": gettext_lazy("revoked an API key"),
    "appeal.decided": gettext_lazy("decided an appeal"),
    "appeal.made": gettext_lazy("appealed"),
    "award.given": gettext_lazy("awarded an achievement"),
    "award.revoked": gettext_lazy("revoked an achievement"),
    "champion.accepted": gettext_lazy("accepted to be a champion"),
    "champion.declined": gettext_lazy("declined to be a champion"),
    "champion.ended": gettext_lazy("ended the champion role of a member"),
    "champion.invited": gettext_lazy("invited a champion"),
    "champion.nominated": gettext_lazy("nominated a champion"),
    "code.shown": gettext_lazy("opened the code of a redemption"),
    "code.withdrawn": gettext_lazy("withdrew a code"),
    "codes.added": gettext_lazy("added codes to a reward"),
    "data.downloaded": gettext_lazy("downloaded their data"),
    "data.requested": gettext_lazy("requested their data"),
    "directory.exported": gettext_lazy("exported the member directory"),
    "docs_page.moved": gettext_lazy("moved a docs page"),
    "giftcategory.changed": gettext_lazy("changed a category of awarded points"),
    "giftcategory.made": gettext_lazy("created a category of awarded points"),
    "mail.resent": gettext_lazy("sent an e-mail again"),
    "mail.restarted": gettext_lazy("started e-mail to a member again"),
    "order.placed": gettext_lazy("placed an order"),
    "order.sent": gettext_lazy("marked an order as sent"),
    "page.saved": gettext_lazy("changed a page of the site"),
    "points.gifted": gettext_lazy("awarded points"),
    "post.approved": gettext_lazy("approved a post"),
    "post.deleted": gettext_lazy("deleted a reply"),
    "post.edited": gettext_lazy("edited a post"),
    "post.hidden": gettext_lazy("hid a reply"),
    "post.redacted": gettext_lazy("removed the text of an earlier version"),
    "post.reopened": gettext_lazy("sent a post back to the review queue"),
    "post.shown": gettext_lazy("unhid a reply"),
    "post.turned-down": gettext_lazy("rejected a post"),
    "post.undeleted": gettext_lazy("restored a reply"),
    "profile.claimed": gettext_lazy("claimed an imported profile"),
    "profile.edited": gettext_lazy("edited a profile"),
    "profile.trust-set": gettext_lazy("changed the trust level of a member"),
    "redemption.fulfilled": gettext_lazy("fulfilled a redemption"),
    "redemption.refunded": gettext_lazy("refunded a redemption"),
    "report.claimed": gettext_lazy("claimed a report"),
    "report.decided": gettext_lazy("decided a report"),
    "report.made": gettext_lazy("received a report"),
    "reward.changed": gettext_lazy("changed a reward"),
    "reward.made": gettext_lazy("created a reward"),
    "reward.published": gettext_lazy("published a reward"),
    "reward.retired": gettext_lazy("retired a reward"),
    "reward.stocked": gettext_lazy("changed the stock of a reward"),
    "role.changed": gettext_lazy("changed a role"),
    "sanction.ended": gettext_lazy("ended a sanction on time"),
    "sanction.given": gettext_lazy("gave a sanction"),
    "sanction.lifted": gettext_lazy("lifted a sanction"),
    "seal.asked": gettext_lazy("asked to see a reporter"),
    "seal.opened": gettext_lazy("looked at a reporter"),
    "solution.cleared": gettext_lazy("removed the solution of a question"),
    "solution.marked": gettext_lazy("marked the solution of a question"),
    "spam-filter.set": gettext_lazy("set the spam filter"),
    "tag.deleted": gettext_lazy("deleted a tag"),
    "tag.described": gettext_lazy("described a tag"),
    "tag.merged": gettext_lazy("merged a tag"),
    "tag.renamed": gettext_lazy("renamed a tag"),
    "team.changed": gettext_lazy("changed a team"),
    "team.crest_changed": gettext_lazy("changed the crest of a team"),
    "team.deleted": gettext_lazy("deleted a team"),
    "team.invited": gettext_lazy("invited a teammate"),
    "team.joined": gettext_lazy("added a member to a team"),
    "team.left": gettext_lazy("removed a member from a team"),
    "team.made": gettext_lazy("created a team"),
    "team.membership_changed": gettext_lazy("changed a team membership"),
    "thread.archived": gettext_lazy("archived a thread"),
    "thread.deleted": gettext_lazy("deleted a thread"),
    "thread.edited": gettext_lazy("edited the subject or tags of a thread"),
    "thread.hidden": gettext_lazy("hid a thread"),
    "thread.locked": gettext_lazy("locked a thread"),
    "thread.made-private": gettext_lazy("made a thread private"),
    "thread.made-public": gettext_lazy("made a thread public"),
    "thread.merged": gettext_lazy("merged a thread into another"),
    "thread.moved": gettext_lazy("moved a thread"),
    "thread.pinned": gettext_lazy("pinned a thread"),
    "thread.restored": gettext_lazy("unarchived a thread"),
    "thread.shown": gettext_lazy("unhid a thread"),
    "thread.undeleted": gettext_lazy("restored a thread"),
    "thread.unlocked": gettext_lazy("unlocked a thread"),
    "thread.unmerged": gettext_lazy("unmerged a thread"),
    "thread.unpinned": gettext_lazy("unpinned a thread"),
    "topic.changed": gettext_lazy("changed a topic"),
    "topic.deleted": gettext_lazy("deleted a topic"),
    "topic.made": gettext_lazy("created a topic"),
    "topicgroup.changed": gettext_lazy("changed a topic group"),
    "topicgroup.deleted": gettext_lazy("deleted a topic group"),
    "topicgroup.made": gettext_lazy("created a topic group"),
}
KINDS: dict[str, str | Promise] = {
    "achievement": gettext_lazy("Achievement"), "achievementgroup": gettext_lazy("Achievement group"),
    "api_key": gettext_lazy("API key"), "case": gettext_lazy("Report"), "delivery": gettext_lazy("E-mail"),
    "giftcategory": gettext_lazy("Category"), "order": gettext_lazy("Order"), "page": gettext_lazy("Page"),
    "pagemove": gettext_lazy("Docs page"), "post": gettext_lazy("Post"), "profile": gettext_lazy("Member"),
    "redemption": gettext_lazy("Redemption"), "reward": gettext_lazy("Reward"), "tag": gettext_lazy("Tag"),
    "team": gettext_lazy("Team"), "thread": gettext_lazy("Thread"), "topic": gettext_lazy("Topic"),
    "topicgroup": gettext_lazy("Topic group"),
}  # fmt: skip
WHOLE: dict[str, str | Promise] = {"orders:waiting": gettext_lazy("Open orders"), "spam-filter:1": gettext_lazy("Spam filter")}
FACTS: dict[str, str | Promise] = {
    "archived_at": gettext_lazy("Archived"), "asked_by": gettext_lazy("Asked by"), "clause": gettext_lazy("Rule"),
    "hidden": gettext_lazy("Hidden"), "hidden_at": gettext_lazy("Hidden"), "held": gettext_lazy("Awaiting approval"),
    "kept_solution": gettext_lazy("Kept solution"), "locked_at": gettext_lazy("Locked"), "member": gettext_lazy("Member"),
    "merged_into": gettext_lazy("Merged into"), "pinned_at": gettext_lazy("Pinned"), "private_at": gettext_lazy("Private"),
    "profile": gettext_lazy("Member"), "revision": gettext_lazy("Version"), "solution": gettext_lazy("Solution"),
    "subject": gettext_lazy("Subject"), "tags": gettext_lazy("Tags"), "topic": gettext_lazy("Topic"),
    "trust": gettext_lazy("Trust level"), "url": gettext_lazy("Address"),
}  # fmt: skip


def label_of(action: str) -> str:
    """Return an action in words; one without words of its own never shows its code."""
    return str(LABELS.get(action) or action.replace(".", ": ").replace("_", " ").replace("-", " "))


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
