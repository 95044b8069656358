"""Stand-ins for the browser's speech services, which headless Chromium does not have: no microphone, no voices.

They keep to the Web Speech API (https://webaudio.github.io/web-speech-api/): the events come in its order and never
within the call that causes them, `stop` gives the result of what was heard, `abort` gives none, an utterance that is
cancelled says so by an error, and utterances wait for one another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import Page

RECOGNITION = """(() => {
  class Recognition extends EventTarget {
    lang = ""; continuous = false; interimResults = false; maxAlternatives = 1;
    #runs = false; #results = [];
    start() {
      if (this.#runs) throw new DOMException("it has started", "InvalidStateError");
      window.recognition = this;
      window.recognitions = (window.recognitions ?? 0) + 1;
      this.#runs = true;
      this.#results = [];
      this.#soon(() => (window.refusal ? this.fail(window.refusal) : this.#tell("start", "audiostart")));
    }
    stop() {
      if (this.#runs) this.#soon(() => { this.#settle(); this.#end(); });
    }
    abort() {
      if (this.#runs) this.#soon(() => { this.#tell(this.#made("error", { error: "aborted" })); this.#end(); });
    }
    hear(transcript, isFinal) {
      if (!this.#runs) return;
      if (!this.#results.length) this.#tell("soundstart", "speechstart");
      const open = this.#results.findIndex((result) => !result.isFinal);
      const place = open < 0 ? this.#results.length : open;
      this.#results[place] = Object.assign([{ transcript, confidence: 0.9 }], { isFinal });
      const told = { resultIndex: place, results: [...this.#results] };
      if (isFinal || this.interimResults) this.#tell(this.#made("result", told));
      if (isFinal && !this.continuous) this.#end();
    }
    fail(error) {
      this.#tell(this.#made("error", { error, message: "" }));
      this.#end();
    }
    #settle() {
      const open = this.#results.at(-1);
      if (open && !open.isFinal) this.hear(open[0].transcript, true);
    }
    #end() {
      if (!this.#runs) return;
      this.#runs = false;
      this.#tell("audioend", "end");
    }
    #made(type, init) { return Object.assign(new Event(type), init); }
    #soon(act) { setTimeout(act, 0); }
    #tell(...events) {
      for (const each of events) {
        const event = typeof each === "string" ? new Event(each) : each;
        this["on" + event.type]?.(event);
        this.dispatchEvent(event);
      }
    }
  }
  delete window.webkitSpeechRecognition;
  window.SpeechRecognition = Recognition;
})();"""
SYNTHESIS = """((voices) => {
  class Utterance extends EventTarget {
    constructor(text) { super(); Object.assign(this, { text, lang: "", voice: null, rate: 1, pitch: 1, volume: 1 }); }
  }
  class Synthesis extends EventTarget {
    voices = voices; waiting = []; spoken = [];
    getVoices() { return this.voices; }
    get speaking() { return this.waiting.length > 0; }
    speak(utterance) {
      this.waiting.push(utterance);
      setTimeout(() => (window.refusal ? this.#fail(utterance, window.refusal) : this.#begin()), 0);
    }
    cancel() {
      const stopped = this.waiting.splice(0);
      const why = (place) => (place ? "canceled" : "interrupted");
      stopped.forEach((utterance, place) => setTimeout(() => this.#told(utterance, why(place)), 0));
    }
    arrive(more) { this.voices = more; this.dispatchEvent(new Event("voiceschanged")); }
    sayAll() {
      while (this.waiting.length) { this.#begin(); this.#finished(this.waiting.shift()); }
    }
    #begin() {
      const first = this.waiting[0];
      if (!first || first.begun) return;
      first.begun = true;
      this.spoken.push({ text: first.text, lang: first.lang, voice: first.voice?.name ?? null });
      first.onstart?.(new Event("start"));
    }
    #finished(utterance) { utterance.onend?.(new Event("end")); }
    #fail(utterance, error) {
      if (!this.waiting.includes(utterance)) return;
      this.waiting.splice(this.waiting.indexOf(utterance), 1);
      this.#told(utterance, error);
    }
    #told(utterance, error) { utterance.onerror?.(Object.assign(new Event("error"), { error })); }
  }
  window.SpeechSynthesisUtterance = Utterance;
  Object.defineProperty(window, "speechSynthesis", { value: new Synthesis(), configurable: true });
})"""
NONE = """
  delete window.SpeechRecognition;
  delete window.webkitSpeechRecognition;
  Object.defineProperty(window, "speechSynthesis", { value: undefined });
"""
ENGLISH = '[{ name: "far", lang: "en-US", localService: false }, { name: "near", lang: "en-GB", localService: true }]'


@dataclass(frozen=True, slots=True)
class Speech:
    """The speech services of a page: `Speech.given(page)` before it is opened."""

    page: Page

    @classmethod
    def given(cls, page: Page, *, voices: str = ENGLISH) -> Speech:
        """Both services, with voices as the browser lists them."""
        page.add_init_script(RECOGNITION)
        page.add_init_script(f"{SYNTHESIS}({voices});")
        return cls(page)

    def hear(self, *guesses: str, final: bool = True) -> None:
        """Somebody says something; `guesses` are what the browser makes of it, the last one for good if `final`."""
        for place, guess in enumerate(guesses, 1):
            self.page.evaluate(
                "([text, isFinal]) => recognition.hear(text, isFinal)", [guess, final and place == len(guesses)]
            )

    def fail(self, error: str) -> None:
        """The recognition that runs ends with an error."""
        self.page.evaluate("error => recognition.fail(error)", error)

    def refuse(self, error: str) -> None:
        """Whatever is begun from now on ends with an error at once."""
        self.page.evaluate("error => { window.refusal = error; }", error)

    @property
    def recognitions(self) -> int:
        """How often the page has listened since it was opened."""
        return int(self.page.evaluate("window.recognitions ?? 0"))

    def said(self) -> Sequence[dict[str, str]]:
        """All that was said aloud since the page was opened, having waited for the rest of it; text, lang, voice."""
        self.page.evaluate("speechSynthesis.sayAll()")
        spoken: Sequence[dict[str, str]] = self.page.evaluate("speechSynthesis.spoken.splice(0)")
        return spoken

    def is_speaking(self) -> bool:
        """Whether something is being said or waits to be."""
        return bool(self.page.evaluate("speechSynthesis.speaking"))
