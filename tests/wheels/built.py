"""Wheels of every distribution, and environments outside the workspace to install them into."""

import os
import subprocess
import sys
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


def package(distribution):
    return distribution.replace("-", "_")


def outer_variables():
    """This process' variables, without those that lead into the workspace's environment."""
    return {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}


def run(*command, cwd):
    """Run a command that must succeed, away from the workspace and its variables; return what it printed."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=outer_variables(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


class Environment:
    """A fresh virtual environment, into which pip installs from outside."""

    def __init__(self, folder):
        self.folder = folder
        self.bin = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
        folder.mkdir(exist_ok=True)
        run(sys.executable, "-m", "venv", "--without-pip", folder / "venv", cwd=folder)

    def pip(self, *arguments):
        return run(sys.executable, "-m", "pip", "--python", self.bin / "python", *arguments, cwd=self.folder)

    def python(self, code):
        return run(self.bin / "python", "-I", "-W", "error", "-c", code, cwd=self.folder)

    def script(self, name, *arguments, cwd=None):
        return run(self.bin / name, *arguments, cwd=cwd or self.folder)

    def hokensha(self, *arguments):
        return run(self.bin / "hokensha", *arguments, cwd=self.folder)


def build(folder):
    """Build every distribution into a folder: the source archive first, and the wheel from it."""
    run("uv", "build", "--all-packages", "--python", sys.executable, "--out-dir", folder, cwd=ROOT)
    return {name: next(folder.glob(f"{package(name)}-[0-9]*.whl")) for name in PROJECTS}
