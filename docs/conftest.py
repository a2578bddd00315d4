"""Every Python example in the documentation runs as a test."""

from sybil import Sybil
from sybil.parsers.myst import DocTestDirectiveParser, PythonCodeBlockParser, SkipParser

pytest_collect_file = Sybil(
    parsers=[DocTestDirectiveParser(), PythonCodeBlockParser(), SkipParser()],
    patterns=["**/*.md", "*.md"],
    excludes=["changelog.d/*"],
).pytest()
