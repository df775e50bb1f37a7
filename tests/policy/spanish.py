"""How easy a Spanish text is to read: perspicuity after Szigriszt Pazos, read on the INFLESZ scale.

Formula: F. Szigriszt Pazos, Sistemas predictivos de legibilidad del mensaje escrito (thesis, Universidad Complutense de
Madrid, 1993). Scale: I. M. Barrio-Cantalejo and others, Validación de la escala INFLESZ para evaluar la legibilidad de
los textos dirigidos a pacientes (An Sist Sanit Navar 31(2), 2008): over 80 very easy, from 65 fairly easy, from 55
normal, from 40 somewhat hard, below that very hard.

Syllables are those of the spelling (Real Academia Española, Ortografía, 2010): a weak vowel beside another vowel is one
syllable with it, also across an h, unless the weak one carries the accent.
"""

import re
import unicodedata

FAIRLY_EASY, VERY_EASY = 65.0, 80.0

_WORD = re.compile(r"[^\W_]+")
_SENTENCE = re.compile(r"[.!?…]+|\n+")
"""A line break ends a sentence too: a title has no full stop. Colons and semicolons do not: that counts harder."""
_SILENT_U = re.compile(r"(?<=q)u(?=[eiéí])|(?<=g)u(?=[eiéí])")
_SILENT_H = re.compile(r"(?<=[aeiouáéíóúü])h(?=[aeiouáéíóú])")
_VOWEL_Y = re.compile(r"y(?![aeiouáéíóú])")
_VOWELS = re.compile(r"[aeiouáéíóúü]+")
_STRESSED_OR_STRONG = re.compile(r"[aeoáéóíú]")
_TWICE = re.compile(r"ii|uu")
_DIGITS = dict(zip("0123456789", (2, 2, 1, 1, 2, 2, 1, 2, 2, 2), strict=True))
"""As each digit is read out; a number read as a whole comes to about the same."""


def syllables(word: str) -> int:
    """Return the syllables of one word as it is spelt; a word without a vowel counts as one."""
    spelt = unicodedata.normalize("NFC", word.lower())
    spelt = _VOWEL_Y.sub("i", _SILENT_H.sub("", _SILENT_U.sub("", spelt)))
    spoken = sum(_in_run(run) for run in _VOWELS.findall(spelt))
    return max(spoken + sum(_DIGITS.get(sign, 0) for sign in spelt), 1)


def _in_run(vowels: str) -> int:
    """Return the syllables of vowels that stand together."""
    return len(_STRESSED_OR_STRONG.findall(vowels)) or 1 + len(_TWICE.findall(vowels))


def perspicuity(text: str) -> float:
    """Return the score: the higher, the easier.

    Raises `ZeroDivisionError` for a text without words.
    """
    sentences = [found for found in map(_WORD.findall, _SENTENCE.split(text)) if found]
    words = [word for sentence in sentences for word in sentence]
    return 206.835 - 62.3 * sum(map(syllables, words)) / len(words) - len(words) / len(sentences)
