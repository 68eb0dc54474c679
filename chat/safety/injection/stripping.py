"""Takes out of a web page what it does not show and what speaks to a model.

What a page only shows by a click is read as the rest of it, as long as it speaks to people. Imports
markup and signs.
"""

from chat.safety.injection.markup import find_hidden
from chat.safety.injection.signs import speaks


def without_hidden_orders(html: str) -> str:
    """The page without such elements."""
    if "<" not in html:
        return html
    kept, at = [], 0
    for one in find_hidden(html):
        if one.how == "style" and one.start >= at and speaks(one.says):
            kept.append(html[at : one.start])
            at = one.end
    return "".join((*kept, html[at:])) if kept else html
