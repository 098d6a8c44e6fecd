"""The words of an invitation, by language: their shape. The words themselves are data."""

from pydantic import Field

from schemas.envelope import Strict


class Words(Strict):
    """What stands around the facts, in one language; {fields} are filled by the writer of the description."""

    sample: str
    invited: str
    time_unset: str
    venue: str
    duties: str
    duty: str
    agenda: str
    agenda_unordered: str
    timed: str
    untimed: str
    dress: str
    contact: str
    time: str
    mark: str = Field("", description="The profile's mark on papers that are a sample.")
    roles: dict[str, str] = Field({}, description="The profile's words for roles, by their codes.")


class Dictionary(Strict):
    """`otherwise` names the language for ceremonies in one that has no words here."""

    otherwise: str
    languages: dict[str, Words]

    def of(self, language: str) -> Words:
        """The words for a language tag: "vi-VN" is served by "vi"."""
        known = self.languages.get(language.partition("-")[0].lower())
        return known or self.languages[self.otherwise]
