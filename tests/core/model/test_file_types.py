import pytest

from parlance.core.model.file_types import (
    TYPES,
    Family,
    FileTypes,
    Sniffed,
    file_key,
    file_types,
    is_file_key,
    shown_in_browser,
)

RUN_BY_BROWSERS = ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/xml"]
RUN_BY_BROWSERS += ["text/javascript", "application/javascript", "application/pdf", "text/css", "", "nonsense"]


def test_every_extension_promises_one_type() -> None:
    """No extension stands in the table twice, and each is fit for a key."""
    extensions = [extension for known in TYPES for extension in known.extensions]
    assert len(set(extensions)) == len(extensions)
    assert all(is_file_key(file_key("0" * 32, extension)) for extension in extensions)


def test_the_default_takes_the_whole_table() -> None:
    """Images, audio, video, documents, text and archives: unless somebody says less."""
    types = FileTypes()
    assert set(Family) == {known.family for known in TYPES}
    assert all(types.named(known.extensions[-1]) is known for known in TYPES)


@pytest.mark.parametrize("extension", ["html", "htm", "svg", "xml", "xhtml", "js", "exe", "apk", "docm", "", "JPG"])
def test_what_can_run_is_in_no_list(extension: str) -> None:
    """Pages, scripts and programs promise nothing here; extensions come in lowercase."""
    assert FileTypes().named(extension) is None


def test_the_configuration_names_families_and_extensions() -> None:
    """Words of either kind, in any case, with or without the dot."""
    types = file_types(["Image", " .pdf ", "docx"])
    named = [extension for extension in ("png", "jpeg", "pdf", "docx", "doc", "mp3") if types.named(extension)]
    assert ["png", "jpeg", "pdf", "docx"] == named


def test_a_word_that_names_nothing_is_a_mistake() -> None:
    """Whoever configures html is told that it cannot be had."""
    with pytest.raises(ValueError, match="'html' is neither a family of files"):
        file_types(["image", "html"])


def test_a_file_without_a_name_is_found_by_shape() -> None:
    """The first type in the table that has the shape and is taken."""
    found = FileTypes().found(Sniffed(frozenset({"zip", "docx"})))
    assert found is not None
    assert ("docx",) == found.extensions
    only = file_types(["archive"]).found(Sniffed(frozenset({"zip", "docx"})))
    assert only is not None
    assert ("zip",) == only.extensions
    assert FileTypes().found(Sniffed(frozenset())) is None


@pytest.mark.parametrize("content_type", ["image/png", "video/mp4", "audio/amr", "text/plain; charset=gb18030"])
def test_pictures_sound_film_and_text_are_shown(content_type: str) -> None:
    """What browsers show by themselves and cannot run."""
    assert shown_in_browser(content_type)


@pytest.mark.parametrize("content_type", RUN_BY_BROWSERS)
def test_what_a_browser_could_run_is_a_download(content_type: str) -> None:
    """And so is everything that is not known to be harmless."""
    assert not shown_in_browser(content_type)
