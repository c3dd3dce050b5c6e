import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()
# What strangers talk to must not be able to seal a licence, whatever they make it do.
if settings.LICENCE_KEY_FILE:
    raise ImproperlyConfigured(
        "LICENCE_KEY_FILE is for the workers only: take it out of the web process's environment."
    )
