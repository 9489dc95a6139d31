"""Sign-in with GitHub, Google or an OpenID Connect provider: offered where the environment names a client."""

from __future__ import annotations

from community.lib.elsewhere import origin_of
from community.lib.environment import env_value


def providers_from_environment() -> tuple[dict[str, dict[str, object]], list[str]]:
    """Return allauth's SOCIALACCOUNT_PROVIDERS, and the origins their sign-in pages have.

    A sign-in form posts to us and is redirected to the provider, so Chromium checks these origins against
    form-action.
    """
    providers: dict[str, dict[str, object]] = {}
    origins = []
    if app := _client("GITHUB"):
        providers["github"] = {
            "APPS": [app],
            "SCOPE": ["read:user", "user:email"],
            "OAUTH_PKCE_ENABLED": True,
        }
        origins.append("https://github.com")
    if app := _client("GOOGLE"):
        providers["google"] = {"APPS": [app], "SCOPE": ["profile", "email"], "OAUTH_PKCE_ENABLED": True}
        origins.append("https://accounts.google.com")
    if app := _client("OIDC"):
        server = env_value("OIDC_SERVER_URL", "")
        app |= {
            "provider_id": "oidc",
            "name": env_value("OIDC_NAME", "Single sign-on"),
            "settings": {"server_url": server},
        }
        providers["openid_connect"] = {"APPS": [app], "OAUTH_PKCE_ENABLED": True}
        origins.append(origin_of(server))
    return providers, origins


def _client(prefix: str) -> dict[str, object]:
    client_id, secret = env_value(f"{prefix}_CLIENT_ID", ""), env_value(f"{prefix}_CLIENT_SECRET", "")
    return {"client_id": client_id, "secret": secret} if client_id else {}
