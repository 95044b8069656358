// The box an answer is typed into: its keys, its code button, its height.

import { keepDraftSoon, keepTyped, takeUpTyped } from "./draft.js";
import { answerBox, composer, hasKeys, saved } from "./page.js";

export function enlivenComposer() {
  const box = answerBox();
  if (!box) return;
  document.querySelector("[data-code]").addEventListener("click", insertFence);
  box.addEventListener("keydown", onKey);
  box.addEventListener("input", typed);
  takeUpTyped(box);
  if (!box.selectionEnd) box.setSelectionRange(box.value.length, box.value.length);
  grow(box);
}

function onKey(event) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  const surely = event.ctrlKey || event.metaKey;
  if (!surely && !hasKeys()) return; // a phone's keyboard has no Shift+Enter
  if (!surely && insideFence(event.target)) return; // a line of code ends with Enter; below the block it sends
  event.preventDefault();
  composer().requestSubmit();
}

const insideFence = (box) => (box.value.slice(0, box.selectionStart).match(/^```/gm) ?? []).length % 2 === 1;

function insertFence() {
  const box = answerBox();
  const before = box.value.slice(0, box.selectionStart);
  const chosen = box.value.slice(box.selectionStart, box.selectionEnd);
  const lead = before && !before.endsWith("\n") ? "\n" : "";
  box.setRangeText(`${lead}\`\`\`python\n${chosen}\n\`\`\`\n`, box.selectionStart, box.selectionEnd, "end");
  const inside = before.length + lead.length + "```python\n".length + chosen.length;
  box.setSelectionRange(inside, inside);
  box.focus();
  typed();
}

// What stands in the box has changed.
export function typed() {
  const box = answerBox();
  grow(box);
  const over = box.value.length - Number(box.dataset.max);
  saved(over > 0 ? `${over.toLocaleString("en")} characters too long` : "");
  keepTyped();
  keepDraftSoon();
}

function grow(box) {
  if (CSS.supports("field-sizing", "content")) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 2}px`;
}
