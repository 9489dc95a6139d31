"""One table of verbs: what people do to one row or to many, declared once beside the actions of an app.

A verb's name stands in addresses, the selection bar, Django admin, the API and the log. Buttons, bulk, admin actions, API
fields, log sentences, undo and rows of the access table are read from here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from community.lib.refusals import attempt
from community.lib.registry import Registry

AT_ONCE = 100
REASON_LIMIT = 300
Text = str | Promise
Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Need:
    """What a verb asks for besides the reason. `read(viewer, given)` returns the action's value; raises ValidationError."""

    name: str
    label: Text
    read: Callable[[Any, Any], Any]
    api: Callable[[], Any]
    choices: Callable[[], list[tuple[str, str]]] | None = None
    required: bool = True
    empty: Text = ""  # the choice that chooses nothing
    optional: bool = False  # may be left out altogether


@dataclass(frozen=True)
class Reversal:
    """While `stands(row, before, after)`, what a log entry says is undone by `act(actor, row, before, reason)`."""

    stands: Callable[[Any, Facts, Facts], bool]
    act: Callable[[Any, Any, Facts, str], object]


@dataclass(frozen=True)
class Verb:
    """`action(viewer, row, reason=…)`, with each of `needs` by its name, asks who may and writes the log."""

    name: str
    label: Text  # the button
    action: Callable[..., object]
    done: Text = ""  # said afterwards
    logged: str = ""  # the log's code
    sentence: Text = ""  # the log's words, with %(actor)s and %(target)s
    notice: Text = ""  # what the author is notified of, with %(subject)s
    undo: str = ""  # the verb that takes it back
    holds: str = ""  # the row's attribute that says it is in force: `undo` is offered in its place then
    unless: tuple[str, ...] = ()  # attributes that make it and its undo meaningless
    reversal: Reversal | None = None  # how the log undoes it where `undo` does not say
    state: str = ""  # its field in the API's PATCH: true for this verb, false for its undo
    help_text: Text = ""
    needs: tuple[Need, ...] = ()
    together: bool = False  # `action` takes all chosen rows at once, and does all or nothing
    icon: str = ""
    ask: Callable[[Any, Facts], str] | None = None  # returns the question to confirm first, or nothing
    aliases: tuple[str, ...] = ()  # other names that the API keeps taking
    team_only: bool = False

    @property
    def asks(self) -> bool:
        """Whether it asks first; templates would call `ask` itself."""
        return self.ask is not None

    def read(self, viewer: Any, given: Facts) -> dict[str, Any]:
        """Return what the action takes besides the reason. Raises ValidationError."""
        return {need.name: need.read(viewer, given.get(need.name, "")) for need in self.needs}


@dataclass
class Target:
    """A kind of row with its verbs. `reachable(viewer)` returns the rows the viewer's tools are for."""

    key: str
    reachable: Callable[[Any], QuerySet[Any]]
    quietly: Callable[[bool], AbstractContextManager[None]] = lambda quiet: nullcontext()
    verbs: dict[str, Verb] = field(default_factory=dict)

    def add(self, *verbs: Verb) -> None:
        """Add verbs, in the order of their buttons, and what the log says of them. Raises ValueError for a known one."""
        for verb in verbs:
            if verb.name in self.verbs:
                raise ValueError(f"{self.key} already has {verb.name!r}.")
            self.verbs[verb.name] = verb
        for verb in verbs:
            if verb.sentence:
                SENTENCES.add(verb.logged, verb.sentence)
            if verb.notice:
                NOTICES.add(verb.logged, verb.notice)
            if verb.sentence and (reversal := self._reversal(verb)):
                REVERSALS.add(verb.logged, reversal)

    def find(self, name: str) -> Verb:
        """Return the verb of a name, or of a name it had. Raises PermissionDenied."""
        found = self.verbs.get(name) or next(
            (verb for verb in self.verbs.values() if name in verb.aliases), None
        )
        if found is None:
            raise PermissionDenied(_("This action isn’t available here."))
        return found

    def offered(self, row: object, *, is_team: bool) -> Iterator[Verb]:
        """Yield the verbs that make sense for a row: of a pair, the one that changes something."""
        undoing = {verb.undo for verb in self.verbs.values() if verb.holds}
        for verb in self.verbs.values():
            if (
                verb.name in undoing
                or (verb.team_only and not is_team)
                or any(getattr(row, name) for name in verb.unless)
            ):
                continue
            yield self.verbs[verb.undo] if verb.holds and getattr(row, verb.holds) else verb

    def perform(
        self, verb: Verb, viewer: Any, ids: Iterable[int], *, quiet: bool = False, **given: Any
    ) -> dict[int, str]:
        """Use a verb on rows, each in a transaction of its own. Return why not by id, "" for those done."""
        wanted = list(dict.fromkeys(ids))[:AT_ONCE]
        rows: dict[int, Model] = self.reachable(viewer).in_bulk(wanted)
        with self.quietly(quiet):
            if verb.together:
                why = (
                    attempt(verb.action, viewer, [rows[pk] for pk in wanted if pk in rows], **given)
                    if rows
                    else ""
                )
                return {pk: why if pk in rows else str(_("Not found.")) for pk in wanted}
            return {
                pk: attempt(verb.action, viewer, rows[pk], **given) if pk in rows else str(_("Not found."))
                for pk in wanted
            }

    def _reversal(self, verb: Verb) -> Reversal | None:
        if verb.reversal or not verb.undo:
            return verb.reversal
        other = self.verbs[verb.undo]

        def stands(row: Any, before: Facts, after: Facts) -> bool:
            blocked = any(getattr(row, name) for name in (verb.unless or other.unless))
            return not blocked and (
                bool(getattr(row, verb.holds)) if verb.holds else not getattr(row, other.holds)
            )

        return Reversal(stands, lambda actor, row, before, reason: other.action(actor, row, reason=reason))


TARGETS: Registry[Target] = Registry("targets of verbs")
# By the log's code: its words, what the author is notified of, and how it is undone.
SENTENCES: Registry[Text] = Registry("sentences of the log")
NOTICES: Registry[Text] = Registry("notices to authors")
REVERSALS: Registry[Reversal] = Registry("reversals")


def log_sentence(code: str, **parts: SafeString) -> SafeString:
    """Return what the log says, with links in it: the words are escaped, the parts are safe already."""
    words = (
        SENTENCES.get(code)
        or f"%(actor)s: {code.replace('.', ' ').replace('_', ' ').replace('-', ' ')} %(target)s"
    )
    return mark_safe(str(escape(words)) % {"source": mark_safe("…"), **parts})
