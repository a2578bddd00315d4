"""What tests of several distributions share."""

from commands import *  # noqa: F403 - fixtures
from small import *  # noqa: F403 - fixtures
