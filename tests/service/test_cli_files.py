"""Files that commands write: whole, in their folder whatever their names say; and what terminals are spared."""

from pathlib import Path

import pytest

from services.cli.files import Folder, safe_name
from services.cli.refusals import FileTrouble
from services.cli.voice import Voice, choose_language


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Giấy mời ông Đỗ.ics", "Giấy mời ông Đỗ.ics"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/", "file"),
        ("..", "file"),
        ("", "file"),
        (".bashrc", "bashrc"),
        ("a\x00b\u202e\nfdp.exe ", "ab fdp.exe"),
        ('le: "ra mat"?*.pdf', "le_ _ra mat___.pdf"),
        ("Nguyê\u0303n.pdf", "Nguyễn.pdf"),
    ],
)
def test_name_of_a_file_is_a_name_and_no_path(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_long_name_keeps_its_ending_and_fits_a_file_system() -> None:
    made = safe_name("Lễ" * 400 + ".pdf")
    assert (made.startswith("LễLễ"), made.endswith(("ễ.pdf", "L.pdf"))) == (True, True)
    assert 190 <= len(made.encode()) <= 200


def test_files_of_one_name_are_both_written(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "out")
    written = [
        folder.write(name, data, below="in") for name, data in (("a.ics", b"1"), ("A.ics", b"2"), ("a.ics", b"3"))
    ]
    assert [one.path.relative_to(tmp_path) for one in written] == [
        Path("out/in/a.ics"),
        Path("out/in/A (2).ics"),
        Path("out/in/a (3).ics"),
    ]
    assert [one.path.read_bytes() for one in written] == [b"1", b"2", b"3"]


def test_file_that_is_there_already_is_left_alone(tmp_path: Path) -> None:
    first = Folder(tmp_path).write("a.pdf", b"same")
    inode = first.path.stat().st_ino
    again, other = Folder(tmp_path).write("a.pdf", b"same"), Folder(tmp_path).write("b.pdf", b"x")
    assert (first.fresh, again.fresh, other.fresh, first.path.stat().st_ino) == (True, False, True, inode)
    changed = Folder(tmp_path).write("a.pdf", b"diff")
    assert (changed.fresh, first.path.read_bytes(), sorted(path.name for path in tmp_path.iterdir())) == (
        True,
        b"diff",
        ["a.pdf", "b.pdf"],
    )


def test_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").mkdir()
    with pytest.raises(FileTrouble, match=r"a\.pdf: Is a directory"):
        Folder(tmp_path).write("a.pdf", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["a.pdf"]


def test_link_in_the_folder_is_replaced_and_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.pdf").symlink_to(victim)
    Folder(tmp_path / "out").write("a.pdf", b"new")
    assert (victim.read_bytes(), (tmp_path / "out" / "a.pdf").read_bytes()) == (b"mine", b"new")


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        (["list"], {}, "en"),
        (["list"], {"LANG": "vi_VN.UTF-8"}, "vi"),
        (["list"], {"LANG": "vi_VN.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        (["list"], {"LANG": "vi_VN.UTF-8", "KHAIMAC_LANG": "en"}, "en"),
        (["list", "--lang", "vi"], {"KHAIMAC_LANG": "en"}, "vi"),
        (["--lang=vi", "list"], {}, "vi"),
        (["list", "--lang"], {}, "en"),
        (["list"], {"LANG": "fr_FR.UTF-8"}, "en"),
        (["list"], {"LANG": "", "LC_MESSAGES": "vi"}, "vi"),
    ],
)
def test_language_is_that_of_option_then_variable_then_locale(
    arguments: list[str], environment: dict[str, str], language: str
) -> None:
    assert choose_language(arguments, environment) == language


def test_sentence_holds_nothing_that_a_terminal_would_obey() -> None:
    told = Voice("en").say("{title} is released: release {release}.", title="\x1b[31mLễ\u202e [bold]x[/]", release=1)
    assert told == "[31mLễ [bold]x[/] is released: release 1."
