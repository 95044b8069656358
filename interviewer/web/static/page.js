// The parts of a chat page that every other module here speaks of.

export const LAYOUT = ".chat-layout";
export const state = { busy: false }; // a form of this tab is on its way

export const layout = () => document.querySelector(LAYOUT);
export const composer = () => document.getElementById("composer");
export const answerBox = () => document.getElementById("answer");
export const livePlace = (number) => document.querySelector(`[data-live="${number}"]`);
export const hasKeys = () => !matchMedia("(pointer: coarse)").matches; // focus would open a phone's keyboard
export const pageOf = (html) => new DOMParser().parseFromString(html, "text/html");
export const made = (tag, className, textContent = "") => Object.assign(document.createElement(tag), { className, textContent });

const tell = (place, words) => Object.assign(document.querySelector(place) ?? {}, { textContent: words });
export const announce = (words) => tell("[data-announce]", words);
export const saved = (words) => tell("[data-saved]", words);
export function tellVoice(words, heard = "") {
  tell("[data-voice]", words);
  tell("[data-heard]", heard); // beside the live region: a screen reader does not read each guess
}

export const focusComposer = () => (answerBox() ?? document.querySelector(".choosing input, .over .strong"))?.focus({ preventScroll: true });

export function showError(words) {
  let place = document.getElementById("composer-error");
  if (!place) {
    place = Object.assign(made("p", "error"), { id: "composer-error", role: "alert" });
    (composer() ?? document.querySelector(".over") ?? document.querySelector(".talk")).prepend(place);
  }
  place.textContent = words;
  answerBox()?.setAttribute("aria-describedby", "composer-error");
}
