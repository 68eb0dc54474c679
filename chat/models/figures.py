"""What happened, minute by minute, for the overview of the admins. Imports the plain ground."""

from sqlalchemy import BigInteger, Column, Float, Index, Integer, String, Table, Text

from chat.extensions import Base
from chat.metrics.minutes import NUMBERS

FIGURES = Table(
    "figures",
    Base.metadata,
    Column("minute", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("process_id", String(32), primary_key=True),
    Column("provider", String(64), primary_key=True),
    Column("span", Integer, nullable=False),
    *(Column(name, Float, nullable=False, default=0.0) for name in NUMBERS),
    Column("first_ms", Text, nullable=False, default=""),
    Index("ix_figures_span_minute", "span", "minute"),
)
"""One row a process, provider and minute: `minute` counts since 1970, `provider` "" is the process.

Older rows are joined: `span` minutes of all processes, whose `process_id` is empty. `first_ms` is a
sketch of the times to the first text. The primary key begins with the minute: a period is read by
it.
"""
