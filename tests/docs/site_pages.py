"""The pages of the site, as `docs/site/pages.py` lists them."""

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / file for file in runpy.run_path(str(ROOT / "docs/site/pages.py"))["pages"]()]
"""Every file that is a page, in either language."""
