"""Takes along what ``hokensha new-plugin`` copies: an example of the repository, outside of this folder."""

# ruff: noqa: INP001 - hatchling runs this file, and nobody imports it

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Template(BuildHookInterface):
    """Puts the example into archives of the source, and into the package of wheels."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's
        """Name the folder; in an archive of the source it lies beside this file."""
        root = Path(self.root)
        archived = root / "template"
        source = archived if archived.is_dir() else root.parents[1] / "examples" / "third-party-plugin"
        target = "template" if self.target_name == "sdist" else "hokensha_conformance/template"
        build_data["force_include"][str(source)] = target
