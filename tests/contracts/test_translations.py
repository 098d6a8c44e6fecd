"""Every sentence that a person may read is translated, with its placeholders; and nothing is translated in vain."""

import ast
import re
from collections import Counter
from unicodedata import is_normalized

import pytest
from babel.messages.catalog import Message

from services.lang.translate import LANGUAGES, WORDS, catalogue, choose_language, path_of, translate
from tests.contracts.sentences import all_literals, all_sentences, all_words, literals_of

TRANSLATED = [language for language in LANGUAGES if language != "en"]


def entries(language: str) -> list[Message]:
    return [entry for entry in catalogue(language) if entry.id]


def sentences(language: str) -> dict[str, str]:
    return {str(entry.id): str(entry.string) for entry in entries(language) if entry.context is None}


def words(language: str) -> set[tuple[str, str]]:
    """By the placeholder that they fill."""
    return {(entry.context, str(entry.id)) for entry in entries(language) if entry.context is not None}


def holes(text: str) -> set[str]:
    return set(re.findall(r"\{\w+\}", text))


@pytest.mark.parametrize("language", TRANSLATED)
def test_catalogue_holds_the_sentences_of_the_code_and_no_other(language: str) -> None:
    known, said = set(sentences(language)), all_sentences()
    missing, vain = sorted(said - known), sorted(known - said)
    assert missing == [], "Add to the catalogue:\n" + "\n".join(f'msgid "{one}"' for one in missing)
    assert vain == [], "Nobody says these any more; take them out:\n" + "\n".join(vain)


@pytest.mark.parametrize("language", TRANSLATED)
def test_catalogue_holds_the_words_that_sentences_are_filled_with(language: str) -> None:
    assert sorted(all_words() - words(language)) == []
    assert sorted({word for _, word in words(language)} - all_literals()) == []
    assert {name for name, _ in words(language)} == WORDS


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_sentence_is_translated_twice(language: str) -> None:
    """Of two, the last would hold for both places."""
    entries = re.findall(
        r'^((?:msgctxt .*\n)?msgid (?:".*"\n)+)msgstr', path_of(language).read_text("utf-8"), re.MULTILINE
    )
    assert [one for one, times in Counter(entries).items() if times > 1] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_are_filled_like_the_sentences(language: str) -> None:
    wrong = [one for one, other in sentences(language).items() if holes(one) != holes(other)]
    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_are_complete_and_composed(language: str) -> None:
    for entry in entries(language):
        assert (entry.fuzzy, bool(entry.string), is_normalized("NFC", str(entry.string))) == (False, True, True)


def test_collector_sees_sentences_and_passes_over_what_is_for_programmers() -> None:
    tree = ast.parse(
        '''
def f(page):
    """Not this docstring."""
    log.warning("Not this line of a log.")
    if page: raise ValueError("Not this {fault} of ours.")
    page.wrong("a", "This is {one} of them.", "And its hint.")
    sentence = "“{name}” is another." if page else "key"
    return Field(description="Not this description.")
'''
    )
    assert sorted(literals_of(tree)) == ["And its hint.", "This is {one} of them.", "“{name}” is another."]


def test_translate_fills_in_words_but_leaves_texts_alone() -> None:
    sentence = "There is no {what} {which}. Look at the list for the right name."
    told = translate(sentence, {"what": "ceremony", "which": "ceremony"}, "vi")
    assert told == "Không có buổi lễ “ceremony”. Xem danh sách để lấy đúng tên."
    under_way = "An {work} of {what} is under way. Wait until it has finished, then try again."
    told = translate(under_way, {"work": "release", "what": "can-tho"}, "vi")
    assert told == "Đang thực hiện việc phát hành đối với can-tho. Chờ xong rồi thử lại."
    assert translate("New {what}.", {"what": "thing"}, "vi") == "New thing."
    assert translate(sentence, {"what": "ceremony"}, "en") == (
        "There is no ceremony {which}. Look at the list for the right name."
    )


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("vi", "vi"),
        ("vi-VN,vi;q=0.9,en;q=0.8", "vi"),
        ("fr-FR, vi;q=0.5, en;q=0.7", "en"),
        ("de", "en"),
        ("vi;q=0, en", "en"),
        ("VI-vn", "vi"),
        ("*", "en"),
        ("vi;q=oops;;,,", "vi"),
    ],
)
def test_language_is_the_first_of_ours_that_is_wanted(accepted: str | None, language: str) -> None:
    assert choose_language(accepted) == language
