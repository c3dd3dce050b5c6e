"""The portal's settings, read from the environment. README.md lists the ones a city sets."""

from pathlib import Path

from portal import environment as env
from portal.handlers import HANDLERS

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.flag("DEBUG")
SECRET_KEY = env.required("SECRET_KEY", "development-only", DEBUG)
ALLOWED_HOSTS = env.required("ALLOWED_HOSTS", "*", DEBUG).split(",")
CSRF_TRUSTED_ORIGINS = env.listing("CSRF_TRUSTED_ORIGINS")
# The address that QR codes lead to. A code is printed and outlives this server, so production must say it.
PUBLIC_URL = env.required("PUBLIC_URL", "http://127.0.0.1:8000", DEBUG).rstrip("/")
# Uploads and other files of people: outside static, never served by the web server itself.
DATA_DIR = Path(env.text("DATA_DIR") or BASE_DIR / ".run" / "files")

INSTALLED_APPS = [
    "portal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "formtools",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "exchange",
    "guidance",
    "licensing",
    "routing",
    "certificates",
    "window",
    "portal.apps.PortalConfig",
]

MIDDLEWARE = [
    "portal.logs.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "portal.short_way.ShortWayMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.channels.ChannelMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.policy.PolicyMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
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
    },
    {
        "NAME": "public",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "jinja2"],
        "OPTIONS": {"environment": "certificates.public.pages.environment"},
    },
    {
        "NAME": "public-english",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "jinja2"],
        "OPTIONS": {"environment": "certificates.public.pages.english_environment"},
    },
]

# Persistent connections: opening one for each request costs 8 to 13 times the throughput.
DATABASES = {
    "default": env.database("DATABASE_URL")
    | {
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # A stuck statement must not hold a web process: 10 s for it, 5 s for a lock, 30 s for an idle transaction.
        "OPTIONS": {
            "options": "-c statement_timeout=10000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000"
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Log-in lock-outs live in PostgreSQL too: a flushed Redis must not open the door.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # Beyond it rows are dropped: with Django's 300, tries at 300 invented accounts would lift a real lock-out.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTH_USER_MODEL = "portal.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"portal.passwords.{name}"} for name in ("LikeThePerson", "TooShort", "TooCommon", "OnlyDigits")
]
ACCOUNT_ADAPTER = "portal.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_FORMS = {
    "login": "portal.accounts.LoginForm",
    "signup": "portal.accounts.SignupForm",
    "change_password": "portal.accounts.ChangePasswordForm",
    "reset_password": "portal.accounts.ResetPasswordForm",
    "reset_password_from_key": "portal.accounts.ResetPasswordKeyForm",
    "reauthenticate": "portal.second_factor.PasswordAgainForm",
}
MFA_ADAPTER = "portal.second_factor.Adapter"
MFA_FORMS = {
    "authenticate": "portal.second_factor.AuthenticateForm",
    "reauthenticate": "portal.second_factor.ReauthenticateForm",
    "activate_totp": "portal.second_factor.ActivateForm",
}
MFA_TOTP_ISSUER = "一照通行"
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Whether officers, clerks and operators must sign in with a second factor; off only where nothing is at stake.
STAFF_SECOND_FACTOR = env.choice("STAFF_SECOND_FACTOR", ("required", "optional"), "optional" if DEBUG else "required")
# Whole authorities sign in from one address in the morning; what guesses passwords is the failed tries.
# Of signatures too, each person's by themselves (licensing.signing).
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "30/m/ip,5/300s/key", "signing_failed": "5/300s/key"}
# Codes that found nothing, typed by a clerk (window.lookup) or an applicant (licensing.views.coded): they are read from
# paper, not guessed.
ACCOUNT_RATE_LIMITS |= {"window_look_up": "30/10m/key", "draft_code_missed": "10/10m/key"}
# Codes of guidance that nobody has, by an address: a whole hall may sit behind one; notices printed without signing in.
# Whoever misses after the first is told to wait, after the second is answered nothing.
ACCOUNT_RATE_LIMITS |= {"guidance_code_missed": "30/10m/ip", "guidance_code_guessed": "300/10m/ip"}
ACCOUNT_RATE_LIMITS |= {"notice_pdf": "10/m/ip"}
# Searches that found nothing are counted for the editors, so many of one address; sample forms are drawn on demand.
ACCOUNT_RATE_LIMITS |= {"search_missed": "30/10m/ip", "sample_form": "60/10m/ip"}
# Codes in the address that nobody has; and enterprises asked for by name, by an address or by who is signed in.
ACCOUNT_RATE_LIMITS |= {"public_page_missed": "30/10m/ip", "look_up": "60/10m/ip", "look_up_signed_in": "60/10m/key"}
# What a department's system asks for and nobody has (certificates.api.sharing).
ACCOUNT_RATE_LIMITS |= {"sharing_missed": "100/h/key"}
# A PDF that is verified costs a second of a processor; a whole authority may sit behind one address.
ACCOUNT_RATE_LIMITS |= {"licence_verify": "60/m/ip"}
# How many proxies of ours write X-Forwarded-For. With 0 the header is ignored: anybody can send one.
ALLAUTH_TRUSTED_PROXY_COUNT = env.whole("TRUSTED_PROXY_COUNT", 0)
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:home"
ACCOUNT_LOGOUT_REDIRECT_URL = "portal:home"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR.parent / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Larger files stream to disk at once; the cap on one upload is the form's, this is only the memory's.
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "licensing.files.uploads.CappedUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o600
# The ClamAV daemon, host:port or unix:/path. Without one files are not scanned for viruses, and pages say so.
CLAMD_ADDRESS = env.daemon("CLAMD_ADDRESS")
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
# More than one paper may have, so that its form can say so; of 100, as is usual, a post could fill 2 GB of the disk.
DATA_UPLOAD_MAX_NUMBER_FILES = 20

EMAIL_HOST = env.text("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = env.whole("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 5
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "一照通行 <no-reply@localhost>")
# Without a mail server (the demo) letters go to the console of `make run`.
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if env.text('EMAIL_HOST') else 'console'}.EmailBackend"

# The city's gateway for text messages; without one none is sent. exchange/texts.py says what it must speak.
SMS_URL = env.text("SMS_URL")
SMS_KEY = env.required("SMS_KEY", "", not SMS_URL)

# Web processes keep rendered public pages for seconds, each with a connection that hears of changes.
PUBLIC_CACHE = env.flag("PUBLIC_CACHE", True)

# Signs what is asked of and answered by connected sources (exchange/sharing.py); without it none is asked.
SHARING_KEY = env.text("SHARING_KEY")

# PEM, key and certificate, that seal the e-licences (certificates/seals.py): the workers' alone, see portal/wsgi.py.
# While it is a development key every file says 样本.
LICENCE_KEY_FILE = env.readable("LICENCE_KEY_FILE")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["portal.parsing.Parser"],
    "DEFAULT_PAGINATION_CLASS": "portal.pagination.Pagination",
    "PAGE_SIZE": 50,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "一照通行",
    "DESCRIPTION": "Guidance, filing, own applications and public look-up of the combined-licence portal.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
}

# Events of the outbox and the functions that answer them.
EVENT_HANDLERS = HANDLERS

CELERY_BROKER_URL = env.required("REDIS_URL", "redis://127.0.0.1:6379/0", DEBUG)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A worker that loses its message, or Redis its memory, costs seconds: the outbox is swept every 30 s. So
# redelivery need not be patient; the visibility timeout only has to exceed the hard limit of a task.
_visibility = {"visibility_timeout": 120}
CELERY_BROKER_TRANSPORT_OPTIONS = _visibility | {
    "socket_timeout": 2,
    "socket_connect_timeout": 1,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
}
CELERY_VISIBILITY_TIMEOUT = 120
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = _visibility
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 25
CELERY_TASK_TIME_LIMIT = 30
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_DB_REUSE_MAX = 1000
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    # A sweep that waited longer than its own interval is worthless: the next one sees the same rows.
    "sweep the outbox": {"task": "exchange.tasks.sweep", "schedule": 5, "options": {"expires": 5}},
    "split what was left behind": {"task": "routing.tasks.sweep", "schedule": 30, "options": {"expires": 30}},
    "check files left behind": {"task": "licensing.tasks.check_files", "schedule": 30, "options": {"expires": 30}},
    "remove bytes nobody has": {"task": "licensing.tasks.remove_bytes", "schedule": 1800, "options": {"expires": 1800}},
    "gather what was left behind": {"task": "certificates.tasks.sweep", "schedule": 30, "options": {"expires": 30}},
    "import what waits": {"task": "certificates.tasks.import_licences", "schedule": 10, "options": {"expires": 10}},
    "forget imports": {"task": "certificates.tasks.forget_imports", "schedule": 3600, "options": {"expires": 3600}},
    "deem renewed": {"task": "certificates.tasks.deem_renewed", "schedule": 30, "options": {"expires": 30}},
    "remind of ends": {"task": "certificates.tasks.remind_of_ends", "schedule": 3600, "options": {"expires": 3600}},
    "make e-licences": {"task": "certificates.tasks.make_files", "schedule": 30, "options": {"expires": 30}},
    "remove bytes of no e-licence": {
        "task": "certificates.tasks.remove_bytes",
        "schedule": 1800,
        "options": {"expires": 1800},
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "portal.logs.RequestIdFilter"}},
    "formatters": {"json": {"()": "portal.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["request_id"]}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING")},
    "loggers": {"django.server": {"handlers": [], "propagate": False}},
}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
# TLS ends at the city's proxy; HTTPS=0 is for the plain-HTTP test of the production commands only.
if not DEBUG and env.flag("HTTPS", True):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
