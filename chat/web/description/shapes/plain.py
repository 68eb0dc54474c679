"""What the shapes of all answers are made of: ids, times, people, problems. Imports msgspec."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

Id = Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
Time = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
Count = Annotated[int, Meta(ge=0)]
Share = Annotated[float, Meta(ge=0, le=1)]


class Problem(Struct):
    """What went wrong (RFC 9457); `code` is for programs, `detail` is a sentence for people."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    retry_after: Annotated[int, Meta(ge=0, description="seconds")] | UnsetType = UNSET


class Person(Struct):
    """Somebody who is named."""

    id: Id
    name: str
