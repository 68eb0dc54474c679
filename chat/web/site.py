"""The parts of the running site, as views reach them: `site().database`, `site().runner`, ….

`create_app` fills it once; views never build parts of their own. May import every floor below.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app

from chat.answering.caching import AnswerCache
from chat.answering.embedding import Embedding
from chat.answering.runner import Runner
from chat.answering.sending import Sending
from chat.answering.taking_over import TakingOver
from chat.config import Settings
from chat.database import Database
from chat.eventlog.base import EventLog
from chat.eventlog.notices import Notices
from chat.eventlog.presence import Presence
from chat.figures.keeping import Keeping
from chat.knowledge.fetching import PageFetcher
from chat.knowledge.intake import Intake
from chat.metrics.files import Files
from chat.providers.registry import Registry
from chat.web.watch import Watch

if TYPE_CHECKING:  # redis-py is loaded only where there is a Redis
    from chat.eventlog.redis_client import RedisServer


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What a process serves with; one for an app."""

    settings: Settings
    database: Database
    log: EventLog
    redis: "RedisServer | None"
    runner: Runner
    cache: AnswerCache | None  # None where no answers are given again
    sending: Sending
    taking_over: TakingOver
    providers: Registry
    notices: Notices
    presence: Presence
    intake: Intake
    embedding: Embedding
    pages: PageFetcher | None  # None where no pages of the web are read
    watch: Watch
    figures: Files
    keeping: Keeping


def site() -> Site:
    """The site of the app that handles this request."""
    found: Site = current_app.extensions["parley"]
    return found
