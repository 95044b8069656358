// Reading aloud and dictating, both by the browser and both optional: their buttons, and the line that tells of them.

import { abort, canDictate, finish, isListening, toggleDictation } from "./dictating.js";
import { canRead, isReadingOn, readNews, stopReading, toggleReading } from "./reading.js";

export function enlivenVoice() {
  abort(); // what is still being heard belongs to the box that was there
  show();
  readNews();
}

// Neither may go on: something is sent, or left behind.
export function hush() {
  stopReading();
  abort();
}

function show() {
  for (const [name, can, on] of [["read", canRead(), isReadingOn()], ["dictate", canDictate(), isListening()]]) {
    const button = document.querySelector(`[data-${name}]`);
    if (!button) continue;
    button.hidden = !can;
    button.setAttribute("aria-pressed", String(on));
  }
}

document.addEventListener("voice", show);
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-read]")) toggleReading();
  if (!event.target.closest("[data-dictate]")) return;
  stopReading(); // the microphone would hear it
  toggleDictation();
});
document.addEventListener("input", (event) => event.target.matches("textarea") && stopReading());
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  stopReading();
  finish();
});
addEventListener("pagehide", hush);
