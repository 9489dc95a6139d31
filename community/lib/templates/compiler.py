"""Makes a Python function of a list of Django's template nodes.

Constant parts (text, translations, addresses of static files, icons) are joined when the function is made; loops,
conditions and variables become Python's; includes are drawn in. A node that is not known here renders itself, and
the variables it may ask for are pushed to the context for it, so that the output is Django's in every case.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any

from django.template import Context, Node, Template, TemplateDoesNotExist
from django.template.base import FilterExpression, TextNode, Variable, VariableNode
from django.template.defaulttags import (
    CommentNode,
    CsrfTokenNode,
    ForNode,
    IfNode,
    LoadNode,
    TemplateLiteral,
    WithNode,
)
from django.template.library import SimpleNode
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.templatetags.static import StaticNode
from django.utils.html import conditional_escape
from django.utils.translation import gettext, ngettext

from community.lib.templates import runtime

Render = Callable[[Context, Callable[[str], None]], None]
Scope = dict[str, tuple[str, Any]]  # template name: (Python name, its value where that is constant)
UNKNOWN = object()
DEEPEST_INCLUDE = 8
DEEPEST_LOOP = 6
EQUALITIES = frozenset({"is", "is not", "==", "!="})
COMPARISONS = frozenset({"in", "not in", ">", ">=", "<", "<="})
SETTERS = ("asvar", "target_var", "varname", "var_name", "variable_name")


class NotHere(Exception):
    """What this compiler leaves to Django."""


def compile_nodes(nodes: Iterable[Node], template: Template) -> Render:
    """Return a function that renders `nodes` in the language of the moment."""
    writer = Writer(template)
    writer.nodes(nodes, {})
    writer.flush()
    lines = ["def render(context, add):", "    csrf = ''", *writer.lines]
    space: dict[str, Any] = {**{name: getattr(runtime, name) for name in RUNTIME}, **writer.constants}
    exec(compile("\n".join(lines), f"<template {template.name}>", "exec"), space)  # noqa: S102  (made of our own templates)
    return space["render"]  # type: ignore[no-any-return]


RUNTIME = ("show", "root", "deep", "fetch", "apply", "listed", "loop", "compare")


class Writer:
    """The lines of the function as they come."""

    def __init__(self, template: Template) -> None:
        self.template = template
        self.lines: list[str] = []
        self.constants: dict[str, Any] = {"ngettext": ngettext, "escape": conditional_escape}
        self.indent = 1
        self.text: list[str] = []
        self.numbers = itertools.count()
        self.asks_context = False  # something in the current body reads the context itself
        self.asks_forloop = False
        self.loops = 0
        self.included: list[str] = []

    # --- pieces ---------------------------------------------------------------------------------------
    def line(self, code: str) -> None:
        self.flush()
        self.lines.append("    " * self.indent + code)

    def flush(self) -> None:
        if self.text:
            text, self.text = "".join(self.text), []
            self.lines.append("    " * self.indent + f"add({text!r})")

    def constant(self, value: Any) -> str:
        if value is None or type(value) in (int, str, bool):
            return repr(value)
        name = f"k{next(self.numbers)}"
        self.constants[name] = value
        return name

    # --- nodes ----------------------------------------------------------------------------------------
    def nodes(self, nodes: Iterable[Any], scope: Scope) -> None:
        for node in nodes:
            lines, text = len(self.lines), list(self.text)
            write = WRITERS.get(type(node))
            try:
                if write is None:
                    raise NotHere
                write(self, node, scope)
            except NotHere:
                del self.lines[lines:]
                self.text = text
                self.fall_back(node, scope)

    def fall_back(self, node: Node, scope: Scope) -> None:
        self.asks_context = True
        for name in SETTERS:
            # What the node sets, it sets in the context: there it is to be looked for from here on.
            scope.pop(getattr(node, name, None) or "", None)
        self.line(f"add({self.constant(node)}.render_annotated(context))")

    def body(self, nodes: Iterable[Any], scope: Scope) -> None:
        """Write an indented body, which is never empty."""
        self.flush()
        self.indent += 1
        before = len(self.lines)
        self.nodes(nodes, scope)
        self.flush()
        if len(self.lines) == before:
            self.line("pass")
        self.indent -= 1

    def bind(self, names: Scope, nodes: Iterable[Any], scope: Scope) -> None:
        """Write `nodes` where `names` are known; the context learns them only if somebody asks it."""
        outer, self.asks_context = self.asks_context, False
        self.flush()
        place = len(self.lines)
        self.nodes(nodes, {**scope, **names})
        self.flush()
        if self.asks_context:
            pairs = ", ".join(f"{name!r}: {python}" for name, (python, _value) in names.items())
            self.lines.insert(place, "    " * self.indent + f"context.update({{{pairs}}})")
            self.line("context.pop()")
        self.asks_context = self.asks_context or outer

    # --- expressions ----------------------------------------------------------------------------------
    def expression(self, given: Any, scope: Scope, missing: str = "''") -> str:
        """Return Python for a template expression; what it names and is not there is `missing`."""
        code = self.variable(given.var, scope, missing) if given.is_var else self.constant(given.var)
        for func, arguments in given.filters:
            if any(lookup for lookup, _value in arguments):
                raise NotHere
            values = "".join(f"{self.constant(runtime.mark_safe(value))}, " for _lookup, value in arguments)
            code = f"apply({self.constant(func)}, {code}, ({values}), context)"
        return code

    def variable(self, given: Variable, scope: Scope, missing: str) -> str:
        if given.translate or given.message_context:
            raise NotHere
        if given.lookups is None:
            return self.constant(given.literal)
        name, *bits = given.lookups
        if name == "forloop":
            self.asks_forloop = True
        if name == "block":
            raise NotHere
        known = scope.get(name)
        if known is not None:
            return f"fetch({known[0]}, {tuple(bits)!r}, {missing})" if bits else known[0]
        return (
            f"deep(context, {name!r}, {tuple(bits)!r}, {missing})"
            if bits
            else f"root(context, {name!r}, {missing})"
        )

    def condition(self, tree: Any, scope: Scope) -> str:
        if isinstance(tree, TemplateLiteral):
            return self.expression(tree.value, scope, "None")
        left = self.condition(tree.first, scope)
        if tree.id == "not":
            return f"(not {left})"
        right = self.condition(tree.second, scope)
        if tree.id in ("or", "and") or tree.id in EQUALITIES:
            return f"({left} {tree.id} {right})"
        if tree.id in COMPARISONS:
            return f"compare(lambda: {left} {tree.id} {right})"
        raise NotHere


def literal(given: FilterExpression) -> Any:
    """Return the value of a constant, or UNKNOWN."""
    if given.filters:
        return UNKNOWN
    if not given.is_var:
        return given.var
    return given.var.literal if given.var.lookups is None and not given.var.translate else UNKNOWN


def write_text(to: Writer, node: TextNode, scope: Scope) -> None:
    to.text.append(node.s)


def write_nothing(to: Writer, node: Node, scope: Scope) -> None:
    """Comments and loads leave nothing behind."""


def write_variable(to: Writer, node: VariableNode, scope: Scope) -> None:
    to.line(f"add(show({to.expression(node.filter_expression, scope)}, context))")


def write_csrf(to: Writer, node: CsrfTokenNode, scope: Scope) -> None:
    # One token a page: each would be masked anew otherwise, which costs more than the form.
    to.line(f"csrf = csrf or {to.constant(node)}.render(context)")
    to.line("add(csrf)")


def write_if(to: Writer, node: IfNode, scope: Scope) -> None:
    word = "if"
    conditions = [
        (None if condition is None else to.condition(condition, scope), nodes)
        for condition, nodes in node.conditions_nodelists
    ]
    for code, nodes in conditions:
        to.line("else:" if code is None else f"{word} {code}:")
        to.body(nodes, scope)
        word = "elif"


def write_for(to: Writer, node: ForNode, scope: Scope) -> None:
    if to.loops >= DEEPEST_LOOP or "forloop" in node.loopvars:
        raise NotHere
    number = next(to.numbers)
    values, item, place, one = (f"{letter}{number}" for letter in ("s", "v", "i", "f"))
    to.line(f"{values} = listed({to.expression(node.sequence, scope, 'None')})")
    to.line(f"for {place}, {item} in enumerate({f'reversed({values})' if node.is_reversed else values}):")
    names: Scope = {}
    to.indent += 1
    if len(node.loopvars) == 1:
        names[node.loopvars[0]] = (item, UNKNOWN)
    else:
        python = [f"{item}_{turn}" for turn in range(len(node.loopvars))]
        to.line(f"{', '.join(python)} = {item}")
        names = {name: (one_name, UNKNOWN) for name, one_name in zip(node.loopvars, python, strict=True)}
    start, outer_asks, outer_forloop = len(to.lines), to.asks_context, to.asks_forloop
    to.asks_context = to.asks_forloop = False
    to.loops += 1
    parent = scope["forloop"][0] if "forloop" in scope else "root(context, 'forloop', {})"
    to.bind({**names, "forloop": (one, UNKNOWN)}, node.nodelist_loop, scope)
    to.loops -= 1
    if to.asks_context or to.asks_forloop:
        to.lines.insert(start, "    " * to.indent + f"{one} = loop({place}, len({values}), {parent})")
        outer_forloop = True
    elif len(to.lines) == start:
        to.line("pass")
    to.indent -= 1
    to.asks_context, to.asks_forloop = to.asks_context or outer_asks, outer_forloop
    if node.nodelist_empty:
        to.line(f"if not len({values}):")
        to.body(node.nodelist_empty, scope)


def write_with(to: Writer, node: WithNode, scope: Scope) -> None:
    to.bind(_values(to, node.extra_context, scope), node.nodelist, scope)


def write_include(to: Writer, node: IncludeNode, scope: Scope) -> None:
    name = literal(node.template)
    if name is UNKNOWN and node.template.is_var and not node.template.filters and node.template.var.lookups:
        name = scope.get(".".join(node.template.var.lookups), ("", UNKNOWN))[1]
    if (
        not isinstance(name, str)
        or name.startswith(".")
        or node.isolated_context
        or len(to.included) >= DEEPEST_INCLUDE
    ):
        raise NotHere
    if name in to.included:
        raise NotHere
    try:
        template = to.template.engine.get_template(name)
    except TemplateDoesNotExist as error:
        raise NotHere from error  # the branch may never be taken
    if any(template.nodelist.get_nodes_by_type(kind) for kind in (ExtendsNode, BlockNode)):
        raise NotHere
    names = _values(to, node.extra_context, scope)
    to.included.append(name)
    try:
        to.bind(names, template.nodelist, scope)
    finally:
        to.included.pop()


def _values(to: Writer, given: dict[str, FilterExpression], scope: Scope) -> Scope:
    names: Scope = {}
    codes = {name: (to.expression(value, scope), literal(value)) for name, value in given.items()}
    for name, (code, value) in codes.items():
        python = f"w{next(to.numbers)}"
        to.line(f"{python} = {code}")
        names[name] = (python, value)
    return names


def write_translation(to: Writer, node: TranslateNode, scope: Scope) -> None:
    given = node.filter_expression
    constant = given.is_var and given.var.lookups is None and not given.filters
    if node.message_context or node.noop or node.asvar or not constant:
        raise NotHere
    to.text.append(node.render(Context()))


def write_blocktranslation(to: Writer, node: BlockTranslateNode, scope: Scope) -> None:
    if node.message_context or node.asvar:
        raise NotHere
    known = {
        **scope,
        **{name: (to.expression(value, scope), UNKNOWN) for name, value in node.extra_context.items()},
    }
    singular, names = node.render_token_list(node.singular)
    if node.plural:
        plural, more = node.render_token_list(node.plural)
        names = [*names, *more]
        _check([ngettext(singular, plural, count) for count in range(12)], names)
        count = f"n{next(to.numbers)}"
        to.line(f"{count} = {to.expression(node.counter, scope)}")
        known[str(node.countervar)] = (count, UNKNOWN)
        result = f"ngettext({singular!r}, {plural!r}, {count})"
    else:
        _check([gettext(singular)], names)
        if not names:
            to.text.append(gettext(singular) % {})
            return
        result = repr(gettext(singular))
    values = {name: known[name][0] if name in known else f"root(context, {name!r}, '')" for name in names}
    pairs = ", ".join(f"{name!r}: show({code}, context)" for name, code in values.items())
    to.line(f"add({result} % {{{pairs}}})")


def _check(texts: list[str], names: list[str]) -> None:
    """Leave to Django what a translator broke: it shows the original then."""
    try:
        for text in texts:
            _ = text % dict.fromkeys(names, "")
    except (KeyError, ValueError, TypeError) as error:
        raise NotHere from error


def write_static(to: Writer, node: StaticNode, scope: Scope) -> None:
    path = literal(node.path)
    if path is UNKNOWN or node.varname is not None:
        raise NotHere
    try:
        to.text.append(conditional_escape(node.handle_simple(path)))
    except ValueError as error:  # not among the collected files: the page that needs it says so
        raise NotHere from error


def write_simple(to: Writer, node: SimpleNode, scope: Scope) -> None:
    if node.takes_context or node.target_var is not None or node.kwargs:
        raise NotHere
    values = [literal(value) for value in node.args]
    if getattr(node.func, "is_constant", False) and UNKNOWN not in values:
        to.text.append(conditional_escape(node.func(*values)))
        return
    arguments = ", ".join(to.expression(value, scope) for value in node.args)
    to.line(f"add(escape({to.constant(node.func)}({arguments})))")


WRITERS: dict[type[Node], Callable[[Writer, Any, Scope], None]] = {
    TextNode: write_text,
    VariableNode: write_variable,
    CommentNode: write_nothing,
    LoadNode: write_nothing,
    CsrfTokenNode: write_csrf,
    IfNode: write_if,
    ForNode: write_for,
    WithNode: write_with,
    IncludeNode: write_include,
    TranslateNode: write_translation,
    BlockTranslateNode: write_blocktranslation,
    StaticNode: write_static,
    SimpleNode: write_simple,
}
