"""Production settings with the no-op view among the addresses."""

from community.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
