"""Whatever is in the trail can be read on its page."""

from chat.audit import Action
from chat.web.trail_words import KINDS, SAID


def test_every_action_has_words_and_a_kind_to_choose() -> None:
    assert [action for action in Action if action not in SAID] == []
    assert {action.partition(".")[0] for action in Action} == set(KINDS)
