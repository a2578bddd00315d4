"""What the page about Spark says is so."""

import re

import console
import pytest

pytest.importorskip("pyspark", reason="there is no Spark: `tox -e spark` has one")

BLOCK = re.compile(r"^```(console|python)\n(.*?)^```", re.MULTILINE | re.DOTALL)
FILE = re.compile('"(members.parquet|issuances)"')


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_examples_of_the_page_do_what_they_show(spark, lang, tmp_path, monkeypatch):
    page = console.ROOT / "docs" / ("howto-spark.md" if lang == "en" else f"howto-spark.{lang}.md")
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    folder, names = console.workplace(tmp_path), {}
    monkeypatch.chdir(folder)

    for kind, block in blocks:
        if kind == "console":
            assert "" == console.differences(block, folder, lang)
        else:
            block = FILE.sub(lambda name: repr(str(folder / name[1])), block)  # Spark began in another folder
            exec(compile(block, page.name, "exec"), names)

    assert 4 == len(blocks)
