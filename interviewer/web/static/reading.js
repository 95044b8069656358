// Reads the interviewer's newest words aloud, by a voice of the browser's own; one that needs no network is preferred.

import { layout, tellVoice } from "./page.js";
import { prefer, preferred } from "./preferences.js";

const KEPT = "read-aloud";
const SAID = ".bubble.interviewer > .prose, .feedback .score, #composer .choice";
const AFTER = Node.DOCUMENT_POSITION_FOLLOWING; // an element's inside follows it too
const CODE = "\uE000"; // stands where code was
const CODE_WORDS = "Code, shown on the page.";
const speech = window.speechSynthesis;
let on = preferred(KEPT) === "on";
let known = new Set(); // what has been on the page, read or not
let waiting = []; // what is to be read as soon as there is a voice

export const canRead = () => (speech?.getVoices().length ?? 0) > 0;
export const isReadingOn = () => on;

export function toggleReading() {
  on = !on;
  prefer(KEPT, on ? "on" : null);
  tellVoice("");
  if (on) read(newest());
  else stopReading();
  changed();
}

export function readNews() {
  const all = said();
  waiting = known.size === 0 ? newest() : all.filter((element) => !known.has(keyOf(element)));
  known = new Set(all.map(keyOf));
  readWaiting();
}

export function stopReading() {
  speech?.cancel();
}

function readWaiting() {
  if (on && !canRead()) return; // the voices are still to come
  if (on) read(waiting);
  waiting = [];
}

const changed = () => document.dispatchEvent(new Event("voice"));
const said = () => [...document.querySelectorAll(SAID)];
const keyOf = (element) => `${element.closest(".turn")?.id} ${element.textContent}`;

// What the interviewer said last: all that stands after the candidate's last words in the last turn, and its options.
function newest() {
  const turn = document.querySelector(".turn:last-child");
  const mine = [...turn.querySelectorAll(".bubble.candidate")].at(-1);
  return said().filter((element) => (mine ?? turn).compareDocumentPosition(element) & AFTER);
}

function read(elements) {
  if (!elements.length) return;
  stopReading();
  for (const element of elements) {
    const lang = element.matches(".score") ? "en" : layout().dataset.speech;
    for (const part of wordsOf(element).split(CODE).flatMap((text, place) => (place ? [CODE, text] : [text]))) {
      if (part === CODE) say(CODE_WORDS, "en");
      else for (const sentence of sentencesOf(part, lang)) say(sentence, lang);
    }
  }
}

function wordsOf(element) {
  const copy = element.cloneNode(true);
  for (const code of copy.querySelectorAll(".code, pre")) code.replaceWith(CODE);
  return copy.textContent;
}

// A long utterance is cut off by some browsers, so that each sentence is one.
function sentencesOf(text, lang) {
  const parts = new Intl.Segmenter(lang || undefined, { granularity: "sentence" }).segment(text.replace(/\s+/g, " "));
  return [...parts].map(({ segment }) => segment.trim()).filter((segment) => /[\p{L}\p{N}]/u.test(segment));
}

function say(text, lang) {
  const utterance = Object.assign(new SpeechSynthesisUtterance(text), { lang });
  utterance.voice = voiceOf(lang);
  utterance.onerror = ({ error }) => {
    if (error === "canceled" || error === "interrupted") return;
    stopReading();
    tellVoice(
      error === "not-allowed"
        ? "The browser reads aloud only after a click or a key on this page. Press Read aloud to hear it."
        : "The browser could not read this aloud. All words are on the page.",
    );
    on = false; // for this page; what is preferred stays
    changed();
  };
  speech.speak(utterance);
}

function voiceOf(lang) {
  const base = (lang || navigator.language).split("-")[0].toLowerCase();
  const fitting = speech.getVoices().filter((voice) => voice.lang.toLowerCase().split(/[-_]/)[0] === base);
  return fitting.find((voice) => voice.localService && voice.lang === lang) ?? fitting.find((voice) => voice.localService) ?? fitting[0] ?? null;
}

speech?.addEventListener?.("voiceschanged", () => {
  changed();
  readWaiting();
});
