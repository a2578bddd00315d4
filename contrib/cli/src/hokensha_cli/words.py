"""Every word that the command line itself says to people, in Japanese and in English.

Findings (what is wrong, and where) are made in English; ``sentences.txt`` has them in Japanese.
"""

from __future__ import annotations

from hokensha.dates import Modality
from hokensha.rules import Action, At, Basis, Because
from hokensha.text import Label

# --- help

USAGE = Label("使い方: ", "Usage: ")
OPTIONS = Label("オプション", "Options")
COMMANDS = Label("コマンド", "Commands")
EXAMPLES = Label("例", "Examples")
SEE_HELP = Label("'{}' で使い方を表示します。", "'{}' shows how it is used.")
DID_YOU_MEAN = Label("'{}' のことですか?", "did you mean '{}'?")
NO_COMMAND = Label("コマンド '{}' はありません", "there is no command '{}'")
NOT_INSTALLED = Label(
    "コマンド '{0}' は配布物 {1} にあります。{1} がインストールされていません",
    "the command '{0}' comes with the distribution {1}, which is not installed",
)
CANNOT_LOAD = Label("(読み込めません: {})", "(cannot be loaded: {})")
COMMAND_BROKEN = Label(
    "コマンド '{0}' を読み込めません ({1}): {2}。再インストールか更新をしてください",
    "the command '{0}' cannot be loaded ({1}): {2}; reinstall or upgrade it",
)

HOKENSHA = Label(
    "健康保険証の後: 誰に、何を、いつ交付し、いつまで有効で、何を返してもらうか。\n"
    "保険者の方針 (TOML) と加入者の情報から、出典とともに答えます。",
    "After the health insurance card: who is owed which document and when, until when it\n"
    "is valid and what must come back, from an insurer's policy (TOML) and a member's\n"
    "facts, each answer with its source.",
)
PLUGINS = Label(
    "インストール済みのプラグインと、その状態を一覧にします。",
    "List every installed plugin, and whether it can be loaded.",
)
CHECK = Label(
    "方針の全規則を、起こり得る全ての状況で検査します。",
    "Check every rule of a policy over every situation.",
)
DECIDE = Label(
    "加入者 (JSON) について、ある日の判定をします。\n"
    "MEMBER が - なら標準入力から読みます。配列と JSON Lines (一行に一人) は、一人ずつ判定します。",
    "Decide what one member, or each member of a list, is owed on a day.\n"
    "MEMBER is a JSON file, or - for standard input; of a list, and of JSON Lines (one a line),\n"
    "each member is decided.",
)
VALIDITY = Label(
    "ある日に交付した書類が、いつまで有効かを答えます。",
    "Say until when a document issued on a day is valid.",
)
REFLECT = Label(
    "手続きの結果が、いつ反映されるかを答えます。",
    "Say when the result of a process shows.",
)
PRESENT = Label(
    "医療機関等で何を提示すればよいかを答えます。",
    "Say what a member can show at a medical institution.",
)
RULES = Label(
    "全規則を、出典と適用期間を付けた決定表で示します。",
    "Show every rule as a decision table, with its sources and its period in force.",
)
INIT = Label(
    "プラグインに付属する、注釈付きの方針のひな型を出力します。",
    "Print a commented policy to start from, one that a plugin brings along.",
)
NEW_PLUGIN = Label(
    "そのままインストールでき、適合性検証に合格するプラグインの雛形を作ります。",
    "Write the project of a new plugin, which installs and conforms as it stands.",
)
INTO = Label("作成先のフォルダー", "the folder in which to make it")
NEW_PLUGIN_WRITTEN = Label("{} を作成しました。次の手順：", "wrote {}; next:")
NEW_PLUGIN_CLONE = Label(
    "hokensha が PyPI にない間。PATH は hokensha のクローン",
    "while hokensha is not on PyPI; PATH is a clone of it",
)
SCHEMA = Label(
    "エディタの補完と検査のための JSON Schema を出力します。\n"
    "方針 (policy、既定) か、事例のファイル (cases) など、他の配布物のものです。",
    "Print the JSON Schema by which editors complete and check a file.\n"
    "KIND is policy (the default), or what other distributions add, such as cases.",
)

REQUIRED = Label("[必須]", "[required]")
HELP = Label("この説明を表示します。", "Show this help.")
VERSION = Label("版を表示します。", "Show the version.")
LANG = Label("表示の言語 (既定はロケール)。", "Language; default from the locale.")
JSON = Label("JSON で出力します。", "Write JSON.")
ON = Label("判定する日。", "The day asked.")
ON_RULES = Label("この日に適用される規則だけを示します。", "Only the rules in force on this day.")
WHY = Label("各規則の理由も示します。", "Say why each rule fired, or why not.")
ISSUED = Label("交付日。", "The day of issue.")
PURPOSE = Label("どの有効期限か (既定は standard)。", "Which of several (default: standard).")
MEMBER_OPTION = Label("加入者の JSON (加入の終わりを反映)。", "A member's JSON: its end in the scheme cuts.")
LIST_PURPOSES = Label("目的の一覧を示します。", "List the purposes.")
LIST_PROCESSES = Label("手続きの一覧を示します。", "List the processes.")
LIST_PRESETS = Label("ひな型の一覧を示します。", "List the presets.")
FROM = Label("手続きの起算日。", "The day on which it starts.")
AT = Label("どこで提示するか。", "Where it is shown.")
WITH = Label("提示する書類 (何度でも)。", "A document that is shown (repeatable).")
FORMAT = Label("出力の形式。", "Form of the output.")
PLUGIN = Label("プラグインの名前。", "Name of the plugin.")
PRESET = Label("ひな型の名前 (既定は最初のもの)。", "Name of the preset (default: the first).")

# --- errors

ERROR = Label("エラー: ", "error: ")
WARNING = Label("警告: ", "warning: ")
INTERNAL = Label(
    "hokensha {version} の不具合です ({what}, {where}, Python {python})。"
    "この行と実行したコマンドをお知らせください。HOKENSHA_DEBUG=1 で詳細を表示します",
    "this is a defect of hokensha {version} or of a plugin ({what} at {where}, Python {python}): report "
    "this line with the command that you ran; HOKENSHA_DEBUG=1 shows all of it",
)
UNWRITABLE = Label("標準出力に書けません: {}", "standard output: cannot be written: {}")
NOT_REPEATED = Label(
    "(個人番号を含むため表示しません)", "(not shown: it would repeat an individual number, 個人番号)"
)

# --- what is said everywhere

YES = Label("はい", "yes")
NO = Label("いいえ", "no")
TRUE_FALSE = {True: YES, False: NO}
NONE = Label("なし", "none")
NONE_FOR_CERTAIN = Label(
    "確実なものはありません (確認が必要な項目によります)", "none for certain (it depends on what is missing)"
)
DEPENDS = Label("確認が必要な項目によります", "depends on what is missing")
SOURCES = Label("出典", "sources")
NOT_STATED = Label("記載なし", "not stated")
MISSING = Label("確認が必要な項目", "missing facts")
CITES = Label("根拠", "cites")
LIST_SEPARATOR = Label("、", ", ")

MODALITY = {
    Modality.EXACT: Label("{day}", "{day}"),
    Modality.AT_MOST: Label("遅くとも {day}", "at most {day}"),
    Modality.ABOUT: Label("{day} ごろ", "about {day}"),
    Modality.BETWEEN: Label("{earliest} から {latest} の間", "between {earliest} and {latest}"),
    Modality.UNLIMITED: Label("期限なし", "unlimited"),
    Modality.NOT_STATED: NOT_STATED,
}
APPROXIMATE = Label("程度", "approximately")
PLANNED = Label("予定", "planned")
READING = Label("読み方: {}", "reading: {}")
IN_SCHEME_UNTIL = Label("ただし加入は {} まで", "but in the scheme through {}")
OTHER_READINGS = Label("別の読み方では {}", "by other readings {}")

BASIS = {
    Basis.EX_OFFICIO: Label("職権", "ex officio"),
    Basis.APPLICATION: Label("申請", "on application"),
}
ACTIONS = {
    Action.RETURN: Label("返却", "return"),
    Action.DESTROY: Label("廃棄", "destroy"),
    Action.KEEP: Label("回収しない", "keep"),
    Action.NOT_STATED: NOT_STATED,
}
AT_PLACES = {
    At.EQUIPPED: Label("カードリーダーのある医療機関等", "where there is a card reader"),
    At.UNEQUIPPED: Label("カードリーダーのない医療機関等", "where there is no card reader"),
    At.READER_FAILED: Label("カードリーダーが故障", "the card reader has failed"),
    At.CHECK_FAILED: Label("資格確認ができない", "the check has failed"),
}
CHANNELS = {
    "employer": Label("事業主経由", "through the employer"),
    "affiliated-office": Label("所属所経由", "through the affiliated office"),
    "branch": Label("支部経由", "through the branch"),
    "municipality": Label("市区町村から", "from the municipality"),
    "direct": Label("本人へ直送", "to the member directly"),
}
MEDIA = {
    "plastic-card": Label("プラスチックカード", "plastic card"),
    "paper-card": Label("紙製カード", "paper card"),
    "paper": Label("紙", "paper"),
    "a4-paper": Label("A4判の紙", "A4 paper"),
    "electronic": Label("電子", "electronic"),
}

VALUES = {
    "none": NONE,
    "held": Label("保有", "held"),
    "returned": Label("返納", "given back"),
    "lost": Label("紛失", "lost"),
    "renewing": Label("更新中", "being renewed"),
    "unregistered": Label("未登録", "unregistered"),
    "registered": Label("登録済み", "registered"),
    "deregistered": Label("解除済み", "deregistered"),
    "insured": Label("被保険者本人", "insured"),
    "dependent": Label("被扶養者", "dependent"),
    "never": Label("なし", "never"),
    "before": Label("より前", "before"),
    "since": Label("以後", "since"),
    "no-event": Label("比べる日がない", "no day to compare with"),
    "ex-officio": BASIS[Basis.EX_OFFICIO],
    "application": BASIS[Basis.APPLICATION],
    "unstated": NOT_STATED,
}
"""Codes of facts, of the core's features and of policies; what a plugin adds is shown as it is."""

# --- decide

DECIDED = Label("判定できました", "decided")
UNDETERMINED = Label("次のことが分かれば判定できます", "undetermined; it takes to know")
ASKED_OF = Label("確認先は{}", "ask: {}")
SETTLES = {
    "always": Label("これだけで判定できます", "this alone settles it"),
    "sometimes": Label("答えによっては、これだけで判定できます", "some answers settle it alone"),
}
IN_SCHEME = {
    True: Label("加入中です", "in the scheme"),
    False: Label("加入していません", "not in the scheme"),
    None: Label(
        "加入中かどうかは、確認が必要な項目によります", "in the scheme or not: depends on what is missing"
    ),
}
NOT_OWED_TITLE = Label("交付しない書類", "documents not owed")
NOT_OWED = {
    Because.NOT_IN_SCHEME: Label("{label}のため交付しません", "not issued, being out of the scheme: {label}"),
    Because.EXCLUDED: Label("交付の対象から除かれています（{label}）", "not issued, being excluded: {label}"),
    Because.ALREADY_GIVEN: Label("交付済みです（{label}）", "was given already: {label}"),
    Because.SERVES_ALREADY: Label(
        "ほかの方法（{label}）で受診できるため交付しません",
        "not issued, since something else serves: {label}",
    ),
    Because.NOT_DUE_YET: Label("まだ交付の時期ではありません（{label}）", "not due yet: {label}"),
    Because.NOT_APPLIED_FOR: Label("申請がないため交付しません（{label}）", "not applied for: {label}"),
    Because.NO_RULE: Label("交付の定めがありません", "no rule provides for it"),
    None: Label(
        "交付しません。理由は、確認が必要な項目によります", "not issued; why depends on what is not known"
    ),
}
OUT_OF_SCHEME = Label(
    "加入していないため交付しません（{label}）", "not issued, not being in the scheme ({label})"
)
"""Where no ground says why, but a rule of who is in the scheme."""
UNNAMED_RULE = Label("定めによる", "by the rules")
USABLE = {
    True: Label("使える", "usable"),
    False: Label("使えない", "not usable"),
    None: Label("使えるか不明", "usable or not: depends on what is missing"),
}
VALID = {
    True: Label("有効", "valid"),
    False: Label("無効", "not valid"),
    None: Label("有効か不明", "valid or not: depends on what is missing"),
}
VALID_UNTIL = Label("有効期限", "valid until")
GROUNDS = Label("マイナ保険証によれない事由", "grounds against relying on the card")
ISSUANCES = Label("交付すべき書類", "documents owed")
RETURNS = Label("回収する書類", "documents to come back")
GIVEN = Label("交付済みの書類", "documents given")
DUE = Label("交付時期", "due")
DUE_FROM = Label("{} から", "from {}")
DUE_THROUGH = Label("{} まで", "through {}")
AT_ONCE = Label("直ちに", "at once")
BASIS_WORD = Label("職権・申請", "basis")
MEDIUM = Label("媒体", "medium")
CHANNEL = Label("交付方法", "channel")
FORM = Label("申請書", "form")
ACTION = Label("取扱い", "action")
WHY_TITLE = Label("理由", "why")
FIRED = Label("該当", "fired")
NOT_FIRED = Label("非該当", "did not fire")
MAYBE_FIRED = Label("不明", "not known")
READ = Label("判断材料", "read")
LOST = Label("この規則では交付しない理由", "not by this rule")
LOST_TO = {
    "yearly": Label(
        "毎年の更新の期間なので、{} により新しい期間のものを交付します",
        "in the window of the yearly renewal, {} comes first: one letter, of the coming term",
    ),
    "application": Label("申請があるため、{} により交付します", "an application was made, so {} comes first"),
    "order": Label("方針での順が先の、{} により交付します", "{} comes first in the policy's order"),
}
"""Why a trigger that held was not chosen: another one of the same document was."""
CHANGE = Label("該当するには", "would fire with")
NO_CHANGE = Label("項目を {} つまで変えても該当しません", "no change of up to {} facts")

# --- plugins, check, lists

NAME = Label("名前", "name")
DISTRIBUTION = Label("配布物", "distribution")
VERSION_WORD = Label("版", "version")
HOOKS = Label("フック", "hooks")
STATE = Label("状態", "state")
LOADABLE = Label("読み込み可", "loadable")
NO_PLUGINS = Label("プラグインはインストールされていません。", "No plugin is installed.")
CHECK_OK = Label("問題ありません", "no errors")
CHECK_FAILED = Label("エラー: {}", "errors: {}")
CHECK_COUNTS = Label(
    "規則: {rules}、判断材料: {features}、場合分け: {paths}、警告: {warnings}",
    "rules: {rules}, features: {features}, paths: {paths}, warnings: {warnings}",
)
PURPOSE_WORD = Label("目的", "purpose")
PROCESS = Label("手続き", "process")
PRESET_WORD = Label("ひな型", "preset")
MEANING = Label("意味", "meaning")
COUNTS_FROM = Label("起算", "counts from")

# --- present

ACCEPTED = Label("これで受けられます", "serves")
UNCERTAIN = Label("断られることがあります", "may be refused")
NOTHING_FOR_CERTAIN = Label(
    "確実に受けられる組合せはありません (確認が必要な項目によります)",
    "nothing serves for certain (it depends on what is missing)",
)
NOTHING_SERVES = Label("受けられる組合せはありません", "nothing serves")
SHOWN = Label("提示したもの", "what is shown")
SHOWN_ACCEPTED = {
    True: Label("受けられます", "serves"),
    False: Label("受けられません", "does not serve"),
    None: Label("受けられるか不明です", "may or may not serve"),
}

MET = Label("有効なものがある", "a valid one is held")
MET_AFTER = Label("利用できなくなる日にも有効なものがある", "one is held that outlasts the loss")
MET_YEARLY = Label("期間の翌日に有効なものがある", "one is held that is valid on the day after the window")
MET_SINCE = Label("事由の日以後に交付したものがある", "one was issued on or after the day of the event")
