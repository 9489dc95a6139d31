"""Addresses of the company's own systems that the moderator panel leads to, and what may stand in them."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from community.lib.environment import env_value

# Name of the setting: the page of the demo that stands in for it in local mode.
DEMO = {
    "PERSON_RECORD_URL": "person/?email={email}",
    "ACTIVITY_PANE_URL": "activity/?profile={profile}",
    "PLAN_LOOKUP_URL": "plan/",
    "PLAN_LOOKUP_SECRET": "",
}


def addresses(site_url: str, *, demo: bool) -> dict[str, str]:
    """Return each setting from the environment; in a demo those that are unset lead to pages of our own."""
    stand_ins = {
        name: f"{site_url}/moderation/demo/{path}" if demo and path else "" for name, path in DEMO.items()
    }
    if demo:
        stand_ins["PLAN_LOOKUP_SECRET"] = "demo"  # noqa: S105  (of a look-up that invents its answers)
    return {name: env_value(name, default) for name, default in stand_ins.items()}


def fill(template: str, **values: object) -> str:
    """Return an address with {name} replaced by each value, quoted; empty for a template that is not a web address."""
    if not template.startswith(("https://", "http://")):
        return ""
    for name, value in values.items():
        template = template.replace("{" + name + "}", quote(str(value), safe=""))
    return template


def origin_of(address: str) -> str:
    """Return scheme and host of an address, empty for none."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") and parts.netloc else ""
