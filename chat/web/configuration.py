"""Flask's own configuration, from the settings. May import every floor below web."""

from collections.abc import Mapping
from typing import Any

from chat.config import Settings
from chat.database import engine_options


def flask_config(settings: Settings) -> Mapping[str, Any]:
    """Every default of Flask and its extensions that is wrong here is set."""
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database_url),
        "MAX_CONTENT_LENGTH": settings.max_upload_bytes + 64 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "SESSION_COOKIE_NAME": "parley",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "PERMANENT_SESSION_LIFETIME": settings.session_days * 86_400,
        "WTF_CSRF_TIME_LIMIT": None,  # a chat tab lives longer than an hour
        "WTF_CSRF_CHECK_DEFAULT": False,  # chat/web/access.py asks for it where a cookie signs in
        "WTF_CSRF_HEADERS": ["X-CSRF-Token"],
    }
