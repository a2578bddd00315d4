"""What the rules themselves say of a member, remembering nothing: what all else is held against."""

from __future__ import annotations

from datetime import date

import pytest

from hokensha.engine import decided, deciding
from hokensha.facts import Member
from hokensha.policy import Rulebook
from hokensha.rules import Decision


def by_the_rules(rulebook: Rulebook, member: Member, on: date) -> Decision:
    """The decision that the rules come to."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deciding, "answering", lambda *_: None)
        return decided(rulebook, member, on)
