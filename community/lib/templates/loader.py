"""The template loader that compiles what it loads."""

from __future__ import annotations

from django.template import Context, Origin, Template
from django.template.base import NodeList
from django.template.loader_tags import BlockNode
from django.template.loaders.cached import Loader as CachedLoader
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from community.lib.templates.compiler import Render, compile_nodes

HTML = (".html", ".svg")


class CompiledNodes(NodeList):
    """Nodes that render by a function made of them, one for each language."""

    def __init__(self, nodes: NodeList, template: Template) -> None:
        super().__init__(nodes)
        self.contains_nontext = nodes.contains_nontext
        self._template = template
        self._functions: dict[str | None, Render] = {}

    def render(self, context: Context) -> SafeString:
        if not context.autoescape:
            return super().render(context)
        language = get_language()
        function = self._functions.get(language)
        if function is None:
            function = self._functions[language] = compile_nodes(self, self._template)
        parts: list[str] = []
        function(context, parts.append)
        return SafeString("".join(parts))


class Loader(CachedLoader):
    """Keeps every template, compiled (text mails stay as Django has them)."""

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        template = super().get_template(template_name, skip)
        if template_name.endswith(HTML) and not isinstance(template.nodelist, CompiledNodes):
            for block in template.nodelist.get_nodes_by_type(BlockNode):
                block.nodelist = CompiledNodes(block.nodelist, template)
            template.nodelist = CompiledNodes(template.nodelist, template)
        return template
