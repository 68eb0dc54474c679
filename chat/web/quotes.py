"""A passage of a document as HTML, with the sentence that an answer cites marked in it.

Keeps true: the mark never changes how the text is read: it is put in before Markdown is rendered,
as two characters that no text uses, and becomes <mark> around each run of letters between them.
Imports kinds and its own floor.
"""

import re

from markupsafe import Markup, escape

from chat.knowledge.kinds import form_of
from chat.web.markdown import render_document

_START, _END = "\ue0f0", "\ue0f1"  # of the private use area: no document means anything by them
_LINE_START = re.compile(r"\s*(?:(?:[-*+>]|\d{1,9}[.)]) +)*")
_MARKED = re.compile(f"{_START}([^{_END}]*){_END}", re.DOTALL)
_PIECE = re.compile(r"(<[^>]*>)|([^<]+)")
_LONGEST = 2000


def render_passage(text: str, kind: str, quote: str = "", *, named: bool = False) -> Markup:
    """The passage as HTML, with `quote` marked in it, however its words are spaced.

    Of the passage that is `named`, the mark is where the fragment `#quote` leads, or its beginning
    when nothing is marked.
    """
    plain = _mark(text.translate({ord(_START): None, ord(_END): None}), quote)
    form = form_of(kind)
    if form == "markdown":
        html = str(render_document(plain))
    elif form == "code":
        html = f"<pre><code>{escape(plain)}</code></pre>"
    else:
        html = f'<p class="passage__plain">{escape(plain)}</p>'
    html = _MARKED.sub(_with_marks, html).replace(_START, "").replace(_END, "")
    return Markup(_with_target(html) if named else html)


def _with_target(html: str) -> str:
    marked = html.replace("<mark>", '<mark id="quote">', 1)
    return marked if marked != html else f'<span id="quote"></span>{html}'


def _mark(text: str, quote: str) -> str:
    words = quote[:_LONGEST].split()
    found = re.search(r"\s+".join(map(re.escape, words)), text) if words else None
    if found is None:
        return text
    begin = _LINE_START.match(text, found.start(), found.end())
    start = begin.end() if begin else found.start()
    return f"{text[:start]}{_START}{text[start : found.end()]}{_END}{text[found.end() :]}"


def _with_marks(marked: re.Match[str]) -> str:
    return _PIECE.sub(
        lambda piece: f"<mark>{piece[2]}</mark>" if (piece[2] or "").strip() else piece[0],
        marked[1],
    )
