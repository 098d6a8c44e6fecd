"""What may be a password. Hides how one is prepared (RFC 8265 section 4.2, OpaqueString) and what is too easy."""

from collections.abc import Collection
from unicodedata import category

from schemas.errors import Refusal
from services.lang import nfc, search_key

LEAST = 10  # characters; NIST SP 800-63B wants 8 or more, and no rules about kinds of characters
_FEWEST_DIFFERENT = 4
_NOT_TYPED = {"Cc", "Cf", "Cn", "Co", "Cs"}  # Unicode categories
_AROUND = "0123456789!@#$%^&*.,;:_-+=?/"


class PasswordShort(Refusal):
    """The password has {length} characters and needs {least} or more. A few words in a row are easy to remember."""


class PasswordEasy(Refusal):
    """This password is one of those that are tried first. Choose another, for example a few words in a row."""


class PasswordOwnName(Refusal):
    """This password is little more than your name or your e-mail address. Choose another."""


class PasswordUntypable(Refusal):
    """The password holds invisible characters, which nobody can type. Leave them out."""


def prepared(password: str) -> str:
    """As it is hashed and compared: composed, every blank a plain one; case and all else stay."""
    return nfc("".join(" " if category(letter) == "Zs" else letter for letter in password))


def check_new(password: str, names: Collection[str], commonest: Collection[str]) -> None:
    """Refuse what is too easy to guess. `names`: of the person, and the e-mail address; `commonest` as `plain`."""
    text = prepared(password)
    if any(category(letter) in _NOT_TYPED for letter in text):
        raise PasswordUntypable
    if len(text) < LEAST:
        raise PasswordShort(length=len(text), least=LEAST)
    word = plain(text)
    if word in commonest or len(set(word)) < _FEWEST_DIFFERENT:
        raise PasswordEasy
    if word.strip(_AROUND) in _own(names):
        raise PasswordOwnName


def plain(text: str) -> str:
    """Without accents, case and blanks, as guessers try it."""
    return search_key(text).replace(" ", "")


def _own(names: Collection[str]) -> set[str]:
    both = [part for name in names for part in (name, name.partition("@")[0])]
    return {plain(part).strip(_AROUND) for part in both} - {""}
