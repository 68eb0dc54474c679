"""Which policy counts for what leaves, and what is done by it."""

import pytest

from chat.answering.privacy import Privacy
from chat.errors import PersonalData, ProviderError
from chat.spaces import Brief
from chat.values import AnswerRequest, DataPolicy, Depth, Passage, Retrieval, Turn

OFF, WARN, REDACT, REFUSE = DataPolicy
PASSAGE = Passage("p", "d", "Letters of anna@example.org", "", 0, "She has 10.2.3.4.", 1.0)


class Outside:
    def __init__(self, personal_data: DataPolicy | None = None, name: str = "far") -> None:
        self.name, self.personal_data = name, personal_data


def request(question: str = "Who is she?") -> AnswerRequest:
    retrieval = Retrieval("question", {}, (PASSAGE,), ())
    history = (Turn("user", "Call +49 171 3920046"),)
    return AnswerRequest(question, history, retrieval, Depth.QUICK, instructions="Be kind.")


@pytest.mark.parametrize(
    ("default", "own", "brief", "counts"),
    [
        (OFF, None, Brief(), OFF),
        (WARN, None, Brief(), WARN),
        (REDACT, OFF, Brief(), OFF),
        (OFF, REFUSE, Brief(personal_data=WARN), REFUSE),
        (OFF, None, Brief(personal_data=REDACT), REDACT),
        (OFF, None, Brief(documents=WARN), WARN),
        (OFF, OFF, Brief(documents=REFUSE), REDACT),
    ],
)
def test_the_strictest_counts(
    default: DataPolicy, own: DataPolicy | None, brief: Brief, counts: DataPolicy
) -> None:
    assert Privacy(default=default).policy(Outside(own), brief) is counts


def test_what_is_sent_nowhere_has_no_policy() -> None:
    brief = Brief(personal_data=REFUSE)
    assert Privacy(default=REFUSE).policy(Outside(REFUSE, "library"), brief) is OFF


def test_a_warning_counts_and_changes_nothing() -> None:
    asked = request()
    guarded, findings = Privacy().guard(asked, Outside(WARN), Brief(), "c")
    assert guarded is asked
    assert findings == [
        {"guard": "personal", "kind": kind, "count": 1, "action": "warn"}
        for kind in ("email", "ip", "phone")
    ]


def test_what_is_redacted_is_sent_without_its_items() -> None:
    guarded, findings = Privacy("secret").guard(request(), Outside(REDACT), Brief(), "c")
    assert guarded.veil is not None
    sent = guarded.veil.request
    texts = (
        sent.history[0].content,
        *(getattr(sent.retrieval.passages[0], n) for n in ("title", "text")),
    )
    assert not any(item in str(texts) for item in ("anna@", "10.2.3.4", "3920046"))
    assert sent.instructions.startswith("Be kind.\n\nSome details are replaced")
    assert guarded.retrieval.passages == (PASSAGE,)
    restoring = guarded.veil.restoring()
    shown = [restoring.feed(text) + restoring.end() for text in texts]
    assert shown == ["Call +49 171 3920046", PASSAGE.title, PASSAGE.text]
    assert {one["action"] for one in findings} == {"redact"}


def test_what_holds_nothing_is_sent_as_it_is() -> None:
    plain = AnswerRequest("Why?", (), Retrieval("question", {}, (), ()), Depth.QUICK)
    assert Privacy().guard(plain, Outside(REDACT), Brief(), "c") == (plain, [])


def test_a_refused_question_is_told_by_its_kinds_alone() -> None:
    privacy = Privacy(default=REFUSE)
    with pytest.raises(PersonalData) as told:
        privacy.check_question("It is anna@example.org", Outside(), Brief())
    assert "1 e-mail address" in told.value.detail
    assert "anna" not in told.value.detail
    privacy.check_question("It is nobody", Outside(), Brief())
    privacy.check_question("It is anna@example.org", Outside(WARN), Brief())


def test_who_takes_no_such_question_is_passed_over_and_the_rest_is_redacted() -> None:
    privacy = Privacy(default=REFUSE)
    with pytest.raises(ProviderError) as told:
        privacy.guard(request("It is anna@example.org"), Outside(), Brief(), "c")
    assert (told.value.code, told.value.again) == ("provider_refused", False)
    guarded, _ = privacy.guard(request(), Outside(), Brief(), "c")
    assert guarded.veil is not None


def test_what_is_embedded_has_only_kinds() -> None:
    privacy = Privacy()
    assert privacy.without_items(PASSAGE.text, Outside(REDACT), Brief()) == "She has [IP]."
    assert privacy.without_items(PASSAGE.text, Outside(WARN), Brief()) == PASSAGE.text
