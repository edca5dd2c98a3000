"""Reading which page of a list is wanted."""

from parlance.kernel.pages import PageAsked, page_asked


def asked(page: int | None, size: int | None, default_size: int) -> PageAsked:
    """The page asked for; the first, and as many rows as the call usually gives, unless said otherwise."""
    return page_asked(1 if page is None else page, default_size if size is None else size)
