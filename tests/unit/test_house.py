"""The rules of the house that no linter knows: sizes, reasoned excepts and dependencies, locks without addresses."""

import ast
import json
import re
import statistics
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, metadata, packages_distributions
from itertools import chain
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
NOT_OURS = {"node_modules", "out", "data", "build", "__pycache__"}
LOCKS = [*sorted((ROOT / "requirements").glob("*.txt")), ROOT / "package-lock.json"]

# What an Apache-2.0 project may stand on. LGPL and MPL bind their own files only, which are used as they come.
FREE = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "LGPL-3.0-only", "MIT", "MIT-0", "MIT-CMU",
    "MPL-1.1", "MPL-2.0", "OFL-1.1", "PSF-2.0", "Unicode-3.0",
}  # fmt: skip
# Older packages name their licence in words of their own.
SPDX = {
    "Apache": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD 2-Clause License": "BSD-2-Clause",
    "BSD-0-Clause": "0BSD",
    "BSD-3-Clause, Apache-2.0, dependency licenses": "BSD-3-Clause AND Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "GNU General Public License (GPL)": "GPL-2.0-or-later",
    "GNU Library or Lesser General Public License (LGPL)": "LGPL-2.0-or-later",
    "ISC License": "ISC",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 1.1 (MPL 1.1)": "MPL-1.1",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "PSFL": "PSF-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
# Offered under several licences of which one may be chosen; the metadata cannot say "or".
CHOICE = {"odfpy", "pyphen"}
# A wheel that forgets to name what it holds, and two packages whose own papers say to import these names.
PROVIDED = {"icu": ["icukit-pyicu"], "markupsafe": ["jinja2"], "starlette": ["fastapi"]}


def sources(*rooms: str) -> list[Path]:
    return [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions() -> Iterator[tuple[str, int]]:
    """Every function of the project as place and lines, from `def` to its last line."""
    for path in sources("services", "schemas"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                place = f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
                yield place, node.end_lineno - node.lineno + 1


def texts() -> Iterator[tuple[str, str]]:
    """Every text file that belongs to the project, as path and content."""
    for path in sorted(ROOT.rglob("*")):
        here = path.relative_to(ROOT)
        mine = not NOT_OURS.intersection(here.parts) and not any(
            part.startswith(".") and part != ".ci" for part in here.parts[:-1]
        )
        if mine and path.is_file() and b"\0" not in (content := path.read_bytes()):
            yield str(here), content.decode("utf-8", "replace")


# ---- sizes


def test_files_are_at_most_400_lines() -> None:
    lengths = {
        str(p.relative_to(ROOT)): len(p.read_text(encoding="utf-8").splitlines())
        for p in sources("services", "schemas")
    }
    assert {path: lines for path, lines in lengths.items() if lines > 400} == {}


def test_functions_are_at_most_60_lines() -> None:
    assert [f"{place}: {lines}" for place, lines in functions() if lines > 60] == []


def test_functions_have_a_median_of_at_most_8_lines() -> None:
    assert statistics.median(lines for _, lines in functions()) <= 8


# ---- excepts

EVERYTHING = {"Exception", "BaseException"}


def catches_everything(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(kind is None or (isinstance(kind, ast.Name) and kind.id in EVERYTHING) for kind in kinds)


def reason(line: str) -> str:
    """What a trailing comment says beside the linter's codes."""
    _, _, comment = line.partition("#")
    return re.sub(r"^\s*noqa:\s*[A-Z0-9, ]+", "", comment).strip(" -–—:#")


def test_catching_everything_is_reasoned_on_its_line() -> None:
    unreasoned = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources("services", "schemas")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and catches_everything(node)
        if len(reason(path.read_text(encoding="utf-8").splitlines()[node.lineno - 1]).split()) < 3
    ]
    assert unreasoned == []


# ---- dependencies


def canonical(requirement: str) -> str:
    """The name in a requirement, as registries compare names."""
    name = re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def wanted() -> set[str]:
    python = chain(project()["project"]["dependencies"], *project()["dependency-groups"].values())
    npm = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    return {canonical(name) for name in chain(python, npm["dependencies"], npm["devDependencies"])}


def imported(path: Path) -> Iterator[str]:
    """The packages of others that a module imports, by the first part of their names."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def documented() -> list[list[str]]:
    """The rows of the tables of dependencies: name, licence, reason."""
    text = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \|$", text, re.MULTILINE)
    return [[canonical(name), licence.strip(), why.strip()] for name, licence, why in rows]


def licence(name: str) -> str:
    """The licence in the metadata of an installed package, as an SPDX expression."""
    about = metadata(name).json
    field = str(about.get("license_expression") or about.get("license") or "").partition("\n")[0]
    if "license_expression" in about or is_free(SPDX.get(field, field)):
        return SPDX.get(field, field)
    classifiers = [c.rpartition(" :: ")[2] for c in about.get("classifier", []) if c.startswith("License ::")]
    joiner = " OR " if canonical(name) in CHOICE else " AND "
    return joiner.join(SPDX.get(c, c) for c in classifiers if c != "Dual License") or "unknown"


def is_free(expression: str) -> bool:
    return any(
        all(part.strip(" ()") in FREE for part in choice.split(" AND ")) for choice in expression.split(" OR ")
    )


def locked(lock: Path) -> list[str]:
    return re.findall(r"^([a-z0-9-]+)==", lock.read_text(encoding="utf-8"), re.MULTILINE)


def installed_licences() -> Iterator[tuple[str, str]]:
    for name in locked(ROOT / "requirements/test.txt"):
        try:
            yield name, licence(name)
        except PackageNotFoundError:  # locked for another platform
            continue


def test_imports_are_of_declared_dependencies() -> None:
    declared = {canonical(name) for name in project()["project"]["dependencies"]}
    providers = dict(packages_distributions()) | PROVIDED
    foreign = {
        (str(path.relative_to(ROOT)), name)
        for path in sources("services", "schemas")
        for name in imported(path)
        if name not in sys.stdlib_module_names | {"services", "schemas"}
    }
    undeclared = {
        (path, name)
        for path, name in foreign
        if not declared.intersection(canonical(provider) for provider in providers.get(name, []))
    }
    assert undeclared == set()


def test_every_dependency_has_one_line_of_reason() -> None:
    assert sorted(name for name, _, _ in documented()) == sorted(wanted())


def test_every_reason_says_something() -> None:
    assert [name for name, _, why in documented() if len(why.split()) < 4] == []


def test_documented_licences_are_those_of_the_packages() -> None:
    real = dict(installed_licences())
    told = {name: licence for name, licence, _ in documented() if name in real}
    assert told == {name: real[name] for name in told}


def test_licences_of_everything_installed_are_free() -> None:
    assert {name: named for name, named in installed_licences() if not is_free(named)} == {}


def test_licences_of_fonts_and_scripts_are_free() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    named = {path: SPDX.get(package["license"], package["license"]) for path, package in packages.items()}
    assert {path: expression for path, expression in named.items() if not is_free(expression)} == {}


def test_lock_files_hold_no_addresses() -> None:
    found = [
        f"{lock.relative_to(ROOT)}:{number}"
        for lock in LOCKS
        for number, line in enumerate(lock.read_text(encoding="utf-8").splitlines(), 1)
        if "://" in line or '"resolved"' in line
    ]
    assert found == []


def test_locks_hold_a_hash_for_every_package() -> None:
    bare = [
        f"{lock.name}: {block.splitlines()[0]}"
        for lock in LOCKS[:-1]
        for block in re.split(r"^(?=[a-z])", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)
        if block and "--hash=sha256:" not in block
    ]
    assert bare == []


def test_tests_run_on_the_versions_that_users_get() -> None:
    def pins(name: str) -> set[str]:
        lock = (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8")
        return set(re.findall(r"^[a-z0-9-]+==[^ ]+", lock, re.MULTILINE))

    assert pins("run") - pins("test") == set()


# ---- places


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    # /home/needs and /home/changes are parts of the start page
    personal = re.compile(r"(?<![\w.:/$}~-])/(?:work|root|home|Users)/(?!needs|changes)\w")
    found = [
        f"{path}:{number}"
        for path, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if personal.search(line)
    ]
    assert found == []
