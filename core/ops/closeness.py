"""How well what somebody typed fits the names of a thing: exactly, in part, by its sign or a synonym, or misspelt.

It compares texts only; what is looked through, and what is done with what was found, is the caller's business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TypeVar

Thing = TypeVar("Thing")

EXACT, SIGN, BEGINNING, SYNONYM, INITIALS, WORD, PART = 7.0, 6.0, 5.0, 4.0, 3.5, 3.0, 2.0
ALIKE = 0.75  # of a misspelt word and the right one
FEWEST_LETTERS = 3  # of which a guess is made


@dataclass(frozen=True, slots=True)
class KnownAs:
    """What a thing is called: its ``names``, other ``words`` for it, and its ``symbol``; ``operator`` says that
    Python itself writes the symbol for it.
    """

    names: tuple[str, ...]
    words: tuple[str, ...] = ()
    symbol: str = ""
    operator: bool = False


def closest(typed: str, things: Iterable[Thing], known_as: Callable[[Thing], KnownAs]) -> list[Thing]:
    """Those of ``things`` that ``typed`` may mean, best first; guesses only where nothing is called so in part."""
    known = [(thing, known_as(thing)) for thing in things]
    for measure in (closeness, likeness):
        scored = [(measure(typed, names), thing) for thing, names in known]
        found = sorted((each for each in scored if each[0]), key=lambda each: -each[0])
        if found:
            return [thing for _, thing in found]
    return []


def closeness(typed: str, known: KnownAs) -> float:
    """How well ``typed`` fits, from ``EXACT`` down to 0; capitals, spaces, - and _ make no difference."""
    wanted = typed.strip().lower()
    sign = 0.0
    if wanted == known.symbol.lower():
        sign = SIGN + 0.5 * (typed.strip() == known.symbol) + 0.25 * known.operator
    names = max((_of_name(wanted, name.lower()) for name in known.names), default=0.0)
    words = max((_of_word(wanted, word.lower()) for word in known.words), default=0.0)
    return max(sign, names, words)


def likeness(typed: str, known: KnownAs) -> float:
    """How near ``typed`` is to a name or a synonym that it may be short for, or a misspelling of; 0 where it is not."""
    sought = _letters(typed.strip().lower())
    if len(sought) < FEWEST_LETTERS:
        return 0.0
    shortened = any(_shortened(sought, _letters(name.lower())) for name in known.names)
    words = (_letters(word.lower()) for word in (*known.names, *known.words))
    ratio = max(SequenceMatcher(None, sought, word).ratio() for word in words)
    return 1.0 if shortened else ratio if ratio >= ALIKE else 0.0


def _of_name(wanted: str, name: str) -> float:
    letters, sought = _letters(name), _letters(wanted)
    if wanted == name or sought == letters != "":
        return EXACT
    if not sought:
        return 0.0
    if letters.startswith(sought):
        return BEGINNING + _share(sought, letters)
    if sought == "".join(part[0] for part in name.split("_") if part):
        return INITIALS
    return _in_part(sought, name)


def _of_word(wanted: str, word: str) -> float:
    sought = _letters(wanted)
    if wanted == word or sought == _letters(word) != "":
        return SYNONYM
    return _in_part(sought, word) if sought else 0.0


def _letters(text: str) -> str:
    return text.replace("_", "").replace("-", "").replace(" ", "")


def _in_part(sought: str, text: str) -> float:
    """Whether ``text`` has ``sought`` in it: from the beginning of one of its words on, or anywhere."""
    letters = _letters(text)
    if sought not in letters:
        return 0.0
    words = text.replace("_", " ").replace("-", " ").replace(".", " ").split()
    begins = any(_letters("".join(words[n:])).startswith(sought) for n in range(len(words)))
    return (WORD if begins else PART) + 0.5 * _share(sought, letters)


def _share(sought: str, letters: str) -> float:
    """How much of a word was typed, less than 1: of two that begin alike the shorter one is nearer."""
    return len(sought) / (len(letters) + 1)


def _shortened(sought: str, letters: str) -> bool:
    """Whether ``sought`` has letters of a name in their order, from the first on."""
    rest = iter(letters)
    return sought[0] == letters[:1] and all(letter in rest for letter in sought)
