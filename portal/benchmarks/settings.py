"""The portal's settings for the servers under load: one more address, the bare view beside the public page."""

from portal.settings import *  # noqa: F403

ROOT_URLCONF = "portal.benchmarks.urls"
