// Makes the plain pages live: sends forms without a reload, keeps the draft, shows an answer being marked.
// Every action here is a form that works without this file; the server's page stays the only truth.

import { typed } from "./composer.js";
import { forgetTyped, keepNoDraft } from "./draft.js";
import { returnTo } from "./objection.js";
import { LAYOUT, answerBox, focusComposer, layout, pageOf, showError, state } from "./page.js";
import "./exam.js";
import "./shortcuts.js";
import { carryOver, enliven, show, showSent, showUnsent } from "./showing.js";
import "./subjects.js";
import { hush } from "./voice.js";

document.documentElement.classList.add("live");

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (state.busy) event.preventDefault();
  if (state.busy || !layout()?.contains(form)) return;
  const action = event.submitter?.getAttribute("formaction") ?? form.getAttribute("action");
  if (/\/(finish|delete)$/.test(action)) return; // these lead to another page
  event.preventDefault();
  send(form, action);
});

async function send(form, action) {
  const data = new FormData(form);
  const isAnswer = form.id === "composer" && action.endsWith("/answers");
  if (isAnswer && !data.get("text").trim())
    return refuse("There are no words in the answer. Write what you know, ask for a hint, or skip.");
  setBusy(form, true);
  keepNoDraft();
  hush();
  if (isAnswer) showSent(data.get("text"));
  try {
    const reply = await fetch(action, { method: "POST", body: new URLSearchParams(data), headers: { accept: "text/html" } });
    if (reply.headers.get("content-type")?.includes("problem+json")) refuse((await reply.json()).detail);
    else {
      const page = pageOf(await reply.text());
      if (page.querySelector(LAYOUT)) showReply(page, form, reply.ok, isAnswer);
      else if (reply.ok) location.assign(reply.url);
      else refuse(page.querySelector(".lede")?.textContent ?? "That did not work. Try again in a moment.");
    }
  } catch {
    refuse("The server did not answer. Your text is still here; try again in a moment.");
  } finally {
    setBusy(form, false);
  }
}

function showReply(page, form, isDone, isAnswer) {
  const meanwhile = isAnswer ? (answerBox()?.value ?? "") : "";
  if (isDone && form.id === "composer") forgetTyped();
  show(page, isDone && form.id === "composer" ? "now" : null, form);
  if (answerBox()?.value) typed(); // text that was not sent is kept as a draft
  carryOver(meanwhile);
  if (!returnTo(form)) focusComposer();
}

function refuse(words) {
  showUnsent();
  showError(words);
  focusComposer();
}

function setBusy(form, on) {
  state.busy = on;
  for (const button of form.querySelectorAll("button")) button.disabled = on;
}

document.addEventListener("click", (event) => {
  const quote = event.target.closest("[data-quote]");
  if (!quote) return;
  event.preventDefault();
  const lit = [...document.querySelectorAll(`mark[data-anchors~="${CSS.escape(quote.dataset.quote)}"]`)];
  for (const mark of document.querySelectorAll("mark.now")) mark.classList.remove("now");
  for (const mark of lit) mark.classList.add("now");
  lit[0]?.scrollIntoView({ block: "center" });
});

if (layout()) {
  enliven();
  if (new URLSearchParams(location.search).has("notice")) history.replaceState(null, "", location.pathname + location.hash);
}
