"""In which language a text is, and how its words are taken apart."""

import pytest

from chat.knowledge.languages import indexed_stems, language_of, stop_words
from chat.knowledge.questions import terms_of
from chat.knowledge.words import stem
from chat.providers.library.kinds import kind_asked


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Who was in the war?", "en"),
        ("Die Fähre legt um sieben Uhr ab und kehrt am Abend zurück.", "de"),
        ("Wer genehmigt eine Dienstreise?", "de"),
        ("¿Cuánto dura?", "es"),
        ("El faro se levanta sobre una roca frente a la costa.", "es"),
        ("Le phare se dresse sur un rocher devant la côte.", "fr"),
        ("Il faro si trova su uno scoglio davanti alla costa.", "it"),
        ("De vuurtoren staat op een rots voor de kust.", "nl"),
        ("O farol fica numa rocha em frente à costa e não abre.", "pt"),
        ("die casting", "en"),
        ("", "en"),
        ("42 17 x86 GmbH", "en"),
    ],
)
def test_a_text_is_in_the_language_of_its_function_words(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("de", "uberfahrt", "uberfahrten"),
        ("de", "kundigung", "kundigungen"),
        ("es", "operacion", "operaciones"),
        ("es", "bicicleta", "bicicletas"),
        ("en", "ferry", "ferries"),
    ],
)
def test_two_forms_of_a_word_have_one_stem(language: str, one: str, other: str) -> None:
    assert stem(one, language) == stem(other, language)


def test_words_without_meaning_are_those_of_the_language() -> None:
    assert terms_of("Wer hat die Fähre gebaut?", language="de") == ("fahre", "gebaut")
    assert "die" not in stop_words("en")


def test_only_other_languages_than_english_have_stems_in_the_index() -> None:
    assert indexed_stems("Two ferries", "en") == ""
    assert indexed_stems("Zwei Überfahrten", "de") == "zwei uberfahrt"


@pytest.mark.parametrize(
    ("question", "language", "kind"),
    [
        ("Wann wurde der Turm gebaut?", "de", "time"),
        ("Wie viele Tage sind es?", "de", "number"),
        ("Wer leitet das Haus?", "de", "person"),
        ("¿Quién dirige la biblioteca?", "es", "person"),
        ("¿Cuánto cuesta el carné?", "es", "money"),
        ("Où est le phare ?", "fr", ""),
    ],
)
def test_a_question_asks_for_a_kind_of_answer_in_its_language(
    question: str, language: str, kind: str
) -> None:
    assert kind_asked(question, language) == kind
