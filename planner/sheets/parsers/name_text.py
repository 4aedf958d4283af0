"""Turns the cell of a name into plain text, without entities, tags, pictures and links."""

from __future__ import annotations

import html
import re
import unicodedata

ADDRESS = re.compile(r"<?(?:mailto:)?([\w.+'-]+@[\w-]+(?:\.[\w-]+)+)>?", re.IGNORECASE)
_LINK = re.compile(
    r"\S*(?:://|www\.|\.(?:com|org|edu|net|gov)\b)\S*"
    r"|(?<!\S)(?!(?:dr|prof|mrs?|ms|st)\.)[a-z0-9-]{2,}(?-i:\.[a-z]{2,})+(?:/\S*)?(?!\S)",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[a-z][a-z0-9]*\s*/?>", re.IGNORECASE)
_ASSOCIATE = re.compile(r"\bA/Prof\b\.?", re.IGNORECASE)
TEMPLATE = re.compile(r"[{}«»%$\\]|<<|>>|\[[^\]]*name[^\]]*\]", re.IGNORECASE)
_PICTURES = frozenset({"So", "Cf", "Cs", "Cn", "Mn"})
# "M. D." and "Ph. D.", which become one word.
_SPREAD = re.compile(r"\b(?:M\. D|D\. O|Ph\. ?D|M\. P\. H|M\. B\. A)\b\.?", re.IGNORECASE)


def plain_text(text: str) -> str:
    """Decode entities, remove tags and pictures, and join degrees such as "M. D."."""
    text = unicodedata.normalize("NFC", html.unescape(text) if "&" in text else text)
    text = _ASSOCIATE.sub("Prof.", _TAG.sub(" ", text))
    seen = (c for c in text if c in "\n\ufffd" or not _is_picture(c) or _joins(c))
    plain = _SPREAD.sub(lambda m: m[0].replace(" ", ""), "".join(seen))
    plain = re.sub(
        r"\b[a-z](?:/[a-z])+\b", lambda m: m[0].replace("/", ""), plain, flags=re.IGNORECASE
    )
    quoted = re.fullmatch(r"\s*['‘’`](.*[^\W\d_])['‘’`]\s*", plain, re.DOTALL)
    return (quoted[1] if quoted else plain).strip()


def _is_picture(mark: str) -> bool:
    """Whether a character is a picture, or styles one, such as a skin tone."""
    return unicodedata.category(mark) in _PICTURES or mark >= "\U0001f000"


def _joins(mark: str) -> bool:
    """Whether a mark is part of a letter: an accent, and not the style of a picture."""
    return "\u0300" <= mark <= "\u036f"


def without_links(text: str) -> str:
    """Remove addresses and links; a closing bracket then separates like a dash."""
    without = ADDRESS.sub(" ", text)
    return _LINK.sub(" ", without).replace("<", " ").replace(">", " > ")
