"""What tests of several distributions share."""

from small import *  # noqa: F403 - fixtures
