"""Directives of what plugins bring: the checks of the conformance kit, and rules as decision tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import account
from generated import Generated
from sphinx.application import Sphinx

from hokensha.cli.ruledoc import rule_document
from hokensha.cli.rulepages import markdown
from hokensha.conformance.running import OF_PLUGIN, OF_POLICY, others


class Checks(Generated):
    """Every check: what it proves, how to mend what it finds."""

    def markdown(self) -> Iterator[str]:
        """A paragraph for each, by id."""
        for check in sorted((*OF_PLUGIN, *OF_POLICY, *others()), key=lambda each: each.id):
            yield from ("", f"**{check.id} {check.title.en}** ({check.title.ja})", "", check.proves, "")
            notes = [f"To mend it: {check.mend}"]
            notes += [f"Asked only of plugins that claim `{check.claim}`."] if check.claim else []
            notes += [] if check.waivable else ["No deviation can be declared."]
            yield from (" ".join(notes), "")


class PolicyRules(Generated):
    """The rules of one policy as decision tables: ``{policy-rules} examples/.../policy.toml``."""

    def markdown(self) -> Iterator[str]:
        """What ``hokensha rules`` writes, with headings as bold lines: a directive can have no sections."""
        text = markdown(rule_document(account.rulebooks()[self.arguments[0]], None, "en"), "en")
        for line in text.splitlines():
            yield re.sub(r"^#+ (.*)$", r"**\1**", line)


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directives."""
    app.add_directive("conformance-checks", Checks)
    app.add_directive("policy-rules", PolicyRules)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
