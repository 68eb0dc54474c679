"""The files of static/, under addresses that hold their version: `/assets/<version>/js/main.js`.

Keeps true: the version is made from the content of all files, so an address never changes its
content and a browser may keep it for ever; modules that import each other by relative paths change
together. The style sheets are joined into one answer, in the order of their layers: one request,
no build step. Imports nothing of Parley.
"""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, send_from_directory

STYLES = "parley.css"
_FOREVER = "public, max-age=31536000, immutable"


def register_assets(app: Flask) -> None:
    """Serve the versioned addresses, and give templates `asset(name)`."""
    app.add_url_rule("/assets/<version>/<path:name>", "asset", serve_asset)
    app.jinja_env.globals["asset"] = asset


def asset(name: str) -> str:
    """The address of a file of static/; `parley.css` is all style sheets in one."""
    return f"/assets/{current_version()}/{name}"


def serve_asset(version: str, name: str) -> Response:
    """A file of static/; kept for ever where the version is the current one."""
    folder = _folder()
    if name == STYLES:
        response = Response(joined_styles(folder), mimetype="text/css")
    else:
        response = send_from_directory(folder, name)
    current = version == current_version()
    response.headers["Cache-Control"] = _FOREVER if current else "no-cache"
    return response


def current_version() -> str:
    """The version of static/; read anew for every page while debugging."""
    if current_app.debug:
        _version.cache_clear()
    return _version(_folder())


def joined_styles(folder: Path) -> str:
    """All style sheets: tokens, base, layout, the components, utilities, print."""
    css = folder / "css"
    ends = [css / f"{name}.css" for name in ("utilities", "print")]
    starts = [css / f"{name}.css" for name in ("tokens", "base", "layout")]
    files = [*starts, *sorted(css.glob("components/*.css")), *ends]
    order = "@layer tokens, base, layout, components, utilities, print;\n"
    return order + "".join(file.read_text(encoding="utf-8") for file in files)


@lru_cache(maxsize=4)
def _version(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(str(file.relative_to(folder)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _folder() -> Path:
    return Path(current_app.root_path, "static")
