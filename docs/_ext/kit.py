"""The directive that lists the checks of the conformance kit, from the checks themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generated import Generated
from sphinx.application import Sphinx

from hokensha.conformance.running import OF_PLUGIN, OF_POLICY, others


class Checks(Generated):
    """Every check: what it proves, how to mend what it finds."""

    def markdown(self) -> Iterator[str]:
        """A section for each, by id."""
        for check in sorted((*OF_PLUGIN, *OF_POLICY, *others()), key=lambda each: each.id):
            yield from ("", f"({check.id.lower()})=", f"## {check.id} {check.title.en}", "")
            yield from (f"*{check.title.ja}*", "", check.proves, "", f"**To mend it:** {check.mend}", "")
            notes = [f"Asked only of plugins that claim `{check.claim}`."] if check.claim else []
            notes += [] if check.waivable else ["No deviation can be declared."]
            yield " ".join(notes)


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directive."""
    app.add_directive("conformance-checks", Checks)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
