"""What is wrong, in Japanese: findings are made in English, and said again here, sentence by sentence.

Each sentence is a pattern of the English one, with ``#`` for a number; what stands in braces is taken over,
once it has been put into Japanese itself. What has no pattern stays as it is, and so do names and values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

_SENTENCES: Final = (
    # where
    ("line #, column #", "{}行目、{}文字目"),
    ("line #", "{}行目"),
    # what was expected, and found
    ("expected {}, found {}", "{}が必要ですが、{}が入っています"),
    ("expected {}", "{}が必要です"),
    ("a day YYYY-MM-DD without quotes", "引用符のない日付 (YYYY-MM-DD)"),
    ("a day YYYY-MM-DD that exists", "実在する日付 (YYYY-MM-DD)"),
    ("a day YYYY-MM-DD", "日付 (YYYY-MM-DD)"),
    ("a day as YYYY-MM-DD, or by era, such as {}", "日付 (YYYY-MM-DD、または {} のような和暦)"),
    ("a month and day MM-DD that every year has", "毎年ある月日 (MM-DD)"),
    ("a month as YYYY-MM", "月 (YYYY-MM)"),
    ("a month from the first on, at most {} years after it", "最初の月から{}年以内の月"),
    ("a whole number", "整数"),
    ("a number with a decimal point", "小数"),
    ("a date with a time", "時刻の付いた日付"),
    ("a time", "時刻"),
    ("a text that is not empty, without NUL characters", "空でない文字列"),
    ("a text", "文字列"),
    ("a member", "加入者一人分のデータ"),
    ("no end of one in {} bytes", "{} バイト読んでも終わらないもの"),
    ("no end of one in {} characters", "{} 文字読んでも終わらないもの"),
    ("true or false", "true か false"),
    ("a JSON object of facts", "加入者の項目を持つ JSON オブジェクト"),
    ("one of {}", "{} のどれか"),
    ("{}, or null", "{}、または null"),
    (
        "words of small letters and digits, joined by hyphens, {} at most",
        "小文字と数字をハイフンでつないだ{}字以内の名前",
    ),
    ("UTF-8", "UTF-8 の文字"),
    ("{} (the policy's [tool.roll].encoding)", "{} の文字 (方針の [tool.roll].encoding)"),
    ("other bytes", "ほかのバイト"),
    # names that there are not
    ("{} (did you mean {}?)", "{} ({} のことですか?)"),
    ("{}; known: {}", "{}。あるのは {}"),
    ("{}; this policy knows: {}", "{}。この方針にあるのは {}"),
    ("{}; installed: {}", "{}。インストール済みは {}"),
    ("{}; it has: {}", "{}。あるのは {}"),
    ("no such key", "このキーはありません"),
    ("no such fact", "この項目はありません"),
    ("no plugin of this policy offers this rule", "この方針のプラグインには、この規則がありません"),
    ("no document {}", "書類 {} はありません"),
    ("no purpose {} for {}", "{1} に目的 {0} はありません"),
    ("no process {}", "手続き {} はありません"),
    ("no plugin {}", "プラグイン {} はありません"),
    ("no schema of {}", "{} のスキーマはありません"),
    ("plugin {} has no preset {}", "プラグイン {} にひな型 {} はありません"),
    ("no such day in the calendar: {}", "暦にない日です: {}"),
    ("no such day in the calendar", "暦にない日です"),
    ("the era had not begun by that day: {}", "その元号はまだ始まっていません: {}"),
    ("the era had ended by that day: {}", "その元号は終わっています: {}"),
    ("{}; expected {}", "{}。{}が必要です"),
    # files
    ("is missing; every member has a key", "ありません。加入者には管理番号 (id) が必要です"),
    ("is missing", "ありません"),
    ("stands more than once; which one is meant?", "二度書かれています。どちらか一つにしてください"),
    ("is nested too deeply; {}", "入れ子が深すぎます"),
    (
        "holds an individual number (個人番号), which is never accepted",
        "個人番号が入っているため受け付けません",
    ),
    ("holds a number with too many digits", "桁の多すぎる数があります"),
    ("is no JSON: {}", "JSON として読めません ({})"),
    ("holds a number that JSON does not have", "JSON にない数"),
    ("cannot be read as CSV: {}", "CSV として読めません ({})"),
    ("cannot be read: No such file or directory", "ファイルがありません"),
    ("cannot be read: Is a directory", "フォルダーです。ファイルを指定してください"),
    ("cannot be read: {}", "読めません ({})"),
    # TOML, JSON, CSV
    ("{}; {} is no day of the calendar", "{}。{} は暦にない日です"),
    (
        "{}; write a day as {}, without an era and without quotes",
        "{}。日付は {} のように、元号も引用符も付けずに書きます",
    ),
    ("{}; it holds the full-width sign {}, expected {}", "{}。全角の {} は {} と書きます"),
    ("{} (in {}, line #)", "{0} ({2}行目の {1})"),
    ("{} (in {})", "{} ({} のところ)"),
    ("Unclosed array", "[ で始まる並びが閉じていません"),
    ("Expecting value", "値がありません"),
    ("Expecting {} delimiter", "{} がありません"),
    ("Expecting property name enclosed in double quotes", "引用符で囲んだ名前がありません"),
    ("Extra data", "余分な文字があります"),
    ("Illegal trailing comma before end of {}", "最後に余分なコンマがあります"),
    ("Unterminated string starting at", "閉じていない文字列があります"),
    ("Invalid control character at", "使えない制御文字があります"),
    ("Invalid {} escape", "正しくない {} です"),
    ("Invalid {}escape", "正しくない {} です"),
    ("Illegal character {}", "使えない文字 {} があります"),
    ("Invalid date or datetime", "実在しない日付か時刻です"),
    ("Invalid statement", "文として読めません"),
    ("Invalid value", "値として読めません"),
    ("Unclosed inline table", "{ で始まる表が同じ行で閉じていません"),
    ("Unescaped {} in a string", "文字列の中の {} は二つ重ねて書きます"),
    ("Cannot overwrite a value", "同じキーが二度書かれています"),
    ("Cannot declare {} twice", "表 {} が二度書かれています"),
    ("Expected newline or end of document after a statement", "文の後に余分な文字があります"),
    ("Expected {} at the end of a table declaration", "表の見出しが {} で閉じていません"),
    ("Expected {} after a key in a key/value pair", "キーの後に {} がありません"),
    ("unexpected end of data", "引用符が閉じていません"),
    (
        "new-line character seen in unquoted field - do you need to open the file {}?",
        "改行の文字が CSV のものではありません",
    ),
    ("line contains NUL", "NUL の文字があります"),
    ("field larger than field limit ({})", "{}字を超える欄があります"),
    # usage
    ("Missing option {}.", "{} を指定してください。"),
    ("Missing argument {}.", "引数 {} を指定してください。"),
    ("No such option {}. Did you mean {}?", "オプション {} はありません ({} のことですか?)。"),
    ("No such option {}", "オプション {} はありません"),
    ("Option {} requires an argument.", "オプション {} には値が必要です。"),
    ("Option {} does not take a value.", "オプション {} に値は付けられません。"),
    ("Got unexpected extra argument {}", "余分な引数があります: {}"),
    ("Invalid value for {}: {}", "{} の値が正しくありません: {}"),
    ("{} is not one of {}.", "{} は {} のどれでもありません。"),
    ("{} is not in the range {}.", "{} は範囲 {} にありません。"),
    ("{} is not a valid integer range.", "{} は整数ではありません。"),
    # check
    (
        "is not stated by the source ({}): no day will be answered",
        "出典 ({}) に記載がないため、日付は答えません",
    ),
    (
        "nothing serves and nothing is owed, and no remedy says what to do first, for members with {}: on {}",
        "受診の手段も交付の予定もなく、まず行うことも定められていない加入者がいます ({}、例: {})",
    ),
    (
        "the document of rule {} of plugin {} is owed to nobody on any day on which it is in force{}",
        "プラグイン {1} の規則 {0} の書類は、適用期間のどの日にも、誰にも交付されません{2}",
    ),
    (
        "no rule that decisions ask reads {}: nothing hangs on these columns",
        "{} の列は、判定のどの規則も読まないため、結果に影響しません",
    ),
    (", as this policy's days lie", " (この方針の日付による)"),
)


def japanese(text: str) -> str:
    """A finding in Japanese, its place included, as far as there is a sentence for it."""
    place, colon, rest = text.partition(": ")
    said = _said(text)
    if said is not None:
        return said
    return f"{_said(place) or place}{colon}{japanese(rest)}" if colon else text


@lru_cache(maxsize=1000)
def _said(text: str) -> str | None:
    """A sentence in Japanese; none if there is no pattern for it."""
    for pattern, template in _patterns():
        if found := pattern.fullmatch(text):
            return template(*map(japanese, found.groups()))
    return None


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], _Template], ...]:
    return tuple(_compiled())


def _compiled() -> Iterator[tuple[re.Pattern[str], _Template]]:
    for english, template in _SENTENCES:
        pattern = re.escape(english).replace(r"\{\}", "(.*?)").replace(r"\#", "([0-9]+)")
        yield re.compile(pattern, re.DOTALL), _Template(template)


class _Template(str):
    """A sentence whose braces are filled in, by their order or by number."""

    __slots__ = ()

    def __call__(self, *groups: str) -> str:
        return self.format(*groups) if groups else str(self)
