// Makes the plain pages live: sends forms without a reload, keeps the draft, follows the other tab.
// Every action here is a form that works without this file; the server's page stays the only truth.

const LAYOUT = ".chat-layout";
const DRAFT_AFTER_MS = 500;

document.documentElement.classList.add("live");

let busy = false;
let catching = false;
let stream = null;
let draftTimer = 0;

const layout = () => document.querySelector(LAYOUT);
const composer = () => document.getElementById("composer");
const answerBox = () => document.getElementById("answer");
const tell = (place, words) => Object.assign(document.querySelector(place) ?? {}, { textContent: words });
const announce = (words) => tell("[data-announce]", words);
const saved = (words) => tell("[data-saved]", words);
const focusComposer = () => (answerBox() ?? document.querySelector(".over .strong"))?.focus({ preventScroll: true });

// ---- sending -------------------------------------------------------------

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (busy) event.preventDefault();
  if (busy || !layout()?.contains(form)) return;
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
  clearTimeout(draftTimer);
  draftTimer = 0;
  if (isAnswer) showSent(data.get("text"));
  try {
    const reply = await fetch(action, { method: "POST", body: new URLSearchParams(data), headers: { accept: "text/html" } });
    if (reply.headers.get("content-type")?.includes("problem+json")) refuse((await reply.json()).detail);
    else {
      const page = pageOf(await reply.text());
      if (page.querySelector(LAYOUT)) {
        if (reply.ok) forgetTyped();
        show(page, reply.ok && form.id === "composer" ? "now" : null);
        if (answerBox()?.value) onInput({ target: answerBox() }); // text that was not sent is kept as a draft
        focusComposer();
      } else if (reply.ok) location.assign(reply.url);
      else refuse(page.querySelector(".lede")?.textContent ?? "That did not work. Try again in a moment.");
    }
  } catch {
    refuse("The server did not answer. Your text is still here; try again in a moment.");
  } finally {
    setBusy(form, false);
  }
}

function refuse(words) {
  showUnsent();
  showError(words);
  focusComposer();
}

function setBusy(form, on) {
  busy = on;
  for (const button of form.querySelectorAll("button")) button.disabled = on;
}

function showSent(text) {
  const bubble = made("div", "bubble candidate answer");
  bubble.append(made("p", "speaker", "You"), made("div", "prose raw", text.trim()));
  const marking = made("p", "pending marking", "Reading your answer…");
  bubble.dataset.sent = marking.dataset.sent = "";
  document.querySelector(".transcript > .turn:last-child").append(bubble, marking);
  answerBox().value = "";
  answerBox().dataset.sent = text;
  marking.scrollIntoView({ block: "nearest" });
}

const made = (tag, className, textContent = "") => Object.assign(document.createElement(tag), { className, textContent });

function showUnsent() {
  for (const element of document.querySelectorAll("[data-sent]")) {
    if (element.matches("textarea")) {
      element.value = element.dataset.sent;
      delete element.dataset.sent;
    } else element.remove();
  }
}

function showError(words) {
  let place = document.getElementById("composer-error");
  if (!place) {
    place = Object.assign(made("p", "error"), { id: "composer-error", role: "alert" });
    (composer() ?? document.querySelector(".over") ?? document.querySelector(".talk")).prepend(place);
  }
  place.textContent = words;
  answerBox()?.setAttribute("aria-describedby", "composer-error");
}

// ---- showing what the server says ----------------------------------------

const pageOf = (html) => new DOMParser().parseFromString(html, "text/html");

function show(page, target) {
  const opened = [...document.querySelectorAll(".feedback details[open]")].map(detailsKey);
  layout().replaceWith(document.adoptNode(page.querySelector(LAYOUT)));
  for (const details of document.querySelectorAll(".feedback details")) details.open = opened.includes(detailsKey(details));
  document.title = page.title;
  history.replaceState(null, "", `/interviews/${layout().dataset.interview}`);
  enliven();
  if (target) goTo(document.getElementById(target));
}

const detailsKey = (details) => `${details.closest(".turn").id} ${details.querySelector("summary").textContent.trim()}`;

function goTo(element) {
  if (!element) return;
  element.scrollIntoView({ block: element.matches(".bubble") ? "nearest" : "start" });
  const score = element.querySelector(".score")?.textContent.replace(/\s+/g, " ").trim();
  const words = element.querySelector(".prose")?.textContent.trim();
  announce(score ? `Marked. ${score}` : `${element.querySelector(".speaker")?.textContent ?? ""}: ${words ?? ""}`);
}

// ---- the composer --------------------------------------------------------

function enliven() {
  const box = answerBox();
  if (box) {
    document.querySelector("[data-code]").addEventListener("click", insertFence);
    box.addEventListener("keydown", onKey);
    box.addEventListener("input", onInput);
    takeUpTyped(box);
    grow(box);
  }
  followStream();
  tick();
}

function onKey(event) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  const surely = event.ctrlKey || event.metaKey;
  if (!surely && matchMedia("(pointer: coarse)").matches) return; // a phone's keyboard has no Shift+Enter
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
  onInput({ target: box });
}

function onInput({ target }) {
  grow(target);
  const over = target.value.length - Number(target.dataset.max);
  saved(over > 0 ? `${over.toLocaleString("en")} characters too long` : "");
  keepTyped();
  clearTimeout(draftTimer);
  draftTimer = setTimeout(keepDraft, DRAFT_AFTER_MS);
}

function grow(box) {
  if (CSS.supports("field-sizing", "content")) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 2}px`;
}

// ---- the draft -----------------------------------------------------------

// What is typed stays in this tab's own memory until the server has it: a reload or a dead server loses no word.
const typedKey = () => `${layout().dataset.interview}/${composer().elements.turn.value}/${composer().elements.seen.value}`;
const keepTyped = () => remember((memory) => memory.setItem(typedKey(), answerBox().value));
const forgetTyped = () => remember((memory) => composer() && memory.removeItem(typedKey()));
const takeUpTyped = (box) =>
  remember((memory) => {
    const typed = memory.getItem(typedKey());
    if (typed === null || typed === box.value) return;
    box.value = typed;
    draftTimer = setTimeout(keepDraft, DRAFT_AFTER_MS);
  });

function remember(act) {
  try {
    act(sessionStorage);
  } catch {
    // no room, or storage is switched off: the server's draft remains
  }
}

const bodyOfDraft = (sequence) =>
  composer() && JSON.stringify({ turn: Number(composer().elements.turn.value), text: answerBox().value, sequence });

async function keepDraft() {
  draftTimer = 0;
  if (busy || !composer()) return;
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
  } catch {
    saved("Draft not kept");
  }
}

addEventListener("pagehide", () => {
  if (draftTimer) keepDraft();
});

// ---- what happens elsewhere ----------------------------------------------

function followStream() {
  stream?.close();
  stream = null;
  const here = layout();
  if (here?.dataset.open !== "yes") return;
  stream = new EventSource(`/api/interviews/${here.dataset.interview}/events?after=${here.dataset.lastEvent}`);
  for (const kind of ["turn", "feedback", "finished"]) stream.addEventListener(kind, catchUp);
}

async function catchUp() {
  if (busy || catching) return; // our own sending, or the look that is under way, will show it
  catching = true;
  try {
    await new Promise((done) => setTimeout(done, 50)); // one move tells of itself in several events
    const reply = await fetch(location.pathname, { headers: { accept: "text/html" } });
    const page = reply.ok ? pageOf(await reply.text()) : null;
    const fresh = page?.querySelector(LAYOUT);
    if (fresh && !busy && Number(fresh.dataset.lastEvent) > Number(layout().dataset.lastEvent)) showMoved(page);
  } catch {
    // the stream comes back by itself and tells again
  } finally {
    catching = false;
  }
}

function showMoved(page) {
  const box = answerBox();
  const isTyped = box && box.value !== box.defaultValue && box.value.trim();
  const [text, key, focused] = [box?.value, box && typedKey(), document.activeElement === box];
  const [from, to] = [box?.selectionStart, box?.selectionEnd];
  show(page, null);
  const now = answerBox();
  if (focused) focusComposer();
  if (!isTyped) return;
  if (!now) return showError(`The interview ended in another tab. This was not sent:\n${text}`);
  now.value = text;
  now.setSelectionRange(from, to);
  keepTyped();
  if (typedKey() !== key) showError("The interview moved on in another tab. What you had typed is kept here.");
}

// ---- elapsed time, quotes ------------------------------------------------

function tick() {
  const clock = document.querySelector("[data-elapsed-since]:not([data-stopped])");
  if (!clock) return;
  const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(clock.dataset.elapsedSince)) / 1000));
  clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
setInterval(tick, 1000);

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
