"""What apps on the right add to the demo community, in `ready`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from community.lib.registry import Registry
from profiles.models import Profile

# Each writes its part, given people by key, once people and threads are there.
CHAPTERS: Registry[Callable[[Mapping[str, Profile]], None]] = Registry("chapters of the demo")
