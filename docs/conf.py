"""Sphinx' configuration."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "hokensha"
author = "The hokensha authors"
project_copyright = "The hokensha authors"
release = "0.1.0"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "generated", "kit", "schemadoc"]
exclude_patterns = ["_build", "changelog.d"]
html_extra_path = ["../contrib/cli/src/hokensha_cli/schemas"]  # so that an editor can be pointed at this site

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_typehints = "description"
autodoc_member_order = "bysource"

html_theme = "furo"
html_title = "hokensha"
