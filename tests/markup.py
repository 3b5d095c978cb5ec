"""What a page's HTML says."""

import re


def text(html: str) -> str:
    """HTML without its tags."""
    return re.sub("<[^>]*>", "", html)
