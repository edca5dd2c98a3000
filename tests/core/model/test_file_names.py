import pytest
from hypothesis import given
from hypothesis import strategies as st

from parlance.core.model.file_names import LONGEST_NAME, clean_name, extension_of


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("photo.jpg", "photo.jpg"),
        ("My photo (2).jpeg", "My photo (2).jpeg"),
        ("early.in.the.morning.png", "early.in.the.morning.png"),
        ("报告 最终版.docx", "报告 最终版.docx"),
        ("cafe\u0301.txt", "café.txt"),
        ("👩\u200d👩\u200d👧.png", "👩\u200d👩\u200d👧.png"),
        ("no extension", "no extension"),
        ("/etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("folder/", "file"),
        ("..", "file"),
        ("", "file"),
        (".htaccess", "file.htaccess"),
        ("  spaces  .txt ", "spaces.txt"),
        ("dots....", "dots"),
        ("a\u202etxt.exe", "atxt.exe"),
        ("tab\there\u2028.txt", "tabhere.txt"),
        ("a." + "b" * 40, "a." + "b" * 40),
        ("名" * 300 + ".pdf", "名" * 196 + ".pdf"),
    ],
)
def test_a_name_is_shown_without_its_tricks(name: str, shown: str) -> None:
    """Folders, control and reordering characters go; letters of every script stay."""
    assert shown == clean_name(name)


@given(st.text(max_size=400))
def test_no_name_has_a_way_out(name: str) -> None:
    """Whatever was sent, what is shown is short, has no folder in it, can be written, and stays as it is."""
    shown = clean_name(name)
    assert 0 < len(shown) <= LONGEST_NAME
    assert not set(shown) & set("/\\\0\r\n\u202e")
    assert shown not in {".", ".."}
    assert shown == shown.encode().decode()


@pytest.mark.parametrize(
    ("name", "extension"),
    [
        ("photo.JPG", "jpg"),
        ("archive.tar.gz", "gz"),
        ("photo.jpg...", "jpg"),
        ("none", ""),
        ("ends with a dot.", ""),
        (".gitignore", "gitignore"),
        ("a." + "b" * 40, ""),
    ],
)
def test_the_extension_is_what_follows_the_last_dot(name: str, extension: str) -> None:
    """In lowercase; dots at the very end count for nothing, as on the systems where they fool people."""
    assert extension == extension_of(name)
