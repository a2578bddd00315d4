"""``hokensha decide``: one member or many, from a file or standard input, for programs or for people."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ON = "2026-08-06"
FIELDS = [
    *("schema", "insurer", "policy_digest", "plugins", "member", "on", "status", "missing"),
    *("in_scheme", "complete", "not_owed"),
    *("my_number_insurance_card", "grounds", "issuances", "returns", "documents"),
]
NUMBER = "123456789018"  # an individual number: its check digit is correct


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def test_json_of_one_member_is_one_document_with_the_contracts_keys_in_order(place):
    member = place.write("member.json", place.MEMBER)
    result = place.run("decide", place.policy, member, "--on", ON, "--json")
    assert 0 == result.exit_code
    assert 1 == result.stdout.count("\n")
    decision = json.loads(result.stdout)
    assert FIELDS == list(decision)
    assert "hokensha/decision/1" == decision["schema"]
    assert [{"name": "fake", "version": "1.2"}] == decision["plugins"]
    assert ("A-1", ON, "decided") == (decision["member"], decision["on"], decision["status"])
    assert ["electronic-certificate-expired"] == [ground["id"] for ground in decision["grounds"]]
    assert "試験保険組合" in result.stdout  # Japanese is written as it is


def test_a_day_may_be_given_by_era(place):
    member = place.write("member.json", place.MEMBER)
    days = ("2026-08-06", "令和8年8月6日", "R8.8.6")
    written = {place.run("decide", place.policy, member, "--on", day, "--json").stdout for day in days}
    assert 1 == len(written)


def test_standard_input_is_read_for_a_dash(place):
    result = place.run("decide", place.policy, "-", "--on", ON, "--json", stdin=json.dumps(place.NO_CARD))
    assert "A-2" == json.loads(result.stdout)["member"]


def test_a_byte_order_mark_is_passed_over(place):
    member = place.write("member.json", "\ufeff" + json.dumps(place.MEMBER))
    assert 0 == place.run("decide", place.policy, member, "--on", ON, "--json").exit_code


def test_of_a_list_each_member_is_decided_on_a_line_of_its_own(place):
    members = place.write("members.json", [place.MEMBER, place.NO_CARD])
    result = place.run("decide", place.policy, members, "--on", ON, "--json")
    assert 0 == result.exit_code
    assert ["A-1", "A-2"] == [decision["member"] for decision in lines(result.stdout)]


def test_a_list_of_one_gives_one_line_and_an_empty_list_none(place):
    one = place.write("one.json", [place.MEMBER])
    assert 1 == len(lines(place.run("decide", place.policy, one, "--on", ON, "--json").stdout))
    none = place.run("decide", place.policy, place.write("none.json", []), "--on", ON, "--json")
    assert (0, "") == (none.exit_code, none.stdout)


def test_of_json_lines_each_is_decided_on_a_line_of_its_own(place):
    """Blank lines are none; what is wrong with one says which, and the others are still decided."""
    text = "\n".join(["", json.dumps(place.MEMBER), "", '{"id": 7}', "{", json.dumps(place.NO_CARD), ""])
    result = place.run("decide", place.policy, "-", "--on", ON, "--json", stdin=text)
    assert ["A-1", "A-2"] == [decision["member"] for decision in lines(result.stdout)]
    assert 1 == result.exit_code
    said = "error: standard input: line"
    assert [f"{said} 4: id: expected a text", f"{said} 5, column 2: is no JSON"] == [
        ": ".join(line.split(": ")[: 5 - (n > 0)]) for n, line in enumerate(result.stderr.splitlines())
    ]
    members = place.write(
        "members.jsonl", "\ufeff" + json.dumps(place.MEMBER) + "\n" + json.dumps(place.NO_CARD)
    )
    result = place.run("decide", place.policy, members, "--on", ON, "--json")
    assert (0, 2) == (result.exit_code, len(lines(result.stdout)))


@pytest.mark.parametrize(
    ("first", "second", "end"), [("{}\n", "{}\n", ""), ("[{}", ", {}", "]")], ids=["JSON Lines", "a list"]
)
def test_members_are_decided_as_they_come_and_not_held(place, first, second, end):
    """The first is answered before the second is there."""
    command = ["-c", "from hokensha_cli.main import main; main()", "decide", place.policy, "-", "--on", ON]
    process = subprocess.Popen(
        [sys.executable, *command, "--json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={"PYTHONPATH": ":".join([str(place.site), *sys.path])},
    )
    for form, member in ((first, place.MEMBER), (second, place.NO_CARD)):
        process.stdin.write(form.replace("{}", json.dumps(member)).encode())
        process.stdin.flush()
        if (
            member is place.MEMBER and not end
        ):  # of what may be one member over many lines, two are waited for
            continue
        if member is place.NO_CARD and not end:
            assert "A-1" == json.loads(process.stdout.readline())["member"]
        assert member["id"] == json.loads(process.stdout.readline())["member"]
    process.stdin.write(end.encode())
    process.stdin.close()
    assert (b"", 0) == (process.stdout.read(), process.wait(timeout=30))
    process.stdout.close()


@pytest.mark.parametrize("before", ["", '{"id": "A"}\n'])
def test_a_line_without_an_end_is_refused_with_its_number(place, before):
    members = place.write("members.jsonl", before + '{"id": "' + "A" * (1 << 24))
    result = place.run("decide", place.policy, members, "--on", ON, "--json")
    assert 1 == result.exit_code
    line = 1 + before.count("\n")
    said = f"error: {members}: line {line}: expected a member, found no end of one in 16,777,216 bytes"
    assert said in result.stderr.splitlines()


def test_a_member_of_a_list_without_an_end_is_refused_with_its_number(place):
    text = "[" + json.dumps(place.MEMBER) + ',\n{"id": "' + "A" * (1 << 25)
    result = place.run("decide", place.policy, place.write("members.json", text), "--on", ON, "--json")
    assert (1, ["A-1"]) == (result.exit_code, [each["member"] for each in lines(result.stdout)])
    said = "[1]: line 2, column 1: expected a member, found no end of one in 16,777,216 characters\n"
    assert result.stderr.endswith(said)


def test_those_before_a_fault_in_a_list_are_decided_and_the_fault_is_told_with_its_place(place):
    text = f"[{json.dumps(place.MEMBER)},\n {json.dumps(place.NO_CARD)}\n {{}}]"
    result = place.run("decide", place.policy, "-", "--on", ON, "--json", stdin=text)
    assert (1, ["A-1", "A-2"]) == (result.exit_code, [each["member"] for each in lines(result.stdout)])
    assert (
        "error: standard input[1]: line 3, column 2: is no JSON: Expecting ',' delimiter\n" == result.stderr
    )


def test_a_bad_member_of_a_list_is_an_error_with_its_index_and_the_others_are_still_decided(place):
    bad = {**place.MEMBER, "birth_day": "1980-05-05"}
    members = place.write("members.json", [place.MEMBER, bad, 7, place.NO_CARD])
    result = place.run("decide", place.policy, members, "--on", ON, "--json")
    assert 1 == result.exit_code
    assert ["A-1", "A-2"] == [decision["member"] for decision in lines(result.stdout)]
    assert [
        f"error: {members}[1]: line 1: birth_day: no such fact (did you mean 'birth_date'?)",
        f"error: {members}[2]: line 1: expected a JSON object of facts",
    ] == result.stderr.splitlines()


def test_a_key_that_stands_twice_is_an_error(place):
    member = place.write("member.json", '{"id": "A-1", "relation": "insured", "relation": "dependent"}')
    result = place.run("decide", place.policy, member, "--on", ON)
    assert 1 == result.exit_code
    assert f"error: {member}: relation: stands more than once; which one is meant?\n" == result.stderr


def test_every_fault_of_a_member_is_reported_at_once(place):
    member = place.write("member.json", {"relation": "cousin", "birth_date": "1980-02-30"})
    result = place.run("decide", place.policy, member, "--on", ON)
    assert 1 == result.exit_code
    assert ["relation", "birth_date", "id"] == [
        line.removeprefix(f"error: {member}: ").split(":")[0] for line in result.stderr.splitlines()
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"id": "A-1",}', "line 1, column 1"),
        ('{"id": NaN}', "is no JSON: holds a number that JSON does not have"),
        ("[" * 100_000, "is nested too deeply"),
        ("", "line 1, column 1"),
    ],
)
def test_what_is_no_json_is_an_error_with_its_place(place, content, said):
    result = place.run("decide", place.policy, place.write("member.json", content), "--on", ON)
    assert (1, "") == (result.exit_code, result.stdout)
    assert said in result.stderr
    assert 1 == len(result.stderr.splitlines())


def test_bytes_that_are_no_utf_8_are_an_error_with_their_line(place):
    (place.folder / "member.json").write_bytes('{"id":\n"組合"}'.encode("cp932"))
    result = place.run("decide", place.policy, place.folder / "member.json", "--on", ON)
    assert 1 == result.exit_code
    assert "member.json: line 2: expected UTF-8" in result.stderr


@pytest.mark.parametrize("absent", ["policy", "member"])
def test_a_file_that_is_absent_is_at_fault_and_named(place, absent):
    member = place.write("member.json", place.MEMBER)
    files = {"policy": ("gone", member), "member": (place.policy, "gone")}[absent]
    result = place.run("decide", *files, "--on", ON)
    assert (1, "error: gone: cannot be read: No such file or directory\n") == (
        result.exit_code,
        result.stderr,
    )


def test_a_folder_in_a_files_place_is_at_fault(place):
    result = place.run("decide", place.policy, place.folder, "--on", ON)
    assert (1, f"error: {place.folder}: cannot be read: Is a directory\n") == (
        result.exit_code,
        result.stderr,
    )


@pytest.mark.parametrize(
    "member",
    [
        {"id": NUMBER},
        {NUMBER: 1},
        {"id": "x", "number": "1234-5678-9018"},
        f'{{"id": "x", "{NUMBER}": 1, "{NUMBER}": 2}}',
        [{"id": "１２３４５６７８９０１８"}],
        {"id": "x", "number": "1234\u200b5678\u00ad9018"},
        {"id": "x", "number": "1234・5678・9018"},
        {"id": "x", "number": "一二三四五六七八九〇一八"},
        {"id": "x", "1234.5678.9018": 1},
    ],
)
def test_an_individual_number_is_refused_and_never_echoed(place, member):
    result = place.run("decide", place.policy, place.write("member.json", member), "--on", ON)
    assert 1 == result.exit_code
    assert "individual number" in result.stderr
    assert "9018" not in result.output
    assert "９０１８" not in result.output


def test_an_individual_number_on_the_command_line_is_not_echoed_either(place):
    for arguments in ((NUMBER, "x"), ("x", NUMBER)):
        assert NUMBER not in place.run("decide", *arguments, "--on", ON).output
    assert NUMBER not in place.run("decide", place.policy, "x", "--on", NUMBER).output
    assert NUMBER not in place.run(NUMBER).output


@pytest.mark.parametrize("gap", [".", "/", "・", "_", "〜", "\u200b", "\u00ad", "\ufeff", " - "])
def test_nor_where_it_is_written_otherwise_or_shown_as_python_writes_it(place, gap):
    number = gap.join(("1234", "5678", "9018"))
    for arguments in (
        ("decide", number, "x", "--on", ON),
        ("decide", place.policy, f"o/{number}", "--on", ON),
        ("decide", place.policy, "x", "--on", number),
        (number,),
    ):
        output = place.run(*arguments).output
        assert output
        assert "5678" not in output


def test_missing_facts_are_an_answer_with_their_labels(place):
    known = {key: value for key, value in place.MEMBER.items() if key != "my_number_card"}
    member = place.write("member.json", known)
    as_json = place.run("decide", place.policy, member, "--on", ON, "--json")
    assert 0 == as_json.exit_code
    assert ["my_number_card"] == json.loads(as_json.stdout)["missing"]
    english = place.run("decide", place.policy, member, "--on", ON).stdout
    asked = "undetermined; it takes to know:\n    state of the My Number card (my_number_card): "
    assert f"{asked}ask: the member; this alone settles it" in english
    japanese = place.run("decide", place.policy, member, "--on", ON, "--lang", "ja").stdout
    asked = "次のことが分かれば判定できます:\n    マイナンバーカードの状態 (my_number_card): "
    assert f"{asked}確認先は本人。これだけで判定できます" in japanese


def test_people_read_every_outcome_with_its_citation_and_the_sources_place(place):
    member = place.write("member.json", place.MEMBER)
    said = place.run("decide", place.policy, member, "--on", ON).stdout
    assert said.startswith("A-1  2026-08-06  Test Society\n  decided\n")
    assert "My Number insurance card: not usable" in said
    assert "valid until: at most 2026-08-05 (planned) [000-01]" in said
    assert "electronic certificate expired [000-01]" in said
    assert "eligibility certificate: a certificate falls due [000-01]" in said
    assert (
        "valid until: 2030-12-01 (reading: first 1 December; by other readings 2031-12-01) [000-02]" in said
    )
    assert "000-02: よくある質問, 問2" in said
    assert "form: not stated" in said


def test_in_japanese_days_are_said_by_era_too_and_modality_in_words(place):
    member = place.write("member.json", place.MEMBER)
    said = place.run("--lang", "ja", "decide", place.policy, member, "--on", ON).stdout
    assert said.startswith("A-1  令和8年8月6日 (2026-08-06)  試験保険組合\n  判定できました\n")
    assert "有効期限: 遅くとも 令和8年8月5日 (2026-08-05) (予定) [000-01]" in said
    assert "マイナ保険証: 使えない" in said
    assert "申請書: 記載なし" in said


def test_what_returns_and_what_was_given_is_said(place):
    gone = {
        **place.MEMBER,
        "left_on": "2026-04-01",
        "eligibility_certificate_issued_on": "2025-12-02",
        "eligibility_certificate_valid_until": "2026-11-30",
    }
    said = place.run("decide", place.policy, place.write("member.json", gone), "--on", ON).stdout
    assert "eligibility certificate: return - return on loss [000-07]" in said
    assert "eligibility certificate: not valid" in said


def test_blocks_of_a_list_stand_apart(place):
    members = place.write("members.json", [place.MEMBER, place.NO_CARD])
    said = place.run("decide", place.policy, members, "--on", ON).stdout
    assert 2 == len(said.split("\n\n"))


def test_control_characters_of_a_file_do_not_reach_the_terminal(place):
    member = place.write("member.json", {**place.MEMBER, "id": "A\u001b[31m\n1"})
    assert "\x1b" not in place.run("decide", place.policy, member, "--on", ON).stdout


def test_a_half_surrogate_is_escaped_in_json(place):
    member = place.write("member.json", '{"id": "\\ud800"}')
    result = place.spawn("decide", place.policy, member, "--on", ON, "--json")
    assert 0 == result.returncode
    assert b'"member":"\\ud800"' in result.stdout


def test_json_is_utf_8_whatever_the_terminals_encoding(place):
    member = place.write("member.json", place.MEMBER)
    result = place.spawn(
        "decide", place.policy, member, "--on", ON, "--json", "--lang", "ja", PYTHONIOENCODING="ascii"
    )
    assert "試験保険組合" in result.stdout.decode("utf-8")


def test_the_output_is_the_same_in_every_run(place):
    members = place.write("members.json", [place.MEMBER, {"id": "A-3"}])
    command = ("decide", place.policy, members, "--on", ON, "--json")
    runs = [place.spawn(*command, PYTHONHASHSEED=seed).stdout for seed in ("1", "2")]
    assert runs[0] == runs[1] != b""


def test_a_day_has_to_be_given(place):
    result = place.run("decide", place.policy, "member.json")
    assert 2 == result.exit_code
    assert "Missing option '--on'" in result.stderr


@pytest.mark.parametrize(
    "day", ["2026-02-30", "20260806", "today", "R0.1.1", "H31.5.1", "1500-01-01", "9999-12-31"]
)
def test_a_day_that_there_is_not_is_wrong_usage(place, day):
    result = place.run("decide", place.policy, "member.json", "--on", day)
    assert 2 == result.exit_code
    assert "expected a day" in result.stderr


def test_why_is_said_of_each_rule_to_programs_and_to_people(place):
    member = place.write("member.json", place.MEMBER)
    command = ("decide", place.policy, member, "--on", ON, "--why")
    decision = json.loads(place.run(*command, "--json").stdout)
    assert [*FIELDS, "why"] == list(decision)
    fired = {entry["rule"]: entry["fired"] for entry in decision["why"]}
    assert (True, False) == (fired["electronic-certificate-expired"], fired["no-card"])
    said = place.run(*command).stdout
    assert (
        "    has no My Number card (no-card): did not fire [000-01]\n"
        "      read: state of the My Number card = held\n"
        "      would fire with: state of the My Number card (my_number_card) = none\n"
    ) in said
    japanese = place.run(*command, "--lang", "ja").stdout
    assert "マイナンバーカードを取得していない (no-card): 非該当 [000-01]" in japanese
    assert "判断材料: マイナンバーカードの状態 = 保有" in japanese


@pytest.mark.parametrize(
    ("facts", "on", "ja", "en"),
    [
        (
            {},
            "2026-07-11",
            "毎年の更新の期間なので、毎年7月の一斉更新 (july-renewal) により新しい期間のものを交付します",
            "in the window of the yearly renewal, renewal in July of every year (july-renewal)",
        ),
        (
            {"certificate_requested_on": "2026-11-20"},
            "2026-11-21",
            "申請があるため、資格確認書の交付申請 (application) により交付します",
            "an application was made, so application for a certificate (application)",
        ),
        (
            {
                "birth_date": "1950-01-20",
                "enrolled_on": "2025-01-20",
                "details_changed_on": "2025-01-21",
                "health_insurance_card_valid_until": None,
                "registered_on": "2025-01-20",
                **dict.fromkeys(("enrolment_received_on", "enrolment_processed_on"), "2025-01-20"),
            },
            "2025-01-22",
            "方針での順が先の、暫定運用中の券面情報の変更 (provisional-changed-details) により交付します",
            "printed details changed in the provisional operation (provisional-changed-details)",
        ),
    ],
)
def test_why_another_trigger_comes_first_is_said_in_words(place, facts, on, ja, en):
    policy = ROOT / "examples" / "kumamoto-late-elderly" / "policy.toml"
    member = json.loads(policy.with_name("members.json").read_text(encoding="utf-8"))[0]
    command = ("decide", policy, place.write("mori.json", {**member, **facts}), "--on", on, "--why")

    assert f"      この規則では交付しない理由: {ja}\n" in place.run(*command, "--lang", "ja").stdout
    assert f"      not by this rule: {en} comes first" in place.run(*command, "--lang", "en").stdout


def test_the_values_of_a_plugin_are_said_in_its_words(place):
    policy = ROOT / "examples" / "kumamoto-late-elderly" / "policy.toml"
    command = ("decide", policy, policy.with_name("members.json"), "--on", "2026-11-21", "--why")
    said = {lang: place.run(*command, "--lang", lang).stdout for lang in ("ja", "en")}
    coded = json.loads(place.run(*command, "--json").stdout.splitlines()[0])
    values = [seen["value"] for why in coded["why"] for seen in why["read"]]

    assert "資格取得の時期 = 健康保険証の最後の年度より前\n" in said["ja"]
    assert "time of enrolment = before the last year of old cards\n" in said["en"]
    assert "earlier" in values  # to programs, by its code


def test_why_without_its_distribution_says_what_to_install(place, monkeypatch):
    monkeypatch.setitem(sys.modules, "hokensha_verify", None)
    result = place.run("decide", place.policy, "member.json", "--on", ON, "--why")
    assert (2, "") == (result.exit_code, result.stdout)
    assert (
        "error: the command 'decide --why' comes with the distribution hokensha-verify, "
        "which is not installed\n"
    ) in result.stderr


def test_why_explains_what_is_undetermined_too(place):
    member = place.write("member.json", {"id": "A-3"})
    result = place.run("decide", place.policy, member, "--on", ON, "--why")
    assert 0 == result.exit_code, result.output
    assert "(no-card): not known" in result.stdout
    assert "read: state of the My Number card = not known" in result.stdout


# --- what a clerk can say


def test_why_a_document_is_not_owed_is_said_with_its_source(place):
    gone = place.write("member.json", {**place.MEMBER, "left_on": "2026-04-01"})
    japanese = place.run("decide", place.policy, gone, "--on", ON, "--lang", "ja").stdout
    english = place.run("decide", place.policy, gone, "--on", ON).stdout

    assert "\n  加入していません\n" in japanese
    assert "資格確認書: 加入していないため交付しません（加入最終日まで）[" in japanese.replace(" [", "[")
    assert "eligibility certificate: not issued, not being in the scheme (to the last day" in english


def test_a_list_that_hangs_on_nothing_missing_is_said_to_be_empty(place):
    known = {key: value for key, value in place.MEMBER.items() if key != "my_number_card"}
    said = place.run("decide", place.policy, place.write("m.json", known), "--on", ON).stdout

    assert "documents to come back: none\n" in said
    assert "grounds against relying on the card: none for certain (it depends on what is missing)" in said


def test_of_several_missing_facts_that_is_told_which_settles_it_alone(place):
    """Of who has no card its expiry is not asked."""
    expiry = "electronic_certificate_expires_on"
    known = {k: v for k, v in place.MEMBER.items() if k not in {"my_number_card", expiry}}
    said = place.run("decide", place.policy, place.write("m.json", known), "--on", ON).stdout

    assert "(my_number_card): ask: the member; some answers settle it alone\n" in said
    assert f"({expiry}): ask: the member (the card's face, the portal)\n" in said
