from pathlib import Path

import pytest

from allup.lists.source import FileSource, SourceError, StandardInput, UrlSource, resolve_source


def test_a_dash_is_standard_input() -> None:
    assert resolve_source("-") == StandardInput()


@pytest.mark.parametrize(
    "text", ["https://h.example", "ftp://bad", "h.example/x", "localhost:80", "h.example/?u=http://x"]
)
def test_a_url_is_a_url(text: str) -> None:
    assert resolve_source(text) == UrlSource(text=text)


def test_an_existing_file_is_a_list_whatever_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("h.example").touch()
    assert resolve_source("h.example") == FileSource(path="h.example")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("missing.txt", "missing.txt: no such file"),
        ("lists/missing.XML.GZ", "lists/missing.XML.GZ: no such file"),
        ("foo", "'foo': no such file, and no URL"),
        ("", "'': no such file, and no URL"),
        ("a\0b", "no such file, and no URL"),
        ("a" * 5000, "no such file, and no URL"),
        ("user:s3cr3t@h", "'user@h': no such file, and no URL"),
        ("caf\udce9.txt", "caf\\udce9.txt: no such file"),
    ],
)
def test_anything_else_is_an_error_that_names_it(text: str, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        resolve_source(text)
    assert message in str(caught.value)


def test_a_list_in_a_locked_folder_is_still_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(_path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    # Whoever is root may look everywhere.
    monkeypatch.setattr(Path, "stat", locked)
    assert resolve_source("locked/urls.txt") == FileSource(path="locked/urls.txt")


def test_a_directory_is_no_list(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is a directory"):
        resolve_source(str(tmp_path))
