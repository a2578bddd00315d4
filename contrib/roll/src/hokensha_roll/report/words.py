"""Every word of the report and of the forecast, in Japanese and in English."""

from __future__ import annotations

from typing import Final

from hokensha.rules import Because
from hokensha.text import Label

TITLE: Final = Label("名簿の一括判定", "Run over the roll")
FORECAST: Final = Label("交付の見込み", "Forecast of issuance")
LANGUAGE: Final = Label("表示する言語", "Language")
CONTENTS: Final = Label("目次", "Contents")
ON: Final = Label("判定日", "Day asked")
AS_OF: Final = Label("名簿の基準日", "Roll as of")
POLICY: Final = Label("方針ファイル", "Policy")
ROLL: Final = Label("名簿", "Roll")
PERIOD: Final = Label("期間", "Period")
FROM_TO: Final = Label("{}から{}まで", "{} to {}")
NOT_KNOWN: Final = Label("記載なし", "not stated")

COUNTS: Final = Label("件数の内訳", "How the rows add up")
READ: Final = Label("読み込んだ行", "Rows read")
DECIDED: Final = Label("判定済み", "Decided")
UNDETERMINED: Final = Label("判定できない", "Undetermined")
REJECTED: Final = Label("受け付けない行", "Rejected")
RECONCILED: Final = Label(
    "すべての行は、三つのうちのどれか一つに数えられています。内訳の合計は、読み込んだ行の数と一致します。",
    "Every row is in exactly one of the three. Together they are the rows read.",
)
NOT_RECONCILED: Final = Label(
    "内訳の合計は {found} で、読み込んだ行の数 {read} と一致しません。この結果は使わないでください。",
    "The three come to {found}, but {read} rows were read. Do not use this run.",
)

OWED: Final = Label("交付すべき書類", "Documents owed")
OWED_SAID: Final = Label(
    "判定日に交付すべきで、まだ交付していない書類の数です。規則と根拠は、その事由によるものです。",
    "Documents that are owed on the day asked and not yet given; for each reason its rule and sources.",
)
DOCUMENT: Final = Label("書類", "Document")
TRIGGER: Final = Label("事由", "Reason")
TRIGGER_AND_RULE: Final = Label("事由（規則・根拠）", "Reason (rule, sources)")
RULE: Final = Label("規則", "Rule")
BASIS: Final = Label("職権・申請", "Basis")
COUNT: Final = Label("件数", "Count")
TOTAL: Final = Label("合計", "Total")
NOTHING: Final = Label("該当なし", "none")
DEPENDS: Final = Label("確認が必要な項目による", "depends on what is missing")

MONTHS: Final = Label("今後の交付の見込み", "How issuance falls over the coming months")
MONTHS_SAID: Final = Label(
    "各月に交付すべき書類を、その月にすべて交付したものとして数えています。名簿にない出来事（加入、紛失、"
    "カードの更新など）は起こらないものとしています。最初の月には、それまでに交付すべきであったものも"
    "入ります。",
    "Everything that falls due in a month is taken as issued in it. What the roll does not know of (new "
    "members, lost cards, renewals) is taken not to happen. The first month includes what was owed already.",
)
NO_MONTHS: Final = Label(
    "翌月以降の見込みは、判定に {option} を付けるか、コマンド {command} で作成します。",
    "For a forecast of the coming months, run with {option}, or use the command {command}.",
)
DUE_BY: Final = Label("今回交付する書類の交付期限", "By when the documents of this run are due")
VALID_UNTIL: Final = Label("今回交付する書類の有効期限", "Until when the documents of this run will be valid")
AT_ONCE: Final = Label("直ちに（期限の定めなし）", "at once (no day stated)")
NO_END: Final = Label("期限の記載なし", "no end stated")
MONTH: Final = Label("月", "Month")
BY_REASON: Final = Label("事由ごとの内訳", "By reason")

BACK: Final = Label("回収・廃棄の対象", "Documents to come back or be destroyed")
DOCUMENT_AND_ACTION: Final = Label("書類・取扱い", "Document, action")

NOT_OWED: Final = Label("交付しない理由", "Why documents are not owed")
NOT_OWED_SAID: Final = Label(
    "書類ごとに、判定日に交付しない方の人数を、最初に当てはまる理由で数えています。",
    "For each document how many members are not owed it on the day asked, by the first reason that applies.",
)
DOCUMENT_AND_REASON: Final = Label("書類・理由", "Document, reason")
BECAUSE: Final = {
    Because.NOT_IN_SCHEME: Label("加入していない", "not in the scheme"),
    Because.EXCLUDED: Label("交付の対象から除かれている", "excluded"),
    Because.ALREADY_GIVEN: Label("交付済み", "given already"),
    Because.SERVES_ALREADY: Label("ほかの方法で受診できる", "something else serves"),
    Because.NOT_DUE_YET: Label("交付の時期ではない", "not due yet"),
    Because.NOT_APPLIED_FOR: Label("申請がない", "not applied for"),
    Because.NO_RULE: Label("交付の定めがない", "no rule provides for it"),
    None: Label("確認が必要な項目による", "depends on what is missing"),
}
STRANDED: Final = Label("受診の手段も交付の予定もない方", "Nothing serves, and nothing is owed")
STRANDED_SAID: Final = Label(
    "{count} 人います。まず行うことごとに数えています。一人ずつは {file} にあります。",
    "There are {count}, counted by what they have to do first; {file} lists them.",
)
FIRST: Final = Label("まず行うこと", "To do first")
NO_REMEDY: Final = Label("出典に記載なし", "the sources say nothing")

UNDETERMINED_MEMBERS: Final = Label(
    "まだ答えの出ない方と、確認が必要な項目", "Undetermined members and what is missing"
)
MISSING_SAID: Final = Label(
    "項目ごとに、それを確かめないと答えの出ない方の人数です。答えの出ない方は {count} 人です。"
    "一人に複数の項目の確認が必要なことがあるため、合計はこれと一致しないことがあります。",
    "How many members cannot be decided for want of each fact; {count} are undetermined. One member may lack "
    "several facts, so the column need not add up to that.",
)
FACT: Final = Label("確認が必要な項目", "Missing fact")
ROLL_COLUMN: Final = Label("名簿の列", "Column of the roll")
MEMBERS: Final = Label("人数", "Members")
NO_COLUMN: Final = Label("名簿に列がありません", "the roll lacks it")
ABSENT: Final = Label(
    "方針ファイルや規則が使う次の列が名簿にないため、全員について不明として判定しました: {headers}",
    "The roll lacks these columns of the policy, which were taken as unknown for everybody: {headers}",
)
LACKING: Final = Label(
    "そのうち規則が使う項目について、列がないために判定できない加入者: {count} 人 ({facts})",
    "For want of these columns {count} members are undetermined; the rules read: {facts}",
)

REJECTED_ROWS: Final = Label("受け付けなかった行", "Rejected rows")
REJECTED_SAID: Final = Label(
    "読み取れなかったため、判定していない行の数です。行番号と値は {file} にあります。",
    "Rows that could not be read and were not decided. {file} has their lines and values.",
)
COLUMN: Final = Label("列", "Column")
WHOLE_ROW: Final = Label("行全体", "the whole row")
WHY: Final = Label("理由", "Why")
FURTHER: Final = Label("ほか {count} 種類", "{count} more")

SOURCES: Final = Label("根拠の一覧", "Sources")
SOURCE: Final = Label("番号", "Number")
PLACE: Final = Label("箇所・資料", "Place, text")

ORIGIN: Final = Label("作成のもと", "What this was made from")
ORIGIN_SAID: Final = Label(
    "同じ方針ファイル、名簿、日付とプラグインからは、いつでも同じ結果が得られます。",
    "The same policy, roll, days and plugins always give the same result.",
)
WHAT: Final = Label("種類", "What")
FILE_AND_DIGEST: Final = Label("ファイル・ダイジェスト", "File, digest")
OUTPUT: Final = Label("出力", "Output")
PLUGINS: Final = Label("プラグイン", "Plugins")
