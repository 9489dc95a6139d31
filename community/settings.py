"""Settings, one file, by environment. Every name is explained in the README."""

import json
import os
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from community.api.document import document_settings
from community.lib.database.limits import KEEPALIVE, Limits
from community.lib.elsewhere import addresses, origin_of
from community.lib.environment import env_value, local_secret
from community.lib.logs import log_settings
from community.schedule import SCHEDULE
from community.security import content_security_policy
from profiles.providers import providers_from_environment

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DATA_DIR = Path(env_value("HEARTH_DATA", str(BASE_DIR / ".data"))).resolve()
TESTING = "PYTEST_VERSION" in os.environ
DATABASE_URL = env_value("DATABASE_URL", "")
# The owner of the tables, as whom `prepare` and `migrate` work; DATABASE_URL's role then only reads and writes rows.
DATABASE_ADMIN_URL = env_value("DATABASE_ADMIN_URL", "")
REDIS_URL = env_value("REDIS_URL", "")
EMAIL_URL = env_value("EMAIL_URL", "")
# Local mode: nothing is configured, so Hearth runs its own services on this machine.
LOCAL_MODE = env.bool(
    "HEARTH_LOCAL", default=not (DATABASE_URL and (EMAIL_URL or env_value("MAIL_PROVIDER", "")))
)
DEBUG = env.bool("DEBUG", default=False)

SECRET_KEY = env_value("SECRET_KEY", "") or (local_secret(DATA_DIR, "secret-key") if LOCAL_MODE else "")
CODES_KEY = env_value("CODES_KEY", "")
if LOCAL_MODE and not CODES_KEY:
    CODES_KEY = local_secret(DATA_DIR, "codes-key", guards=DATA_DIR / "postgres")
# Keys before this one, newest first, comma-separated: what they sealed is still read until `manage.py reseal` has run.
CODES_KEY_OLD = [key for key in env_value("CODES_KEY_OLD", "").split(",") if key]
if not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY (or SECRET_KEY_FILE): it signs sessions and links.")
# Keys of the past still open the links that were signed with them: those in mails never expire.
SECRET_KEY_FALLBACKS = [key for key in env_value("SECRET_KEY_FALLBACKS", "").split(",") if key]
if not CODES_KEY:
    raise ImproperlyConfigured(
        "Set CODES_KEY (or CODES_KEY_FILE): it encrypts codes, addresses and second factors."
    )

PORT = env.int("PORT", default=8000)
SITE_URL = env_value("SITE_URL", f"http://localhost:{PORT}").rstrip("/")
SITE_NAME = env_value("SITE_NAME", "Hearth")
SECURE = SITE_URL.startswith("https://")
_site_host = SITE_URL.split("//", 1)[-1].split("/")[0].rsplit(":", 1)[0]
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[_site_host, *(["localhost", "127.0.0.1", "[::1]"] if LOCAL_MODE else [])]
)
# The example docs site of local mode is served beside, on an origin of its own.
DOCS_PORT = env.int("DOCS_PORT", default=PORT + 1)
EMBED_ORIGINS = env.list(
    "EMBED_ORIGINS", default=[f"http://localhost:{DOCS_PORT}"] if LOCAL_MODE and not TESTING else []
)

INSTALLED_APPS = [
    "community.admin_site.HearthAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.github",
    "allauth.socialaccount.providers.google",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "anymail",
    "community",
    "community.audit",
    "community.pages",
    "integrations",
    "profiles",
    "points",
    "forums",
    "moderation",
]

MIDDLEWARE = [
    "community.middleware.request_id",
    "community.health.middleware",
    "community.metrics.middleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "community.middleware.privacy_headers",
    "community.middleware.refuse_bad_input",
    "community.pagecache.middleware",
    "community.lib.htmx.middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "forums.views.embed.keep_opener",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "profiles.middleware.viewer",
    "points.toasts.middleware",
    "moderation.middleware.gone",
    "community.errors.RefusalMiddleware",
]

ROOT_URLCONF = "community.urls"
WSGI_APPLICATION = "community.wsgi.application"
_loaders = ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "community.context.site",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django.contrib.humanize.templatetags.humanize",
                "community.templatetags.hearth",
                "profiles.templatetags.people",
                "moderation.templatetags.moderators",
            ],
            "loaders": _loaders if DEBUG else [("community.lib.templates.loader.Loader", _loaders)],
        },
    }
]

# --- data -----------------------------------------------------------------------------------------
_db = (
    env.db_url_config(DATABASE_URL)
    if DATABASE_URL
    else env.db_url_config("postgres://hearth@localhost/hearth")
)
# A socket's folder is a host like any other; `dbshell` looks for it nowhere else.
_db["HOST"] = _db["HOST"] or _db.get("OPTIONS", {}).pop("host", "")
DATABASES = {
    "default": {
        **_db,
        "ENGINE": "community.lib.database",
        "CONN_MAX_AGE": env.int("DATABASE_CONN_MAX_AGE", default=600),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": env.int("DATABASE_CONNECT_TIMEOUT", default=5),
            **KEEPALIVE,
            **_db.get("OPTIONS", {}),
        },
        "ATOMIC_REQUESTS": False,
    }
}
# Seconds, 0 for none. Commands, migrations and imports have no limits.
WEB_LIMITS = Limits(
    env.float("DATABASE_STATEMENT_TIMEOUT", default=15), env.float("DATABASE_LOCK_TIMEOUT", default=5)
)
TASK_LIMITS = Limits(
    env.float("TASK_STATEMENT_TIMEOUT", default=240), env.float("TASK_LOCK_TIMEOUT", default=30)
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {"BACKEND": "community.lib.cache.FailOpenRedisCache", "LOCATION": REDIS_URL, "TIMEOUT": 300}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
PAGE_CACHE_SECONDS = env.int("PAGE_CACHE_SECONDS", default=60)
PAGE_STALE_SECONDS = env.int("PAGE_STALE_SECONDS", default=300)

# --- people ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "profiles.User"
AUTHENTICATION_BACKENDS = ["profiles.backends.ProfileBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/community/"
LOGOUT_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "profiles.passwords.SiteNameValidator"},
]
ACCOUNT_ADAPTER = "profiles.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "profiles.adapters.SocialAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "profiles.forms.SignupForm"
ACCOUNT_FORMS = {
    "login": "profiles.auth_forms.LoginForm",
    "signup": "profiles.auth_forms.SignupForm",
    "add_email": "profiles.auth_forms.AddEmailForm",
    "change_password": "profiles.auth_forms.ChangePasswordForm",
    "set_password": "profiles.auth_forms.SetPasswordForm",
    "user_token": "profiles.auth_forms.UserTokenForm",
    "reset_password": "profiles.auth_forms.ResetPasswordForm",
    "reset_password_from_key": "profiles.auth_forms.ResetPasswordKeyForm",
}
ACCOUNT_USER_DISPLAY = "profiles.adapters.display_name"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
# The key of a failed sign-in is the e-mail address and the IP together (profiles.adapters).
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/5m/key,20/h/key",
    **env.json("ACCOUNT_RATE_LIMITS", default={}),
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_ADAPTER = "profiles.adapters.MFAAdapter"
MFA_FORMS = {"add_webauthn": "profiles.passkeys.AddWebAuthnForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
USERSESSIONS_TRACK_ACTIVITY = False
# Staff and moderators need a second factor before privileged pages open.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=not (LOCAL_MODE or DEBUG or TESTING))
# How old an account must be before it redeems points: throwaway accounts are not worth making.
REDEEM_MIN_AGE_HOURS = env.int("REDEEM_MIN_AGE_HOURS", default=0 if LOCAL_MODE or DEBUG or TESTING else 72)
# How many points one moderator may give on one day.
GIFT_POINTS_PER_DAY = env.int("GIFT_POINTS_PER_DAY", default=500)
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "mandatory"
SOCIALACCOUNT_QUERY_EMAIL = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS, PROVIDER_ORIGINS = providers_from_environment()

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "profiles.sessions"
SESSION_COOKIE_AGE = 30 * 24 * 3600
CSRF_FAILURE_VIEW = "community.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- mail -----------------------------------------------------------------------------------------
_site_domain = _site_host if "." in _site_host else f"{_site_host}.localdomain"
DEFAULT_FROM_EMAIL = env_value("DEFAULT_FROM_EMAIL", f"{SITE_NAME} <community@{_site_domain}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Whom /.well-known/security.txt names: an address (mailto:…) or a page (https://…).
SECURITY_CONTACT = env_value("SECURITY_CONTACT", f"mailto:security@{_site_domain}")
EMAIL_TIMEOUT = 10
# A provider's HTTP API in place of SMTP: its name and its own settings, as django-anymail spells them.
MAIL_PROVIDER = env_value("MAIL_PROVIDER", "").lower()
_mail_secrets = [one.strip() for one in env_value("MAIL_WEBHOOK_SECRET", "").split(",") if one.strip()]
ANYMAIL = {
    **json.loads(env_value("MAIL_PROVIDER_SETTINGS", "{}")),
    "WEBHOOK_SECRET": _mail_secrets,
    "REQUESTS_TIMEOUT": EMAIL_TIMEOUT,
    "IGNORE_UNSUPPORTED_FEATURES": True,
}
if EMAIL_URL:
    vars().update(env.email_url_config(EMAIL_URL))
elif MAIL_PROVIDER:
    EMAIL_BACKEND = f"anymail.backends.{MAIL_PROVIDER}.EmailBackend"
else:
    EMAIL_BACKEND = "community.outbox.OutboxBackend"
OUTBOX_DIR = DATA_DIR / "outbox"
# A mail that a worker took and did not note as sent in this time is sent by another.
MAIL_CLAIM_SECONDS = env.int("MAIL_CLAIM_SECONDS", default=300)
# Mail to this address becomes a report that moderators read.
CONDUCT_ADDRESS = env_value("CONDUCT_ADDRESS", f"conduct@{_site_domain}" if LOCAL_MODE else "")
# Mail to this address, and to it with a plus and a token, comes in by the provider's webhook or `receive_mail`.
REPLY_ADDRESS = env_value("REPLY_ADDRESS", f"reply@{_site_domain}" if LOCAL_MODE else "")
# Take replies only when the receiving mail server's own Authentication-Results header says dmarc=pass.
REPLY_REQUIRE_DMARC_PASS = env.bool("REPLY_REQUIRE_DMARC_PASS", default=False)

# --- work in the background -----------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_BEAT_SCHEDULE = SCHEDULE
CELERY_TASK_ALWAYS_EAGER = env.bool("CELERY_EAGER", default=False)

# --- what leaves the house ------------------------------------------------------------------------
PANEL = addresses(SITE_URL, demo=LOCAL_MODE and not TESTING)
SLACK_WEBHOOK_URL = env_value("SLACK_WEBHOOK_URL", "")

# --- security -------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=SECURE)
# Prometheus sends it as a bearer token; without one, /metrics answers this machine only.
METRICS_TOKEN = env_value("METRICS_TOKEN", "")
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=365 * 24 * 3600 if SECURE else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
if env.bool("TRUST_PROXY_SSL_HEADER", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = content_security_policy(
    form_targets=PROVIDER_ORIGINS, frames=[origin_of(PANEL["ACTIVITY_PANE_URL"])]
)

# --- files ----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env_value("STATIC_ROOT", str(DATA_DIR / "static")))
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGE_URL = env_value("STORAGE_URL", "")
_hashed_static = not (DEBUG or TESTING)
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        # Other users of the machine read neither pictures nor data exports.
        "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _hashed_static
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
if STORAGE_URL:
    from community.lib.storage import s3_options

    STORAGES["default"] = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": s3_options(STORAGE_URL)}
WHITENOISE_USE_FINDERS = not _hashed_static
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- words and time -------------------------------------------------------------------------------
LANGUAGE_CODE = env_value("LANGUAGE_CODE", "en")
LANGUAGES = [("en", _("English"))]
TIME_ZONE = env_value("TIME_ZONE", "UTC")
USE_I18N = USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]

# --- API ------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "profiles.api.authentication.KeyAuthentication",
        "profiles.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["community.api.permissions.ReadOrSignedIn"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["community.api.parsers.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "community.api.paging.CursorPaging",
    "DEFAULT_SCHEMA_CLASS": "community.api.schema.HearthSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "community.api.throttles.MemberThrottle",
        "community.api.throttles.GuestThrottle",
        "community.api.throttles.WriteThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"member": "600/min", "guest": "300/min", "write": "120/min"},
    "EXCEPTION_HANDLER": "community.api.errors.handle",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = document_settings(SITE_NAME, SITE_URL)

# --- logs -----------------------------------------------------------------------------------------
LOGGING = log_settings(plain=LOCAL_MODE or DEBUG, level=env_value("LOG_LEVEL", "INFO"))
if SENTRY_DSN := env_value("SENTRY_DSN", ""):
    import sentry_sdk

    sentry_sdk.init(dsn=SENTRY_DSN, send_default_pii=False, traces_sample_rate=0.0)
