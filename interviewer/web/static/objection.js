// Objections to marks. What is being written stays when the page is replaced; whoever sends one stays at its mark.

import { announce, showError } from "./page.js";

const BOXES = ".objection textarea";

// What stands in the objections that are being written, but for the one that was just sent.
export const written = (sent) =>
  [...document.querySelectorAll(BOXES)]
    .filter((box) => box.form !== sent && box.value !== box.defaultValue)
    .map((box) => ({ id: box.id, text: box.value, isFocused: box === document.activeElement, from: box.selectionStart, to: box.selectionEnd }));

export function putBack(texts) {
  for (const { id, text, isFocused, from, to } of texts) {
    const box = document.getElementById(id);
    if (!box) {
      showError(`That mark takes no objection any more. This was not sent:\n${text}`);
      continue;
    }
    box.value = text;
    box.closest("details").open = true;
    if (isFocused) box.focus({ preventScroll: true });
    if (isFocused) box.setSelectionRange(from, to);
  }
}

// Go back to where an objection was sent from; whether the form was one.
export function returnTo(form) {
  if (!form.closest(".objection")) return false;
  const box = document.getElementById(form.elements.comment.id);
  const details = box?.closest("details");
  if (!details) return false;
  if (details.open) box.focus();
  else {
    details.querySelector("summary").focus();
    const told = [...details.parentElement.querySelectorAll(".told")].at(-1);
    announce(`Your objection is kept. ${told?.textContent ?? ""}`);
  }
  return true;
}
