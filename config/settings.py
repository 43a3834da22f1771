"""Settings of Raceway: the embedded default needs no server; the environment turns it into production.

Every variable is documented in docs/operate/settings.md (an architecture test compares).
"""

import sys
from pathlib import Path

import environ
from csp.constants import NONE, SELF

from common.logs import logging_settings
from config.secret import stored_secret

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent

# --- Where state lives -------------------------------------------------------------------------
TESTING = "pytest" in sys.modules
VAR_DIR = Path(env.str("RACEWAY_VAR", str(BASE_DIR / "var" / ("test" if TESTING else ""))))
KEY_DIR = VAR_DIR / "keys"
CREDENTIAL_KEY = env.str("RACEWAY_CREDENTIAL_KEY", "")
GRAPH_SNAPSHOT_DIR = VAR_DIR / "graph"
MEDIA_ROOT = VAR_DIR / "files"
NETBOX_DIR = VAR_DIR / "netbox"  # tokens and dumps while they are read: in no backup

DEBUG = env.bool("RACEWAY_DEBUG", False)
DEMO = env.bool("RACEWAY_DEMO", False)
DEMO_SNMP_PORT = env.int("RACEWAY_DEMO_SNMP_PORT", 16_161)

# --- Security ----------------------------------------------------------------------------------
SECRET_KEY = env.str("RACEWAY_SECRET_KEY", "") or stored_secret(KEY_DIR / "django-secret")
ALLOWED_HOSTS = env.list("RACEWAY_ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("RACEWAY_TRUSTED_ORIGINS", default=[])
BEHIND_TLS = env.bool("RACEWAY_TLS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- Applications ------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "common.static_files.StaticFiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "guardian",
    "django_htmx",
    "django_celery_beat",
    "common",
    "evidence",
    "accounts",
    "assets",
    "raci",
    "governance",
    "discovery",
    "portal",
    "config",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "common.middleware.RequestIdMiddleware",
    "common.logs.RequestLogMiddleware",
    "common.metrics.MetricsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "common.middleware.DomainErrorMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- Databases ---------------------------------------------------------------------------------
# A variable that is set to nothing is as good as none.
EMBEDDED = f"sqlite:///{VAR_DIR / 'raceway.sqlite3'}"
DATABASES = {"default": env.db_url_config(env("DATABASE_URL", default="") or EMBEDDED)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
            "PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY;"
        ),
        **DATABASES["default"].get("OPTIONS", {}),
    }
    DATABASES["default"]["CONN_MAX_AGE"] = None  # one connection a thread: the PRAGMAs run once
else:
    DATABASES["default"]["ENGINE"] = "common.postgresql"
    DATABASES["default"]["OPTIONS"] = {
        # A request waits so long for a server that is away, and a reconnection is tried so long at a stretch.
        "pool": {"min_size": 1, "max_size": 8, "timeout": 5, "reconnect_timeout": 5},
        "options": "-c jit=off",  # our queries are short; compiling one costs more than it saves
        "connect_timeout": 3,
        "prepare_threshold": 2,  # for common.compiled: planning five joins costs eight times what running them does
        "tcp_user_timeout": 15_000,  # ms until a server that vanished without a word counts as away
        **DATABASES["default"].get("OPTIONS", {}),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# --- Language and time -------------------------------------------------------------------------
LANGUAGE_CODE = "en"
TIME_ZONE = env.str("RACEWAY_TIME_ZONE", "Europe/Berlin")
USE_I18N = True
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]

# --- Static files ------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
if TESTING or DEBUG:
    STATICFILES_BACKEND = "django.contrib.staticfiles.storage.StaticFilesStorage"
elif DEMO:
    STATICFILES_BACKEND = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
else:
    STATICFILES_BACKEND = "common.static_files.CompressedFiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STATICFILES_BACKEND},
}
WHITENOISE_USE_FINDERS = TESTING or DEBUG

# --- API ---------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["common.api.renderers.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["common.api.parsers.OrjsonParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "common.api.problems.problem_response",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Raceway API",
    "DESCRIPTION": "Governance and CMDB for plants where IT and OT meet.",
    "VERSION": "0.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "ItemKindEnum": "assets.choices.ItemKind",
        "ItemStatusEnum": "assets.choices.ItemStatus",
        "PurdueLevelEnum": "assets.choices.PurdueLevel",
        "CriticalityEnum": "assets.choices.Criticality",
        "TeamKindEnum": "accounts.choices.TeamKind",
        "OrganisationKindEnum": "accounts.choices.OrganisationKind",
        "MatrixStatusEnum": "raci.choices.MatrixStatus",
        "ChangeStateEnum": "governance.choices.ChangeState",
        "RoundStateEnum": "governance.choices.RoundState",
        "CollectorStateEnum": "discovery.choices.CollectorState",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# --- Background work ---------------------------------------------------------------------------
# Empty: a folder of messages under VAR_DIR. Otherwise redis:// or amqp://. (Celery's own command line
# reads an environment variable without the TASK_, so ours is named differently.)
TASK_BROKER_URL = env.str("TASK_BROKER_URL", "")
BROKER_DIR = VAR_DIR / "broker"
JOB_LEASE_SECONDS = env.int("RACEWAY_JOB_LEASE_SECONDS", 20)
JOB_REAPER_SECONDS = env.int("RACEWAY_JOB_REAPER_SECONDS", 5)
JOB_RESEND_SECONDS = env.int("RACEWAY_JOB_RESEND_SECONDS", 30)
CELERY_BROKER_URL = TASK_BROKER_URL or "folder://localhost/"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"socket_connect_timeout": 3, "global_keyprefix": env.str("TASK_BROKER_PREFIX", "")}
    if TASK_BROKER_URL.startswith("redis")
    else {}
    if TASK_BROKER_URL
    else {
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.05,
    }
)
CELERY_BROKER_CONNECTION_TIMEOUT = 3
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_EXPIRES = None  # no result store, so nothing to clean up
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ALWAYS_EAGER = TESTING
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "common.schedule:Schedule"
CELERY_BEAT_SCHEDULE = {
    "reap-jobs": {
        "task": "common.reap_jobs",
        "schedule": JOB_REAPER_SECONDS,
        "options": {"expires": JOB_REAPER_SECONDS},
    },
    "greet-collectors": {
        "task": "discovery.greet_collectors",
        "schedule": 10,
        "options": {"expires": 10},
    },
    "sign-ledger": {"task": "evidence.make_checkpoint", "schedule": 3600},
    "save-graph": {"task": "assets.save_graph", "schedule": 3600},
    "sweep-kept": {"task": "common.sweep_kept", "schedule": 3600},
    "start-due-scans": {
        "task": "discovery.start_due",
        "schedule": 60,
        "options": {"expires": 60},
    },
}

# --- Operations --------------------------------------------------------------------------------
LOGGING = logging_settings(
    as_json=env.str("RACEWAY_LOG_FORMAT", "console" if DEMO or DEBUG else "json") == "json",
    level=env.str("RACEWAY_LOG_LEVEL", "WARNING" if TESTING else "INFO"),
)
METRICS_TOKEN = env.str("RACEWAY_METRICS_TOKEN", "")
SECURE_REDIRECT_EXEMPT = [r"^health/"]

# --- Uploads -----------------------------------------------------------------------------------
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
