"""Wheels of every distribution, and environments outside the workspace to install them into."""

import ast
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[2]
PROJECTS = {
    project["name"]: project
    for path in sorted(ROOT.glob("*/pyproject.toml")) + sorted(ROOT.glob("*/*/pyproject.toml"))
    if path.relative_to(ROOT).parts[0] in {"core", "plugins", "contrib"}
    for project in [tomllib.loads(path.read_text(encoding="utf-8"))["project"]]
}
COMMANDS, PLUGINS = (
    {name: sorted(project.get("entry-points", {}).get(group, ())) for name, project in PROJECTS.items()}
    for group in ("hokensha.commands", "hokensha")
)
"""The commands, and the plugins, that each distribution brings."""


def package(distribution):
    return distribution.replace("-", "_")


def requirements(distribution):
    """The names of the projects that a distribution says it needs."""
    return {re.match(r"[\w-]+", each)[0] for each in PROJECTS[distribution]["dependencies"]}


def needed(distribution):
    """The distribution, and those of this workspace that are installed with it, in an order of its own."""
    found = [distribution]
    for name in found:
        found += sorted((requirements(name) & PROJECTS.keys()) - {*found})
    return found


def imports(wheel, distribution):
    """The packages that the modules of a wheel import, at their beginning or later; Python's own left out."""
    found = set()
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.endswith(".py") and "/template/" not in name:  # which is a project of its own
                for node in ast.walk(ast.parse(archive.read(name))):
                    if isinstance(node, ast.Import):
                        found |= {each.name.split(".")[0] for each in node.names}
                    elif isinstance(node, ast.ImportFrom) and not node.level:
                        found.add(node.module.split(".")[0])
    found = {name.removeprefix("_") for name in found - sys.stdlib_module_names}  # _pytest is pytest's
    return found - {package(distribution), "tomllib"}  # which Python 3.10 has not


def run(*command, cwd, status=0):
    """Run a command, away from the workspace and its variables; what it says, on standard error if it fails.

    Raises:
        AssertionError: It ends with another status than it should.
    """
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=outer_variables(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == status, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stderr if status else done.stdout


def outer_variables():
    """This process' variables, without those that lead into the workspace's environment."""
    return {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}


class Environment:
    """A fresh virtual environment, into which wheels are installed from outside."""

    def __init__(self, folder):
        self.folder = folder
        self.bin = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
        folder.mkdir(exist_ok=True)
        run(sys.executable, "-m", "venv", "--without-pip", folder / "venv", cwd=folder)

    def pip(self, *arguments):
        """As most people install."""
        return run(sys.executable, "-m", "pip", "--python", self.bin / "python", *arguments, cwd=self.folder)

    def uv(self, command, *arguments):
        """The same, and quicker: for the many environments."""
        return run("uv", "pip", command, "--python", self.bin / "python", *arguments, cwd=self.folder)

    def python(self, code):
        return run(self.bin / "python", "-I", "-W", "error", "-c", code, cwd=self.folder)

    def script(self, name, *arguments, cwd=None):
        return run(self.bin / name, *arguments, cwd=cwd or self.folder)

    def hokensha(self, *arguments, status=0):
        return run(self.bin / "hokensha", *arguments, cwd=self.folder, status=status)


def wheels():
    """The wheel of every distribution, by its name: tox has built them."""
    folder = Path(os.environ["HOKENSHA_WHEELS"])
    return {name: next(folder.glob(f"{package(name)}-[0-9]*.whl")) for name in PROJECTS}
