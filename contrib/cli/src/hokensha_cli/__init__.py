"""The command ``hokensha``: one module for each command, imported when it is asked for.

Here is what commands of other distributions are made of; :mod:`hokensha_cli.words` has what all commands say.
"""

from hokensha_cli.options import (
    DAY,
    Command,
    Option,
    document_of,
    json_option,
    lang_option,
    language,
    language_of,
    option,
)
from hokensha_cli.output import complain, console, emit, one_line, report, say, table
from hokensha_cli.wareki import DayForm, format_wareki, parse_day

__all__ = [
    "DAY",
    "Command",
    "DayForm",
    "Option",
    "complain",
    "console",
    "document_of",
    "emit",
    "format_wareki",
    "json_option",
    "lang_option",
    "language",
    "language_of",
    "one_line",
    "option",
    "parse_day",
    "report",
    "say",
    "table",
]
