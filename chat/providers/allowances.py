"""How many tokens a model may write and think, by the depth of the question and its window.

May import the plain ground.
"""

from dataclasses import dataclass

from chat.values import Depth

_BY_DEPTH = {  # the answer, the thinking asked for, the thoughts of a model that thinks unasked
    Depth.QUICK: (600, 0, 2_000, "low"),
    Depth.BALANCED: (1_500, 0, 4_000, "low"),
    Depth.DEEP: (4_000, 4_000, 8_000, "medium"),
}
_LEAST_WINDOW = 16_000  # below it there is no room to think on request
_SHARE = 4  # the answer takes at most a fourth of the window, and so do unasked thoughts
_SPARE = 10  # a tenth stays free: the tokens of a prompt are only estimated


@dataclass(frozen=True, slots=True)
class Allowance:
    """Tokens for the `answer`, for `thinking` on request, and for thoughts that come `unasked`."""

    window: int
    answer: int
    thinking: int
    unasked: int
    effort: str

    def output(self, *, thinking: bool = False) -> int:
        """All that may come out of the model; `thinking` when it is asked to think."""
        return self.answer + max(self.thinking if thinking else 0, self.unasked)

    @property
    def prompt(self) -> int:
        """All that may go into it."""
        return self.window - self.window // _SPARE - self.output(thinking=True)


def allow(depth: Depth, window: int, *, thinks: bool) -> Allowance:
    """What a question of this depth may take; `thinks` says that thoughts come unasked."""
    answer, thinking, unasked, effort = _BY_DEPTH[depth]
    most = window // _SHARE
    return Allowance(
        window,
        min(answer, most),
        thinking if window >= _LEAST_WINDOW else 0,
        min(unasked, most) if thinks else 0,
        effort,
    )
