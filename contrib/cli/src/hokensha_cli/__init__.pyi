from .options import (
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
from .output import afterwards, complain, console, emit, one_line, report, say, table
from .wareki import DayForm, format_wareki, parse_day

__all__ = [
    "DAY",
    "Command",
    "DayForm",
    "Option",
    "afterwards",
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
