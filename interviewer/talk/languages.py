"""The language an interviewer is asked to speak: its English name. Pure."""

from __future__ import annotations

import unicodedata

from interviewer.errors import UnknownChoice

MAX_CHARS = 40
SUGGESTED = (
    "Arabic",
    "Chinese",
    "Dutch",
    "French",
    "German",
    "Hindi",
    "Italian",
    "Japanese",
    "Polish",
    "Portuguese",
    "Spanish",
    "Turkish",
    "Ukrainian",
)


_NAMES = frozenset(
    """
    afrikaans albanian amharic arabic armenian assamese azerbaijani bahasa bangla basque belarusian bengali bosnian
    bulgarian burmese cantonese catalan chinese creole croatian czech danish dari dutch english esperanto estonian
    farsi filipino finnish flemish french frisian gaelic galician georgian german greek gujarati haitian hausa hawaiian
    hebrew hindi hungarian icelandic igbo indonesia indonesian irish italian japanese javanese kannada kazakh khmer
    kinyarwanda korean kurdish kyrgyz lao latin latvian lithuanian luxembourgish macedonian malagasy malay malayalam
    maltese mandarin maori marathi mongolian nepali norwegian odia oromo pashto persian polish portuguese punjabi
    quechua romanian russian samoan sanskrit serbian shona sindhi sinhala slovak slovene slovenian somali sotho spanish
    sundanese swahili swedish tagalog tajik tamil tatar telugu thai tibetan tigrinya turkish turkmen ukrainian urdu
    uyghur uzbek vietnamese welsh wolof xhosa yiddish yoruba zulu
    deutsch français francais español espanol castellano italiano português portugues nederlands polski türkçe turkce
    svenska dansk norsk suomi čeština cestina slovenčina magyar română romana ελληνικά русский українська
    български српски hrvatski slovenščina lietuvių latviešu eesti català català euskara galego 中文 普通话 粤语 日本語
    한국어 العربية עברית हिन्दी हिंदी বাংলা தமிழ் తెలుగు मराठी ગુજરાતી ਪੰਜਾਬੀ اردو فارسی ไทย tiếng việt melayu
    """.split()
)
_KINDS = frozenset(
    """
    american argentinian australian austrian belgian brazilian british canadian colombian european egyptian high
    indian latin levantine mexican modern moroccan plain scottish simple simplified south standard swiss taiwanese
    traditional bokmål nynorsk
    """.split()
)
"""What may stand beside the name of a language."""


def language_of(given: str) -> str:
    """The language as it is kept: empty for English.

    Only names of languages are taken: this text stands in instructions to a model, and comes from the candidate.

    Raises:
        UnknownChoice: it is not the name of a language.
    """
    name = unicodedata.normalize("NFC", given.strip(" "))
    said = set(name.casefold().replace("-", " ").split(" ")) - {""}
    if len(name) > MAX_CHARS or (name and not (said & _NAMES and said <= _NAMES | _KINDS)):
        raise UnknownChoice(
            "That is no language known here. Write its English name, such as German or Brazilian Portuguese, or leave "
            "it empty for English."
        )
    return "" if "english" in said else name[:1].upper() + name[1:]
