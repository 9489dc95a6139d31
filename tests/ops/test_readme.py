"""The README names every setting and every command."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
READS = re.compile(r"""(?:env_value|env\.\w+|environ\.get)\(\s*"([A-Z][A-Z0-9_]+)\"""")


def names_read() -> list[str]:
    sources = [
        ROOT / "community" / "settings.py",
        ROOT / "community" / "web.py",
        ROOT / "profiles" / "providers.py",
        ROOT / "community" / "local" / "up.py",
        *(ROOT / "community" / "management" / "commands").glob("*.py"),
    ]
    return sorted({name for source in sources for name in READS.findall(source.read_text(encoding="utf-8"))})


@pytest.mark.parametrize("name", names_read())
def test_every_setting_is_in_the_readme(name: str) -> None:
    assert f"`{name}`" in README


def test_the_commands_of_operation_are_in_the_readme() -> None:
    for command in sorted(path.stem for path in ROOT.glob("*/management/commands/[a-z]*.py")):
        assert command in README, command
