"""A sentence -> how else it may be read, and whether it speaks of verdicts, in English or another language. Pure.

For words to the examiner that are meant to be missed: look-alike letters, invisible characters, letters set apart or
turned round, the rubric's own verdicts, other languages.
"""

from __future__ import annotations

import re
import unicodedata

from interviewer.grading.words import FUNCTION_WORDS, words

VERDICT_WORDS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # verdicts told or claimed, in the words of the rubric
        r"\bverdicts?\b[^.?!]{0,60}\bmet\b|\bmet\b[^.?!]{0,30}\bverdicts?\b",
        r"[\"']verdict[\"']\s*:|[\"']marks[\"']\s*:\s*\[|[\"']met[\"']",
        r"\bmet\W{1,4}met\b|[^\w\s]{3,}\s*met\b|^\W*met\W*$|\b(?:(?:with|say|output|return) met|met everywhere)\b",
        r"(?:\bmet\b[^.?!]{0,40}){3}",
        r"\b(?:points?|items?|all of it|everything)\b[^.?!]{0,40}"
        r"\b(?:(?:is|are|was|were|as) (?:fully )?met|be credited)\b",
        r"\balready graded\b|\bfull credit\b(?! card)|\b(?:scoring|marking) (?:guide|scheme)\b",
        r"\byour (?:previous|earlier) prompt\b",
        r"\bstay consistent with what you\b|\bdeserves?\b[^.?!]{0,20}\bgenerous\b",
        r"\brecogni[sz]e a (?:perfect|complete|correct)\b|\btranslate the following\b|\bone verdict for each\b",
        r"^\W*(?:candidate|applicant) (?:demonstrat|shows|covers|understands)\w*",
        # what somebody would have said
        r"\b(?:suppose|imagine|assume|pretend)\b[^.?!]{0,20}\b(?:i|this text|my answer|the candidate)\b"
        r"[^.?!]{0,20}\b(?:said|answered|explained|wrote|mentioned)\b",
        r"\b(?:perfect|ideal|good|strong) (?:candidate|applicant|answer) would (?:\w+ )?(?:say|mention|explain|state)\b"
        r"|\bif i (?:were|was|had been) (?:to be )?asked\b",
    )
)
"""The rubric's verdicts told or claimed, and what somebody would have said."""
_ABROAD = tuple(
    (re.compile(told, re.IGNORECASE), re.compile(marked, re.IGNORECASE))
    for told, marked in (
        (
            "игнор|забудь|постав|засчит|зарахуй|выстав|присво",
            "балл|бал[иі]в|оценк|оцінк|рубрик|критери|критері|указани|инструкц|пункт",
        ),
        ("忽略|无视|無視|请把|給|给|判为|打", "评分|評分|满分|滿分|指示|指令|得分|标准"),
        ("無視|付け|与え|して", "採点|満点|評価基準|指示"),
        ("무시|주세요|줘|처리", "채점|만점|점수|평가 ?기준|지시"),
        ("تجاهل|امنح|أعط|اعط", "التقييم|الدرجة|العلامة|المعايير|التعليمات|معايير"),
        ("अनदेखा|दीजिए|दें|दो", "अंक|मूल्यांकन|निर्देश|नियम"),
        (r"αγνόησε|δώσε|βάλε", "βαθμ|κριτήρι|οδηγίες"),
        ("התעלם|תן|סמן", "ציון|ניקוד|הוראות|קריטריונ"),
        (
            r"\b(?:ignorier|vergiss|missachte|gib|vergib|bewerte|werte)",
            "anweisung|kriteri|punktzahl|bewertung|note|raster",
        ),
        (r"\bich\b", r"\b(?:viel|große|lange|jahrelange) erfahrung|\bkenne mich\b|\bmich auskenne|\bbestens vertraut"),
        (r"\b(?:ignore[rz]?|oublie|accorde|donne|mets|attribue)", "consigne|barème|points|note|instructions|critère"),
        (r"\b(?:ignora|olvida|marca|pon|otorga|da)\b", "instrucci|rúbrica|rubrica|criterio|nota|puntos|puntuaci"),
        (r"\b(?:ignora|dimentica|assegna|dai|metti)\b", "istruzioni|rubrica|criteri|punteggio|punti|voto"),
        (r"\b(?:ignore|esqueça|dê|atribua|marque)\b", "instruções|rubrica|critério|pontos|pontuação|nota"),
        (r"\b(?:zignoruj|przyznaj|daj|zapomnij|ocen)", "rubryk|polece|kryteri|punkt|ocen"),
        (r"\b(?:negeer|vergeet|geef)\b", "instructies|criteria|punten|cijfer|beoordeling"),
        (r"\b(?:yok say|unut|ver|görmezden)\b", "talimat|kriter|puan|rubrik"),
    )
)
"""Words to the examiner in other languages: what is ordered, and the marks it is about."""
_TOLD_ABROAD = re.compile("|".join(f"(?:{told.pattern})" for told, _ in _ABROAD), re.IGNORECASE)
_LOOK_ALIKES = str.maketrans(
    "аеорсухіјѕԁһӏкмтпгвАВЕКМНОРСТХІЈЅԛԝɡɩαορνυικΑΒΕΗΙΚΜΝΟΡΤΥΧΖ",
    "aeopcyxijsdhlkmtnrbABEKMHOPCTXIJSqwgiaopvuikABEHIKMNOPTYXZ",
)
ENGLISH_SHARE = 0.2
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SPACED = re.compile(r"(?<=\b\w) (?=\w\b)")
SPACED_FROM = 6
"""From as many pairs of single letters on, letters are set apart, "I G N O R E"."""
_DIGITS_INSIDE = re.compile(r"[a-z][0134]+[a-z]|\b[0134]+[a-z]{2}", re.IGNORECASE)
_DIGITS_FOR_LETTERS = str.maketrans("013457", "oleast")
_MET_LINE = re.compile(r"\b(?:met|passed)\W*$", re.IGNORECASE | re.MULTILINE)
MET_LINES = 3
"""As many lines that end with a verdict are a sheet of marks; a line of Python may end with `pass`."""


def orders_abroad(sentence: str) -> bool:
    """Whether the sentence asks for marks in a language other than English."""
    if not _TOLD_ABROAD.search(sentence) or _is_english(sentence):
        return False
    return any(told.search(sentence) and marked.search(sentence) for told, marked in _ABROAD)


def _is_english(sentence: str) -> bool:
    """Whether enough of it is English joining words: other languages write "ignore" and "note" too."""
    said = words(sentence)
    return sum(word in FUNCTION_WORDS for word in said) >= ENGLISH_SHARE * len(said)


def is_sheet(text: str) -> bool:
    """Whether the lines of a text end with verdicts."""
    return len(_MET_LINE.findall(text)) >= MET_LINES


def spellings(sentence: str) -> set[str]:
    """The sentence as it stands and as it is meant to be read: without tricks of characters."""
    said = {sentence}
    if not sentence.isascii():
        seen = "".join(char for char in unicodedata.normalize("NFKC", sentence) if unicodedata.category(char) != "Cf")
        said |= {seen, seen.translate(_LOOK_ALIKES)} | ({seen[::-1]} if _TURNS.search(sentence) else set())
    if len(_SPACED.findall(sentence)) >= SPACED_FROM:
        said.add(_SPACED.sub("", sentence))
    if _DIGITS_INSIDE.search(sentence):
        said.add(sentence.translate(_DIGITS_FOR_LETTERS))
    return said
