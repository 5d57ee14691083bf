"""All settings in one file, read from the environment; docs/reference/settings.md lists them."""

import os
import secrets
from datetime import time, timedelta
from email.utils import parseaddr
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from goldenthread.rules.directories import check_directory
from goldenthread.rules.notices import quiet_hours


def _text(name: str, default: str = "") -> str:
    """A setting as it stands in the environment."""
    return os.environ.get(name, "").strip() or default


def _number(name: str, default: int) -> int:
    """A setting that is a whole number."""
    return int(_text(name, str(default)))


def _list(name: str) -> list[str]:
    """A setting that lists several things, separated by commas."""
    return [part.strip() for part in _text(name).split(",") if part.strip()]


# ---- The data folder: database, key, uploads, checkpoints; for nobody else's eyes ----

DATA = Path(_text("GOLDENTHREAD_DATA", "data")).resolve()
UPLOADS = DATA / "uploads"
DATA.mkdir(parents=True, exist_ok=True, mode=0o700)
UPLOADS.mkdir(exist_ok=True, mode=0o700)
DEMO = (DATA / "demo").exists()  # only `goldenthread demo` makes this file, in an empty installation


def _secret_key() -> str:
    """The key in the data folder, made on first use; GOLDENTHREAD_SECRET_KEY goes before it."""
    if key := _text("GOLDENTHREAD_SECRET_KEY"):
        return key
    path = DATA / "secret_key"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
    return path.read_text()


SECRET_KEY = _secret_key()
DEBUG = False

# ---- Where it is served. Without hosts of its own it is this computer alone, over plain HTTP ----

HOSTS = _list("GOLDENTHREAD_HOSTS")
ALLOWED_HOSTS = [*HOSTS, "localhost", "127.0.0.1", "[::1]"]
SERVED_TO_OTHERS = bool(HOSTS)
ADDRESS = _text("GOLDENTHREAD_ADDRESS", f"https://{HOSTS[0]}" if HOSTS else "http://localhost:8000").rstrip(
    "/"
)

SECURE_SSL_REDIRECT = SERVED_TO_OTHERS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if SERVED_TO_OTHERS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SERVED_TO_OTHERS
SECURE_REFERRER_POLICY = "same-origin"
if proxy_header := _text("GOLDENTHREAD_PROXY_HEADER"):
    SECURE_PROXY_SSL_HEADER = (f"HTTP_{proxy_header.upper().replace('-', '_')}", "https")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in HOSTS]

INSTALLED_APPS = [
    "goldenthread.web",
    "goldenthread.ledger",
    "goldenthread.people",
    "goldenthread.frameworks",
    "goldenthread.caseload",
    "goldenthread.tasks",
    "goldenthread.findings",
    "goldenthread.registers",
    "goldenthread.audits",
    "goldenthread.programmes",
    "goldenthread.escalations",
    "goldenthread.improvement",
    "goldenthread.governance",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "django_htmx",
    "csp",
    "axes",
    "django_q",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "goldenthread.web.middleware.private_pages",
    "goldenthread.web.middleware.nothing_half_sent",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "goldenthread.web.people.sessions.sign_in_ends",
    "goldenthread.web.people.emergency.emergency_ends",
    "goldenthread.web.middleware.narrow_view",
    "goldenthread.web.middleware.no_unreadable_address",
    "goldenthread.web.middleware.no_empty_refusal",
    "goldenthread.web.middleware.no_page_inside_a_page",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "goldenthread.web.middleware.second_factor_first",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "goldenthread.web.ledger.middleware.leaves_a_checkpoint",
    "goldenthread.web.costly.in_turn",  # last, so that whoever may not is told so at once
]

ROOT_URLCONF = "goldenthread.web.urls"
WSGI_APPLICATION = "goldenthread.config.wsgi.application"
FORM_RENDERER = "goldenthread.web.forms.GovukRenderer"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "goldenthread.web.navigation.surroundings",
                "goldenthread.web.access.access",
                "goldenthread.web.navigation.standard_words",
                "goldenthread.web.people.sessions.sign_in_lasts",
                "goldenthread.web.people.emergency.emergency",
            ],
        },
    }
]

# ---- Signing in ----

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "goldenthread.people.passwords.NotOurOwnWords"},
]
LOGIN_URL = "sign_in"
SIGN_IN_PATH = "/sign-in/"
LOGIN_REDIRECT_URL = "my_tasks"
LOGOUT_REDIRECT_URL = "sign_in"
CSRF_FAILURE_VIEW = "goldenthread.web.views.csrf_failure"

COOKIE_PREFIX = "__Host-" if SERVED_TO_OTHERS else ""
SESSION_ENGINE = "goldenthread.people.session_store"
IDLE_SECONDS = 60 * _number("GOLDENTHREAD_IDLE_MINUTES", 60)
SESSION_COOKIE_AGE = 3600 * _number("GOLDENTHREAD_SESSION_HOURS", 12)
BREAK_GLASS_HOURS = _number("GOLDENTHREAD_BREAK_GLASS_HOURS", 8)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}goldenthread_session"
SESSION_COOKIE_SECURE = SERVED_TO_OTHERS
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}goldenthread_csrf"
CSRF_COOKIE_SECURE = SERVED_TO_OTHERS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None
CSRF_COOKIE_SAMESITE = SESSION_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

AXES_USERNAME_FORM_FIELD = "username"  # the field of the sign-in form; it holds the address
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "goldenthread.web.views.locked_out"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# ---- The second factor: django-allauth keeps factors and asks for them; the password stays Django's ----

SECOND_FACTOR = _text("GOLDENTHREAD_SECOND_FACTOR", "optional")
if SECOND_FACTOR not in ("optional", "required"):
    raise ImproperlyConfigured("GOLDENTHREAD_SECOND_FACTOR is `optional` or `required`.")
ACCOUNT_ADAPTER = "goldenthread.web.people.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # read by a check of allauth's; nobody can sign up
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds for which a change of factors needs no new password
ACCOUNT_RATE_LIMITS = {"login_failed": "5/15m/key", "reauthenticate": "10/15m/user"}  # key: the person
MFA_ADAPTER = "goldenthread.web.people.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": "600/m/ip"}  # a proxy's address is everybody's; nothing is guessed there
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "activate_totp": "goldenthread.web.people.factor_forms.SetUpAppForm",
    "authenticate": "goldenthread.web.people.factor_forms.CodeForm",
    "reauthenticate": "goldenthread.web.people.factor_forms.CodeAgainForm",
    "add_webauthn": "goldenthread.web.people.factor_forms.AddPasskeyForm",
    "edit_webauthn": "goldenthread.web.people.factor_forms.NamePasskeyForm",
}
SOCIALACCOUNT_ADAPTER = "goldenthread.web.people.directory.DirectoryAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_STORE_TOKENS = False
ACCOUNT_FORMS = {"reauthenticate": "goldenthread.web.people.factor_forms.PasswordAgainForm"}

# ---- The organisation's own directory, by OpenID Connect ----

DIRECTORY_CLIENT = _text("GOLDENTHREAD_DIRECTORY_CLIENT")
DIRECTORY_TENANT = _text("GOLDENTHREAD_DIRECTORY_TENANT")
DIRECTORY_SECRET = _text("GOLDENTHREAD_DIRECTORY_SECRET")
DIRECTORY_ISSUER = _text(
    "GOLDENTHREAD_DIRECTORY_ISSUER", f"https://login.microsoftonline.com/{DIRECTORY_TENANT}/v2.0"
)
DIRECTORY_NAME = _text("GOLDENTHREAD_DIRECTORY_NAME", "your organisation’s account")
DIRECTORY_ROLE = _text("GOLDENTHREAD_DIRECTORY_ROLE")
if DIRECTORY_CLIENT:
    check_directory(tenant=DIRECTORY_TENANT, secret=DIRECTORY_SECRET, issuer=DIRECTORY_ISSUER)

# ---- The database ----

DATABASES = {
    "default": dj_database_url.parse(
        _text("DATABASE_URL", f"sqlite:///{DATA / 'goldenthread.sqlite3'}"), conn_max_age=0
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A write begins by taking the lock, or readers that turn writers fail at once; FULL because the
    # file is the record of evidence. Our engine is Django's, with writers that take turns.
    DATABASES["default"]["ENGINE"] = "goldenthread.config.sqlite3"
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-20000; "
        "PRAGMA journal_size_limit=67108864;",
    }

POOL = {"min_size": 1, "max_size": _number("GOLDENTHREAD_POOL_SIZE", 8), "timeout": 10}
"""The connections to PostgreSQL that each web process keeps open (config/wsgi.py)."""

# Shared by all processes: it knows which codes were used and how often somebody guessed.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

Q_CLUSTER = {
    "name": "goldenthread",
    "label": "Jobs",
    "orm": "default",
    "broker_class": "goldenthread.web.leases.Broker",
    "workers": _number("GOLDENTHREAD_JOB_WORKERS", 1),
    "recycle": 200,
    "timeout": 3300,
    "retry": 3600,  # asked for by the queue; our broker lends a job for a minute and renews that
    "max_attempts": 3,
    "ack_failures": True,
    "catch_up": False,
    "poll": 1,
    "queue_limit": 10,
    "save_limit": 1000,
    "log_level": "WARNING",
}

# ---- Language, dates, files ----

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
TIME_ZONE = "Europe/London"
USE_TZ = True
FORMAT_MODULE_PATH = ["goldenthread.web.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": UPLOADS},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_TEMP_DIR = UPLOADS  # not /tmp, which other users of the machine share
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
UPLOAD_LIMIT = 1024 * 1024 * _number("GOLDENTHREAD_UPLOAD_MEGABYTES", 50)
ATTACHED_MEGABYTES = _number("GOLDENTHREAD_ATTACHED_MEGABYTES", 20)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# ---- E-mail: printed on the console until there is a server to hand it to ----

EMAIL_HOST = _text("GOLDENTHREAD_SMTP_HOST")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
NOTIFY_KEY = _text("GOLDENTHREAD_NOTIFY_KEY")
NOTIFY_TEMPLATE = _text("GOLDENTHREAD_NOTIFY_TEMPLATE")
NOTIFY_ADDRESS = _text("GOLDENTHREAD_NOTIFY_ADDRESS", "https://api.notifications.service.gov.uk")
if NOTIFY_KEY:
    EMAIL_BACKEND = "goldenthread.web.tasks.notify.EmailBackend"
EMAIL_PORT = _number("GOLDENTHREAD_SMTP_PORT", 587)
EMAIL_HOST_USER = _text("GOLDENTHREAD_SMTP_USER")
EMAIL_HOST_PASSWORD = _text("GOLDENTHREAD_SMTP_PASSWORD")
SMTP_SECURITY = _text("GOLDENTHREAD_SMTP_SECURITY", "starttls")
EMAIL_USE_TLS = SMTP_SECURITY == "starttls"
EMAIL_USE_SSL = SMTP_SECURITY == "tls"
EMAIL_TIMEOUT = 20
REMIND_FROM = _number("GOLDENTHREAD_REMIND_FROM", 8)  # the hour of the day
DIGEST_AT = time(_number("GOLDENTHREAD_DIGEST_AT", 9))  # the hour of the day
QUIET_HOURS = quiet_hours(_text("GOLDENTHREAD_QUIET_HOURS"))
DEFAULT_FROM_EMAIL = _text("GOLDENTHREAD_FROM", "Golden Thread <goldenthread@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
ORGANISER = _text("GOLDENTHREAD_ORGANISER") or parseaddr(DEFAULT_FROM_EMAIL)[1]
MEETING_LENGTH = timedelta(minutes=_number("GOLDENTHREAD_MEETING_MINUTES", 60))

# ---- What a browser may load: our own files and nothing else, nothing inline ----

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# ---- What is written to the console ----

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "format": "{asctime} {levelname} {name}: {message}",
            "datefmt": "%Y-%m-%dT%H:%M:%S%z",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": _text("GOLDENTHREAD_LOG_LEVEL", "WARNING").upper()},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.request": {"handlers": [], "level": "ERROR", "propagate": True},
        "django.security.csrf": {"level": "ERROR"},
        "waitress.queue": {"level": "ERROR"},  # it warns each time that a visitor waits for a thread
        "goldenthread.security": {"level": "INFO"},
    },
}
