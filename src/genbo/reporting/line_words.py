"""Words of one line of a register: its restrictions and its notes."""

from genbo.compliance.reasons import Language
from genbo.reporting.statutory_register import LotLine, Note
from genbo.reporting.words import Both, listed

_NOTES = {
    Note.INITIAL_BENEFICIARY: Both("当初受益者", "initial beneficiary"),
    Note.ERASED: Both("個人情報消去済", "personal data erased"),
    Note.HOLDER_UNKNOWN: Both("名義人不明", "holder unknown"),
}


def restriction_words(line: LotLine, language: Language) -> str:
    """The restrictions of a line in one cell."""
    return listed((each.words(language) for each in line.restrictions), language)


def note_words(line: LotLine, language: Language) -> str:
    """The remarks of a line in one cell."""
    return listed((_NOTES[each](language) for each in line.notes), language)


def remarks(line: LotLine, language: Language) -> str:
    """Restrictions and remarks, each on a line of its own."""
    words = [each.words(language) for each in line.restrictions]
    return "\n".join([*words, *(_NOTES[each](language) for each in line.notes)])
