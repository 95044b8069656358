// Writes down what is said, by the browser's own recognition: at the cursor, to be read over before it is sent by hand.

import { typed } from "./composer.js";
import { answerBox, hasKeys, layout, tellVoice } from "./page.js";

const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;
const LISTENING = 
  "Listening. Your browser does this, and some, Chrome among them, send the sound to their maker; this server gets only the text.";
const TYPE = "You can go on typing.";
const TROUBLE = {
  "not-allowed": `The microphone was refused. ${TYPE} To dictate, allow it in the browser's settings for this page.`,
  "service-not-allowed": `This browser does not allow its dictation here. ${TYPE}`,
  "audio-capture": `No microphone was found. ${TYPE}`,
  network: `The browser's dictation could not be reached over the network. ${TYPE}`,
  "no-speech": `Nothing was heard. Press Dictate to try again. ${TYPE}`,
  "language-not-supported": `This browser cannot write down the language of this interview. ${TYPE}`,
};
const UNKNOWN = `The browser's dictation does not work just now. ${TYPE}`;
const STOPPED = "The browser has stopped listening. Press Dictate to go on.";
let listening = null;

export const canDictate = () => Boolean(Recognition) && isSecureContext;
export const isListening = () => listening !== null;
export const toggleDictation = () => (listening ? finish() : begin());

function begin() {
  const box = answerBox();
  if (!box) return;
  const started = Object.assign(new Recognition(), { lang: layout().dataset.speech, interimResults: true });
  started.continuous = hasKeys(); // phones repeat themselves where it is
  let trouble = null;
  started.onresult = (event) => started === listening && hear(event);
  started.onerror = ({ error }) => (trouble = error === "aborted" ? "" : (TROUBLE[error] ?? UNKNOWN));
  started.onend = () => started === listening && end(trouble ?? (started.isFinishing ? "" : STOPPED));
  listening = started;
  if (hasKeys()) box.focus({ preventScroll: true });
  tellVoice(LISTENING);
  changed();
  try {
    started.start();
  } catch {
    end(UNKNOWN);
  }
}

// Stop listening; what was said until now is still written down.
export function finish() {
  if (!listening) return;
  listening.isFinishing = true;
  listening.stop();
}

// Stop at once; what is not written down yet is dropped.
export function abort() {
  const stopped = listening;
  if (!stopped) return;
  end("");
  stopped.abort();
}

function end(words) {
  listening = null;
  tellVoice(words);
  changed();
}

const changed = () => document.dispatchEvent(new Event("voice"));

function hear(event) {
  let guessed = "";
  for (const result of [...event.results].slice(event.resultIndex)) {
    if (result.isFinal) write(result[0].transcript);
    else guessed += result[0].transcript;
  }
  tellVoice(LISTENING, guessed.trim());
}

function write(transcript) {
  const box = answerBox();
  const text = transcript.trim();
  if (!box || !text) return;
  const [from, to] = [box.selectionStart, box.selectionEnd];
  box.setRangeText(gap(box.value[from - 1], text[0]) + text + gap(text.at(-1), box.value[to]), from, to, "end");
  typed();
}

// A blank between words, where the script has any.
const SOLID = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
function gap(before = " ", after = " ") {
  return /[\s([{`]/.test(before) || /[\s.,;:!?)\]}]/.test(after) || SOLID.test(before + after) ? "" : " ";
}
