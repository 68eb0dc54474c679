"""How values are written for people: times in the reader's zone, durations, shares, names.

The zone comes from the cookie `tz` that static/js/theme.js sets; without it, times are in UTC and
the script of the page corrects them. Imports the plain ground, ages, kinds and its own floor.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from flask import Flask, has_request_context, request

from chat.cache.ages import age_in_words
from chat.conversations.ratings import REASONS
from chat.knowledge.kinds import label_of
from chat.values import iso, utc_now
from chat.web.assets import register_assets
from chat.web.findings import injection_notes, passage_kinds
from chat.web.markdown import render_answer, render_question
from chat.web.policies import personal_words, warned_of
from chat.web.site import site
from chat.web.stages import detour, stage_symbol, stage_words, thought_ms
from chat.web.why import place, quote, signals


class _Dated(Protocol):
    @property
    def active_at(self) -> datetime: ...


Dated = TypeVar("Dated", bound=_Dated)


def register_formats(app: Flask) -> None:
    """Give templates the filters of this file, `asset`, `site_name` and the Markdown filters."""
    register_assets(app)
    filters = (
        moment,
        age,
        clock,
        day,
        when,
        duration,
        percent,
        level,
        signals,
        injection_notes,
        passage_kinds,
        reasons,
        reason_words,
        lower_first,
        quote,
        place,
        hue,
        initial,
        words,
        label_of,
        size,
        detour,
        stage_symbol,
        stage_words,
        thought_ms,
        day_groups,
    )
    app.jinja_env.filters.update({f.__name__: f for f in filters})
    app.jinja_env.filters.update(personal_words=personal_words, warned_of=warned_of)
    app.jinja_env.filters.update(iso=iso, question=render_question, answer=render_answer)
    app.context_processor(
        lambda: {
            "site_name": site().settings.site_name,
            "confidence_levels": site().settings.confidence_levels,
        }
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def zone() -> tzinfo:
    """The time zone of the one who reads; UTC where it is not known."""
    name = request.cookies.get("tz", "") if has_request_context() else ""
    if not re.fullmatch(r"[A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*", name) or len(name) > 64:
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


def moment(text: str) -> datetime:
    """The time that metadata holds as text."""
    return datetime.fromisoformat(text)


def age(moment: datetime) -> str:
    """How long ago: `12 minutes`."""
    return age_in_words((utc_now() - moment).total_seconds())


def clock(moment: datetime) -> str:
    """The time of day: `09:18`."""
    return moment.astimezone(zone()).strftime("%H:%M")


def day(moment: datetime) -> str:
    """The date as people say it: `Today`, `Yesterday`, `12 May`, `12 May 2024`."""
    here, now = moment.astimezone(zone()), utc_now().astimezone(zone())
    age = (now.date() - here.date()).days
    if age in (0, 1):
        return ("Today", "Yesterday")[age]
    return f"{here.day} {here:%B}" + ("" if here.year == now.year else f" {here.year}")


def when(moment: datetime) -> str:
    """Day and time: `Yesterday, 09:18`."""
    return f"{day(moment)}, {clock(moment)}"


def day_groups(items: Iterable[Dated]) -> list[tuple[str, list[Dated]]]:
    """Today, Yesterday, Previous 7 days, then months; the order of the items is kept."""
    groups: list[tuple[str, list[Dated]]] = []
    for item in items:
        label = _group(item.active_at)
        if not groups or groups[-1][0] != label:
            groups.append((label, []))
        groups[-1][1].append(item)
    return groups


def _group(moment: datetime) -> str:
    here, now = moment.astimezone(zone()), utc_now().astimezone(zone())
    age = (now.date() - here.date()).days
    if age <= 0:
        return "Today"
    if age <= 7:
        return "Yesterday" if age == 1 else "Previous 7 days"
    return f"{here:%B}" + ("" if here.year == now.year else f" {here.year}")


def duration(milliseconds: float) -> str:
    """`4 ms`, `3.2 s`, `1 min 4 s`."""
    if round(milliseconds) < 1000:
        return f"{round(milliseconds)} ms"
    if milliseconds < 59_950:
        return f"{milliseconds / 1000:.1f} s"
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    return f"{minutes} min {seconds} s"


def percent(share: float) -> int:
    """A share from 0 to 1 as whole percent."""
    return round(share * 100)


def level(share: float) -> str:
    """`high`, `medium` or `low`: colour and word of a confidence, by the settings."""
    return level_of(percent(share), site().settings.confidence_levels)


def level_of(shown: int, levels: tuple[int, int]) -> str:
    """The word for a confidence in percent; `levels` is from where it is high, and medium."""
    high, medium = levels
    return "high" if shown >= high else "medium" if shown >= medium else "low"


def reasons(is_good: bool) -> Mapping[str, str]:
    """The menu of reasons for a thumb up or down: key to words."""
    return REASONS[is_good]


def reason_words(reason: str, is_good: bool) -> str:
    """A reason of that menu in words; empty for one that it does not have."""
    return REASONS[is_good].get(reason, "")


def lower_first(text: str) -> str:
    """A sentence as it stands within another one."""
    return text[:1].lower() + text[1:]


def hue(identity: str | None) -> int:
    """The colour of a person, 1 to 6, the same everywhere."""
    return sum((identity or "").encode()) % 6 + 1


def initial(name: str) -> str:
    """The letter on an avatar."""
    return (name.strip()[:1] or "?").upper()


def size(count: int) -> str:
    """A number of bytes: `812 bytes`, `18 KB`, `1.2 MB`, `3.4 GB`."""
    if count < 1024:
        return f"{count} bytes"
    if count < 1024 * 1024:
        return f"{round(count / 1024)} KB"
    large, unit = (count / 1024**2, "MB") if count < 1024**3 else (count / 1024**3, "GB")
    return f"{large:.1f}".removesuffix(".0") + f" {unit}" if large < 10 else f"{large:.0f} {unit}"


def words(text: str) -> int:
    """How many words a text has."""
    return len(text.split())
