"""Compiled templates write what Django writes, to the letter."""

from collections import namedtuple
from datetime import UTC, datetime

import pytest
from django.template import Context, Engine
from django.template.base import NodeList
from django.utils.safestring import mark_safe

from community.lib.templates.loader import CompiledNodes

BUILTINS = ["django.templatetags.i18n", "django.templatetags.static", "community.templatetags.hearth"]
PARTS = {
    "row.html": "<li>{{ item.name }}{% if forloop %}{{ forloop.counter }}{% endif %}{{ extra|default:'none' }}</li>",
    "sets.html": "{% trans 'Reply' as label %}[{{ label }}]",
    "self.html": "{{ depth|length }}{% if deeper %}{% include 'self.html' with deeper=no %}{% endif %}",
    "base.html": "<title>{% block title %}site{% endblock %}</title>{% block body %}{% endblock %}",
    "child.html": "{% extends 'base.html' %}{% block title %}child of {{ block.super }}{% endblock %}"
    "{% block body %}{% for item in items %}{% include 'row.html' %}{% endfor %}{% endblock %}",
}
Pair = namedtuple("Pair", "name value")


class Thing:
    name = "<b>thing</b>"
    safe = mark_safe("<i>safe</i>")
    number = 1234567
    none = None
    moment = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
    share = 0.5

    def method(self):
        return "called"

    def needs(self, argument):
        return argument

    def delete(self):
        raise AssertionError

    delete.alters_data = True  # type: ignore[attr-defined]

    @property
    def lost(self):
        raise Thing.Missing

    class Missing(Exception):
        silent_variable_failure = True


DATA = {
    "thing": Thing(),
    "items": [Pair("a & b", 1), Pair("c", 2), Pair("d", 3)],
    "pairs": [("x", 1), ("<y>", 2)],
    "table": {"items": "an item, not a method", "deep": {"er": [10, 20]}},
    "nothing": [],
    "yes": True,
    "no": False,
    "zero": 0,
    "one": 1,
    "part": "row.html",
    "call": lambda: "from a function",
}
SOURCES = [
    "{{ thing.name }} {{ thing.safe }} {{ thing.number }} {{ thing.none }} {{ thing.moment }} {{ thing.share }} {{ thing.method }}",
    "{{ thing.needs }}|{{ thing.delete }}|{{ thing.lost }}|{{ thing.absent }}|{{ absent }}|{{ absent.deeper }}|{{ call }}",
    "{{ table.items }} {{ table.deep.er.1 }} {{ table.deep.er.9 }} {{ items.0.name }} {{ yes }} {{ 'a<b' }} {{ 3 }} {{ _('Reply') }}",
    "{{ thing.name|length }} {{ thing.name|safe }} {{ thing.none|default_if_none:'<>' }} {{ absent|default:'x' }} {{ one|add:-1 }}",
    "{{ absent|default:thing.name }} {{ thing.moment|date:'H:i' }} {{ thing.name|upper|lower }} {{ thing.safe|upper }}",
    "{% if yes and not no or absent %}1{% elif zero %}2{% else %}3{% endif %}{% if zero %}a{% elif one == 1 %}b{% endif %}",
    (
        "{% if one > 'x' %}1{% else %}2{% endif %}{% if 'a' in thing.name %}3{% endif %}{% if one in zero %}4{% endif %}"
        "{% if absent is None %}5{% endif %}{% if items|length >= 3 %}6{% endif %}{% if one != zero %}7{% endif %}"
    ),
    "{% for item in items %}{{ forloop.counter }}{{ forloop.first }}{{ forloop.last }}{{ item.name }}{% empty %}none{% endfor %}",
    "{% for item in nothing %}x{% empty %}none of {{ one }}{% endfor %}{% for x in absent %}{% empty %}absent{% endfor %}",
    "{% for a, b in pairs reversed %}{{ a }}={{ b }}{% for item in items %}{{ forloop.parentloop.revcounter }}{{ a }}{% endfor %}{% endfor %}",
    "{% for item in items %}{% cycle 'odd' 'even' %}{% ifchanged item.value %}{{ item.value }}{% endifchanged %}{% endfor %}{{ item }}",
    "{% with x=thing.name y=one %}{{ x }}{{ y }}{% include 'row.html' with item=thing extra=x only %}{% endwith %}{{ x }}",
    "{% include 'row.html' with item=thing %}{% include part with item=thing %}{% include 'sets.html' %}{{ label }}",
    "{% with label=one %}{% trans 'Reply' as label %}{{ label }}{% for x in pairs %}{{ label }}{% endfor %}{% endwith %}{{ label }}",
    "{% include 'self.html' with depth=items deeper=yes %}{% if no %}{% include 'not-there.html' %}{% endif %}{% include absent|default:'row.html' %}",
    "{% trans 'Save 5% & more' %}{% trans thing.name %}{% blocktrans %}100% <b>sure</b>{% endblocktrans %}",
    "{% blocktrans with name=thing.name %}by {{ name }} and {{ one }} {{ absent }}{% endblocktrans %}",
    "{% for item in items %}{% blocktrans count n=item.value trimmed %}\n {{ n }} vote by {{ item }}\n{% plural %} {{ n }} votes {% endblocktrans %}{% endfor %}",
    "{% icon 'check' %}{% icon part %}{% when thing.moment %}{% csrf_token %}{% comment %}x{% endcomment %}{# y #}",
    "{% autoescape off %}{{ thing.name }}{% include 'row.html' with item=thing %}{% endautoescape %}{% spaceless %}<a> </a> {% endspaceless %}",
    "{% extends 'child.html' %}{% block title %}grandchild of {{ block.super }} {{ one }}{% endblock %}",
]


@pytest.mark.parametrize("source", SOURCES)
def test_a_template_comes_out_as_django_writes_it(source):
    parts = PARTS | {"page.html": source}
    compiled = Engine(loaders=[("community.lib.templates.loader.Loader", [("django.template.loaders.locmem.Loader", parts)])],
                      builtins=BUILTINS)  # fmt: skip
    plain = Engine(loaders=[("django.template.loaders.locmem.Loader", parts)], builtins=BUILTINS)
    page = compiled.get_template("page.html")
    assert isinstance(page.nodelist, CompiledNodes)
    assert type(plain.get_template("page.html").nodelist) is NodeList
    for token in ("abc", ""):
        values = DATA | {"csrf_token": token}
        assert page.render(Context(values)) == plain.get_template("page.html").render(Context(values))
        assert page.render(Context(values, autoescape=False)) == plain.get_template("page.html").render(
            Context(values, autoescape=False)
        )
