"""Finished messages as safe HTML: CommonMark with tables, tasks and bare links, no raw HTML.

Keeps true: every character of a message is escaped or made by this file, links leave the site with
`rel` set and only over http, https or mailto, a picture is a link to it, and a marker `[n]` outside
code becomes a link only where that source exists. Static/js/lib/markdown.js shows the same for an
answer that still grows. Imports nothing of Parley but its own floor.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup, escape

from chat.web.assets import asset

_MARKER = re.compile(r"\[(\d{1,3})\]")
_LINKS = re.compile(r"(?:https?:|mailto:|#|/(?!/))", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z0-9_+#.-]{1,30}")
_BARE = re.compile(r"://[^\W_][^\s<>\[\]`]*")
_SCHEME = re.compile(r"https?$", re.IGNORECASE)
_CLOSING = "?!.,:;*_~'\")"
_TASK = re.compile(r"\[([ xX])\][ \t]+(?=\S)")
_COPY = (
    '<button class="btn btn--quiet needs-js" type="button" data-action="copy-code">'
    '<svg class="icon icon--s" aria-hidden="true"><use href="{icons}#i-copy"/></svg>Copy</button>'
)


def render_question(content: str) -> Markup:
    """What a person wrote, as HTML; single line breaks are kept."""
    return Markup(_questions.render(content, {}))


def render_document(content: str) -> Markup:
    """What a document holds, as HTML; the lines of a paragraph flow, as Markdown has it."""
    return Markup(_documents.render(content, {}))


def render_answer(
    content: str, sources: Sequence[Mapping[str, Any]] = (), message_id: str = ""
) -> Markup:
    """An answer as HTML; its markers lead to `#source-<message id>-<n>`."""
    titles = {int(source["n"]): str(source["title"]) for source in sources}
    return Markup(_answers.render(content, {"titles": titles, "message_id": message_id}))


class _Renderer(RendererHTML):
    """HTML in the page's own markup."""

    def fence(self, tokens: Sequence[Token], i: int, options: OptionsDict, env: Any) -> str:
        found = _LANGUAGE.match(tokens[i].info.strip())
        return code_figure(tokens[i].content, found[0] if found else "")

    def code_block(self, tokens: Sequence[Token], i: int, options: OptionsDict, env: Any) -> str:
        return code_figure(tokens[i].content, "")

    def table_open(self, *_: Any) -> str:
        return '<div class="md__table" tabindex="0" role="group" aria-label="Table"><table>\n'

    def table_close(self, *_: Any) -> str:
        return "</table></div>\n"

    def image(self, tokens: Sequence[Token], i: int, options: OptionsDict, env: Any) -> str:
        """A link to the picture: showing it would tell its server who reads."""
        source = str(tokens[i].attrs["src"])
        words = escape(self.renderInlineAsText(tokens[i].children, options, env) or source)
        if tokens[i].meta.get("in_link"):
            return str(words)
        away = "" if _is_inside(source) else ' rel="noopener noreferrer nofollow" target="_blank"'
        return f'<a href="{escape(source)}"{away}>{words}</a>'

    def cite(self, tokens: Sequence[Token], i: int, options: OptionsDict, env: Any) -> str:
        n, title = tokens[i].meta["n"], tokens[i].meta["title"]
        return (
            f'<a class="cite" href="#source-{escape(env["message_id"])}-{n}" data-source="{n}"'
            f' aria-label="Source {n}: {escape(title)}">[{n}]</a>'
        )


def code_figure(code: str, language: str) -> str:
    """A code block with its language and a button that copies it."""
    name = escape(language or "code")
    kind = f' class="language-{name}" data-language="{name}"' if language else ""
    copy = _COPY.format(icons=asset("icons.svg"))
    head = f'<figcaption class="code__head"><span>{name}</span>{copy}</figcaption>'
    text = f"<code{kind}>{escape(code)}</code>"
    return (
        f'<figure class="code">{head}'
        f'<pre tabindex="0" role="group" aria-label="{name}">{text}</pre></figure>\n'
    )


def _parser(*, breaks: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": breaks}, renderer_cls=_Renderer)
    parser.enable(["table", "strikethrough"]).disable(["html_block", "html_inline"])
    parser.inline.ruler.after("text", "bare_link", _bare_link)
    parser.validateLink = lambda url: _LINKS.match(url.strip()) is not None  # type: ignore[method-assign]
    parser.core.ruler.push("outward_links", _mark_links)
    parser.core.ruler.push("lower_headings", _lower_headings)
    parser.core.ruler.push("tick_tasks", _tick_tasks)
    parser.core.ruler.push("align_cells", _align_cells)
    return parser


def _mark_links(state: StateCore) -> None:
    for block in state.tokens:
        depth = 0
        for token in block.children or ():
            depth += token.nesting if token.type in {"link_open", "link_close"} else 0
            if token.type == "link_open" and not _is_inside(str(token.attrs["href"])):
                token.attrs |= {"rel": "noopener noreferrer nofollow", "target": "_blank"}
            if token.type == "image":
                token.meta = {"in_link": depth > 0}


def _is_inside(address: str) -> bool:
    return address.startswith(("#", "/"))


def _lower_headings(state: StateCore) -> None:
    """The page has its h1 and each message its h2: headings of a message begin at h3."""
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"


def _tick_tasks(state: StateCore) -> None:
    """`[ ]` at the start of an item becomes a sign: nothing in a message can be ticked."""
    for item, paragraph, inline in zip(
        state.tokens, state.tokens[1:], state.tokens[2:], strict=False
    ):
        is_first = item.type == "list_item_open" and paragraph.type == "paragraph_open"
        first = inline.children[0] if is_first and inline.children else None
        task = _TASK.match(first.content) if first and first.type == "text" else None
        if first and task:
            first.content = ("☐ " if task[1] == " " else "☑ ") + first.content[task.end() :]


def _align_cells(state: StateCore) -> None:
    """The policy of the site allows no `style`."""
    for token in state.tokens:
        if token.type in {"th_open", "td_open"} and "style" in token.attrs:
            token.attrs = {"align": str(token.attrs["style"]).removeprefix("text-align:")}


def _bare_link(state: StateInline, silent: bool) -> bool:
    """An address that stands in the text, without what closes the sentence around it."""
    scheme = _SCHEME.search(state.pending) if state.src[state.pos] == ":" else None
    found = _BARE.match(state.src, state.pos) if scheme else None
    if silent or state.linkLevel or not scheme or not found:
        return False
    address = _trimmed(scheme[0] + found[0])
    href = state.md.normalizeLink(address)
    state.pending = state.pending[: scheme.start()]
    state.push("link_open", "a", 1).attrs = {"href": href}
    state.push("text", "", 0).content = address
    state.push("link_close", "a", -1)
    state.pos += len(address) - len(scheme[0])
    return True


def _trimmed(address: str) -> str:
    unmatched = address.count(")") - address.count("(")
    end = len(address)
    while address[end - 1] in _CLOSING:
        if address[end - 1] == ")":
            if unmatched <= 0:
                break
            unmatched -= 1
        end -= 1
    return address[:end]


def _marker(state: StateInline, silent: bool) -> bool:
    """`[n]` of an existing source, before links are looked for: no link can take its place."""
    found = _MARKER.match(state.src, state.pos)
    titles: Mapping[int, str] = state.env.get("titles", {})
    if not found or state.linkLevel or int(found[1]) not in titles:
        return False
    if not silent:
        token = state.push("cite", "", 0)
        token.meta = {"n": int(found[1]), "title": titles[int(found[1])]}
    state.pos = found.end()
    return True


_questions = _parser(breaks=True)
_documents = _parser(breaks=False)
_answers = _parser(breaks=False)
_answers.inline.ruler.before("link", "cite", _marker)
