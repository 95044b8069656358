"""The phrases by which a candidate asks for something, as patterns over folded words without punctuation. Pure.

A pattern must match a sentence from end to end. `CLEAR` ones can be nothing else; `BARE` ones are a word or two that
could be an answer to a question about the same thing; `BACK` ones are questions about the question, with free words in
them, which are looked at before they count. "Pass" is not among them: it is a way to say "I don't know", which is an
answer (grading/content.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

SCOPE = frozenset(
    """
    python general fastapi pydantic starlette sqlalchemy sqlmodel version versions example examples production practice
    theory code framework detail details context case mean assume database server client talk talking ask asking
    explain clarify rephrase question kind type want
    """.split()
)
"""Words that say where a question holds, not what its answer is."""

_DONT_KNOW = (
    r"(?:sorry )?(?:i )?(?:really |honestly )?(?:do not|don't|dont) know(?: (?:this|that)(?: one)?| it)?"
    r"|(?:i have |i've )?no (?:idea|clue)|(?:i'm |i am )?not sure"
)
_COURTESY = (
    r"i'm sorry|i am sorry|sorry|excuse me|pardon me"
    r"|hi|hello|hey|ok|okay|alright|all right|well|um+|uh+|erm+|h+m+|oh|ah|thanks|thank you"
    r"|thanks a lot|please|actually|honestly|so|but|yes|yeah|no|my bad|one moment|a moment"
)
POLITE = re.compile(rf"(?:{_DONT_KNOW}|{_COURTESY})(?: (?:{_COURTESY}))*")
PUZZLED = re.compile(r"sorry|pardon|pardon me|excuse me|what|huh|eh")
"""With a question mark: the candidate did not follow."""
_LEAD = re.compile(rf"(?:(?:{_DONT_KNOW}|{_COURTESY}) )*")
_TAIL = re.compile(
    r"(?: (?:please|thanks|thank you|sorry|maybe|for me|if possible|if i may|if you can|if you don't mind"
    r"|if that's (?:ok|okay|fine|possible)|at this point))+$"
)
YES = re.compile(
    r"(?:yes|yeah|yep|sure|ok|okay|all right|alright|i do|i'm sure|i am sure|do|do it|do so|please|please do)"
    r"(?: (?:yes|please|sure|do|thanks|thank you|i am|i do|let's stop|stop|end it|stop here))*"
)
NO = re.compile(
    r"(?:no|nope|nah|not yet)(?: (?:no|thanks|thank you|let's|let us|i want to|i'd like to|i will|i'll|please"
    r"|go on|continue|keep going|carry on))*|(?:let's |let us )?(?:continue|go on|carry on|keep going)"
)

_YOU = r"(?:can|could|would|will) (?:you|u)(?: (?:please|kindly|maybe|just|possibly|perhaps))*"
_MIND = r"(?:would|do) you mind"
_I = r"(?:can|could|may|might|shall|should) (?:i|we)(?: (?:please|maybe|just|possibly|perhaps))*"
_LETS = r"(?:let's|lets|let us)(?: (?:please|just|maybe))*"
_I_WANT = r"(?:i'd|i would) (?:like|prefer|rather|love)(?: to)?|i (?:want|need|have|wish|prefer) to|i must"
_ONE = r"(?:a|an|another|one|one more|the|the next|some|any|your)"
_HINT = rf"(?:{_ONE} )?(?:(?:small|little|quick|tiny|further|first|second|last|more) )?(?:hint|clue|tip|nudge)s?"
_THE_QUESTION = r"(?:the|this|that|your|the last|the current)(?: (?:whole|entire|first))? (?:question|follow up|probe)"
_WHAT_WAS_SAID = r"what (?:you|you just) (?:said|asked)|what (?:the|that|your) question (?:was|is)"
_AGAIN = r"(?:again|once more|one more time|once again|another time|a second time)"
_THIS_ONE = r"(?:this one|that one|this question|that question|the question|this)"
_NEXT = r"(?:the )?(?:next|another|a different|a new)(?: (?:question|one|topic))?"
_HERE = r"(?:here|now|at this point|for today|for now|right here|right now|early)"
_INTERVIEW = r"(?:the|this|our|my) (?:interview|session)"
_WORD = r"[\w'.]+"
_SOME = rf"{_WORD}(?: {_WORD}){{0,7}}"
_WANTS_ANSWER = (
    rf"(?:what is|what's|tell me|give me|{_YOU} (?:tell|give|show) me) the (?:right |correct )?(?:answer|solution)"
    r"|what (?:answer )?(?:do you|are you) (?:want|expect|looking|hoping)(?: (?:to hear|for|from me|me to say))*"
)
WANTS_ANSWER = re.compile(_WANTS_ANSWER)
"""A question back that asks for the answer itself."""


def _compiled(**phrases: Iterable[str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile("|".join(some))) for name, some in phrases.items())


CLEAR = _compiled(
    repeat=(
        rf"(?:{_YOU} )?(?:re)?(?:repeat|read|say|ask|state) (?:me )?{_THE_QUESTION}(?: {_AGAIN}| out loud)",
        rf"(?:{_YOU} )?repeat (?:me )?(?:{_THE_QUESTION}|{_WHAT_WAS_SAID})(?: {_AGAIN})?",
        rf"{_YOU} (?:repeat|restate)(?: (?:it|that|this|yourself))?(?: {_AGAIN})?",
        rf"{_YOU} (?:say|ask|read)(?: (?:me))?(?: (?:it|that|this|{_WHAT_WAS_SAID}))? {_AGAIN}",
        rf"{_MIND} (?:repeating|saying|asking|reading)(?: (?:it|that|this|{_THE_QUESTION}|{_WHAT_WAS_SAID}))?"
        rf"(?: {_AGAIN})?",
        rf"{_I} (?:have|hear|see|get|read) {_THE_QUESTION}(?: {_AGAIN})?",
        rf"what (?:was|is|were|'s)? ?{_THE_QUESTION}(?: {_AGAIN})?|what's {_THE_QUESTION}(?: {_AGAIN})?",
        rf"what did you (?:just )?(?:ask|say)(?: me)?(?: {_AGAIN})?",
        rf"(?:i )?(?:did not|didn't|didnt|could not|couldn't) (?:quite |really )?(?:catch|get|hear|read) "
        rf"(?:it|that|this|you|{_THE_QUESTION}|{_WHAT_WAS_SAID})",
        rf"i (?:forgot|missed|lost) (?:{_THE_QUESTION}|{_WHAT_WAS_SAID})",
        rf"{_THE_QUESTION} {_AGAIN}|say (?:that|it) {_AGAIN}|come again|repeat that please|repeat please",
    ),
    hint=(
        rf"{_I} (?:have|get|ask for|ask you for|use|take|see) {_HINT}",
        rf"{_YOU} (?:give|show|offer|provide|drop)(?: me| us)? {_HINT}",
        rf"{_YOU} help me (?:with|out with) {_HINT}",
        rf"(?:please )?(?:give|show) me {_HINT}|(?:i'd|i would) (?:like|love|appreciate|take) {_HINT}",
        rf"i (?:need|want|could use|would need|will take|'ll take) {_HINT}|i'll take {_HINT}",
        rf"(?:do you have|is there|are there|got|have you got) {_HINT}",
        r"(?:any|another|one more|next|a further) (?:hint|clue)s?|(?:a )?(?:hint|clue) please|what is the hint",
    ),
    skip=(
        rf"(?:{_I}|{_LETS}) (?:skip|pass|pass on|leave out)(?: (?:it|that|{_THIS_ONE}))?(?: (?:for now|now))?",
        rf"(?:{_I_WANT}) (?:skip|pass|pass on|leave out)(?: {_THIS_ONE})?|{_YOU} skip (?:it|that|{_THIS_ONE})",
        r"(?:please )?skip (?:this one|that one|this question|that question|the question)(?: for now)?",
        rf"(?:(?:{_I}|{_LETS}|{_YOU}) )?(?:go|move|proceed|jump|continue|get|skip)(?: on)?(?: (?:to|with)) {_NEXT}",
        rf"(?:{_I}|{_LETS}) (?:move on|go on to something else)|(?:{_I} have|give me|ask me) {_NEXT}",
        r"(?:the )?next question(?: now)?|another question|next one please|next please|skip please",
    ),
    stop=(
        rf"(?:{_I}|{_LETS}|i (?:want|need|have|wish) to|i must|(?:i'd|i would) (?:like|prefer) to|i'd rather|{_YOU}) "
        rf"(?:stop|end|finish|quit|leave)(?: {_HERE}| {_INTERVIEW}(?: {_HERE})?)?",
        rf"(?:{_I}|{_LETS}|{_YOU}) (?:stop|end|finish) (?:this|it) {_HERE}",
        rf"(?:stop|end|finish|quit|leave|abort|cancel|exit) {_INTERVIEW}(?: {_HERE})?",
        rf"i(?:'m| am) done(?: (?:for today|for now|with {_INTERVIEW}))?|let's call it a day|stop please|please stop",
        r"(?:that's |that is )?enough for (?:today|now)",
    ),
    help=(
        rf"{_YOU} help(?: me)?|help me|i need (?:some )?help|help please|what can i (?:type|say|ask)(?: here)?",
        r"(?:what|which) (?:commands|options) (?:are there|do i have|can i use)",
    ),
    clarify=(
        rf"(?:{_YOU} )?(?:explain|clarify|rephrase|reword|reformulate|elaborate on|specify|expand on) "
        rf"(?:{_THE_QUESTION}|what you mean(?: by (?:it|that|this))?)(?: (?:{_AGAIN}|differently|in other words))?",
        rf"{_YOU} (?:explain|clarify|rephrase|reword|elaborate|specify)(?: (?:it|that|this))?(?: (?:a bit|more))*",
        rf"{_YOU} be (?:a bit |a little )?more (?:specific|precise|concrete)(?: about (?:it|that|{_THE_QUESTION}))?",
        r"(?:i )?(?:do not|don't|dont|did not|didn't) (?:quite |really |fully )?understand"
        rf"(?: (?:it|that|{_THE_QUESTION}|what you (?:mean|want|are asking)(?: (?:here|exactly))?))?",
        r"(?:what|how) do you mean(?: (?:exactly|that|here|by that|by this|by it))*|in (?:what|which) (?:sense|way)",
        rf"what does (?:{_THE_QUESTION}|that|this|it) mean",
        r"what (?:exactly )?(?:are|is) (?:you|it) asking(?: (?:for|me))?",
        _WANTS_ANSWER,
        rf"(?:what|which) (?:do|did) you mean (?:exactly )?(?:by|with|when you say) {_SOME}",
        rf"what (?:is meant|do you understand) by {_SOME}|what does {_SOME} mean(?: here)?",
        r"how (?:detailed|long|deep|short|specific) (?:should|must|do you want) (?:it|this|that|the answer|my answer)"
        r"(?: (?:to )?be)?",
    ),
)
BARE = _compiled(
    repeat=(rf"repeat(?: (?:it|that|this))?|(?:it |that )?{_AGAIN}",),
    hint=(r"(?:a )?(?:hint|clue)",),
    skip=(
        rf"skip(?: (?:it|this|that))?|next|next one|move on|i skip(?: {_THIS_ONE})?",
        rf"(?:i think )?(?:i'll|i will) skip(?: (?:it|that|{_THIS_ONE}))?",
    ),
    stop=(rf"(?:stop|quit|exit|end)(?: {_HERE})?|finish {_HERE}|(?:stop|end|finish) (?:it|this) {_HERE}",),
    help=(r"help",),
)

_THING = (
    r"(?:version|framework|database|language|library|case|context|python|kind|type|server|client|one|ones|part"
    r"|scenario|situation|approach|sense)s?"
)
_MEANT = r"(?:do you mean|is it|are we talking about|should i assume|exactly)"
BACK = tuple(
    re.compile(phrase)
    for phrase in (
        rf"(?:do|did) you mean {_SOME}|you mean {_WORD}(?: {_WORD}){{0,2}}",
        rf"(?:which|what) {_THING}(?: of {_WORD})?(?: {_MEANT})?",
        rf"what (?:kind|sort|type) of {_WORD}(?: {_WORD})?(?: {_MEANT})?",
        rf"(?:is (?:this|it|that|{_THE_QUESTION})|are (?:we|you)) (?:(?:talking|asking|only) )?about {_SOME}",
        rf"(?:in|for|with) {_WORD} or (?:(?:in|for|with) )?{_WORD}",
        rf"(?:should|can|may|shall|do) i (?:assume|answer|give|write|show|explain|describe|focus on|have to) {_SOME}",
        rf"do you want (?:me to )?(?:an?|code|some|write|give|show|explain|describe|know|hear|the|to)(?: {_SOME})?",
        rf"(?:{_YOU} )?(?:explain|clarify|define|specify|elaborate on) {_SOME}",
    )
)


def cores(sentence: str) -> tuple[str, ...]:
    """A sentence without the politeness before it, then without any; `hint please` is more than `hint`."""
    led = sentence.removeprefix(lead[0]) if (lead := _LEAD.match(sentence)) else sentence
    return (led, _TAIL.sub("", led))
