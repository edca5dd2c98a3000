"""How Sphinx makes the site; `build.py` calls it once for each language."""

import os
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from pages import CHINESE, ENGLISH, pages  # noqa: E402 - beside this file

language_of_site = os.environ.get("PARLANCE_DOCS_LANGUAGE", ENGLISH)
chinese = language_of_site == CHINESE

project = "Parlance"
author = copyright = "the Parlance authors"  # noqa: A001 - Sphinx's name
language = "zh_CN" if chinese else "en"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
templates_path = [str(HERE / "_templates")]
myst_heading_anchors = 4
myst_links_external_new_tab = False
myst_url_schemes = {"http": None, "https": None, "mailto": None, "site": "{{path}}", "place": "{{path}}#{{fragment}}"}
highlight_language = "none"
suppress_warnings = ["misc.highlighting_failure"]  # documents write … where something is left out

html_theme = "furo"
html_title = "Parlance"
html_static_path = [str(HERE / "_static")]
html_css_files = ["site.css"]
html_extra_path = [] if chinese else [os.environ["PARLANCE_DOCS_EXTRA"]]
html_favicon = str(HERE / "_static/favicon.svg")
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "sidebar/language.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/scroll-end.html",
    ]
}

_names = {lang: {page.name for page in pages().values() if page.language == lang} for lang in (ENGLISH, CHINESE)}


def _add_switch(app: Any, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Say where the same page is in the other language, or at least that language's first."""
    other = ENGLISH if chinese else CHINESE
    name = pagename if pagename in _names[other] else "index"
    up = "../" * pagename.count("/")
    context["other_language"] = f"{up}../{name}.html" if chinese else f"{up}{CHINESE}/{name}.html"
    context["other_language_code"] = other
    context["other_language_name"] = "English" if chinese else "简体中文"
    context["this_language_name"] = "简体中文" if chinese else "English"


def setup(app: Any) -> None:
    """Called by Sphinx."""
    app.connect("html-page-context", _add_switch)
