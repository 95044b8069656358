// What is typed and not sent. It stays in this tab's own memory until the server has it: a reload or a dead server
// loses no word.

import { answerBox, composer, layout, saved, state } from "./page.js";

const DRAFT_AFTER_MS = 500;
let timer = 0;

export const typedKey = () => `${layout().dataset.interview}/${composer().elements.turn.value}/${composer().elements.seen.value}`;
export const keepTyped = () => remember((memory) => memory.setItem(typedKey(), answerBox().value));
export const forgetTyped = () => remember((memory) => composer() && memory.removeItem(typedKey()));
export const takeUpTyped = (box) =>
  remember((memory) => {
    const typed = memory.getItem(typedKey());
    if (typed === null || typed === box.value) return;
    box.value = typed;
    keepDraftSoon();
  });

function remember(act) {
  try {
    act(sessionStorage);
  } catch {
    // no room, or storage is switched off: the server's draft remains
  }
}

export function keepDraftSoon() {
  clearTimeout(timer);
  timer = setTimeout(keepDraft, DRAFT_AFTER_MS);
}

export function keepNoDraft() {
  clearTimeout(timer);
  timer = 0;
}

const bodyOfDraft = (sequence) =>
  composer() && JSON.stringify({ turn: Number(composer().elements.turn.value), text: answerBox().value, sequence });

async function keepDraft() {
  timer = 0;
  if (state.busy || !composer()) return;
  const sequence = Date.now();
  const body = bodyOfDraft(sequence);
  try {
    const reply = await fetch(`/api/interviews/${layout().dataset.interview}/draft`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body,
      keepalive: body.length < 60_000,
    });
    if (reply.ok && body === bodyOfDraft(sequence)) {
      forgetTyped();
      saved("Draft kept");
    }
    if (reply.status >= 500) saved("Draft not kept");
    if ([429, 503].includes(reply.status) && !timer) timer = setTimeout(keepDraft, 1000 * Number(reply.headers.get("retry-after") ?? 5)); // too often, or no database
  } catch {
    saved("Draft not kept");
  }
}

addEventListener("pagehide", () => {
  if (timer) keepDraft();
});
