"""The English name of a language -> its tag (BCP 47), for a page and for a browser's voice. Pure."""

from __future__ import annotations


def _table(text: str) -> dict[str, str]:
    return dict(entry.split("=") for entry in text.split())


_TAGS = _table(
    """
deutsch=de français=fr francais=fr español=es espanol=es castellano=es italiano=it português=pt portugues=pt
nederlands=nl polski=pl türkçe=tr turkce=tr svenska=sv dansk=da norsk=no suomi=fi čeština=cs cestina=cs slovenčina=sk
magyar=hu română=ro romana=ro ελληνικά=el русский=ru українська=uk български=bg српски=sr hrvatski=hr slovenščina=sl
lietuvių=lt latviešu=lv eesti=et català=ca catala=ca euskara=eu galego=gl 中文=zh 普通话=zh 粤语=yue 日本語=ja 한국어=ko
العربية=ar עברית=he हिन्दी=hi हिंदी=hi বাংলা=bn தமிழ்=ta తెలుగు=te मराठी=mr ગુજરાતી=gu ਪੰਜਾਬੀ=pa اردو=ur فارسی=fa ไทย=th
việt=vi melayu=ms
afrikaans=af albanian=sq amharic=am arabic=ar armenian=hy assamese=as azerbaijani=az bahasa=id bangla=bn basque=eu
belarusian=be bengali=bn bosnian=bs bulgarian=bg burmese=my cantonese=yue catalan=ca chinese=zh croatian=hr czech=cs
danish=da dari=prs dutch=nl english=en esperanto=eo estonian=et farsi=fa filipino=fil finnish=fi flemish=nl-BE
french=fr frisian=fy gaelic=gd galician=gl georgian=ka german=de greek=el gujarati=gu haitian=ht hausa=ha hawaiian=haw
hebrew=he hindi=hi hungarian=hu icelandic=is igbo=ig indonesia=id indonesian=id irish=ga italian=it japanese=ja
javanese=jv kannada=kn kazakh=kk khmer=km kinyarwanda=rw korean=ko kurdish=ku kyrgyz=ky lao=lo latin=la latvian=lv
lithuanian=lt luxembourgish=lb macedonian=mk malagasy=mg malay=ms malayalam=ml maltese=mt mandarin=zh maori=mi
marathi=mr mongolian=mn nepali=ne norwegian=no odia=or oromo=om pashto=ps persian=fa polish=pl portuguese=pt
punjabi=pa quechua=qu romanian=ro russian=ru samoan=sm sanskrit=sa serbian=sr shona=sn sindhi=sd sinhala=si slovak=sk
slovene=sl slovenian=sl somali=so sotho=st spanish=es sundanese=su swahili=sw swedish=sv tagalog=tl tajik=tg tamil=ta
tatar=tt telugu=te thai=th tibetan=bo tigrinya=ti turkish=tr turkmen=tk ukrainian=uk urdu=ur uyghur=ug uzbek=uz
vietnamese=vi welsh=cy wolof=wo xhosa=xh yiddish=yi yoruba=yo zulu=zu bokmål=nb nynorsk=nn
"""
)
"""A name of a language, English or its own, folded -> tag."""
_REGIONS = _table(
    """
american=US argentinian=AR australian=AU austrian=AT belgian=BE brazilian=BR british=GB canadian=CA colombian=CO
egyptian=EG indian=IN mexican=MX moroccan=MA scottish=GB swiss=CH taiwanese=TW simplified=Hans traditional=Hant
"""
)


def tag_of(language: str) -> str:
    """The tag of a language as a plan keeps it: `pt-BR` for Brazilian Portuguese, `en` for the empty name.

    Empty where none of its words is known: then a page says nothing of the language, and a browser takes its own.
    """
    if not language:
        return "en"
    said = language.casefold().replace("-", " ").split()
    base = next((_TAGS[word] for word in reversed(said) if word in _TAGS), "")
    region = next((_REGIONS[word] for word in said if word in _REGIONS), "")
    return f"{base}-{region}" if base and region and "-" not in base else base
