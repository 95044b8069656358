// Makes the plain pages live: sends forms without a reload, keeps the draft, follows the other tab.
// Every action here is a form that works without this file; the server's page stays the only truth.

const LAYOUT = ".chat-layout";
const DRAFT_AFTER_MS = 500;

document.documentElement.classList.add("live");

let busy = false;
let stream = null;
let draftTimer = 0;

const layout = () => document.querySelector(LAYOUT);
const composer = () => document.getElementById("composer");
const answerBox = () => document.getElementById("answer");
const announce = (words) => {
  const place = document.querySelector("[data-announce]");
  if (place) place.textContent = words;
};

// ---- sending -------------------------------------------------------------

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!layout()?.contains(form) || busy) {
    if (busy) event.preventDefault();
    return;
  }
  const action = event.submitter?.getAttribute("formaction") ?? form.getAttribute("action");
  if (/\/(finish|delete)$/.test(action)) return; // these lead to another page
  event.preventDefault();
  send(form, action);
});

async function send(form, action) {
  const data = new FormData(form);
  const isAnswer = form.id === "composer" && action.endsWith("/answers");
  if (isAnswer && !data.get("text").trim()) {
    showError("There are no words in the answer. Write what you know, ask for a hint, or skip.");
    answerBox().focus();
    return;
  }
  setBusy(form, true);
  stopDraft();
  if (isAnswer) showSent(data.get("text"));
  try {
    const reply = await fetch(action, { method: "POST", body: new URLSearchParams(data), headers: { accept: "text/html" } });
    if (reply.headers.get("content-type")?.includes("problem+json")) {
      showUnsent();
      showError((await reply.json()).detail);
    } else await show(reply, isAnswer && reply.ok ? "now" : null);
  } catch {
    showUnsent();
    showError("The server did not answer. Your text is still here; try again in a moment.");
  } finally {
    setBusy(form, false);
  }
}

function setBusy(form, on) {
  busy = on;
  for (const button of form.querySelectorAll("button")) button.disabled = on;
}

function showSent(text) {
  const turn = document.querySelector(".transcript > .turn:last-child");
  const bubble = document.createElement("div");
  bubble.className = "bubble candidate answer";
  bubble.dataset.sent = "";
  const speaker = document.createElement("p");
  speaker.className = "speaker";
  speaker.textContent = "You";
  const said = document.createElement("div");
  said.className = "prose raw";
  said.textContent = text.trim();
  bubble.append(speaker, said);
  const marking = document.createElement("p");
  marking.className = "pending marking";
  marking.dataset.sent = "";
  marking.textContent = "Reading your answer…";
  turn.append(bubble, marking);
  answerBox().value = "";
  answerBox().dataset.sent = text;
  marking.scrollIntoView({ block: "nearest" });
}

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
    place = document.createElement("p");
    place.id = "composer-error";
    place.className = "error";
    place.setAttribute("role", "alert");
    composer().before(place);
  }
  place.textContent = words;
  answerBox().setAttribute("aria-describedby", "composer-error");
}

// ---- showing what the server says ----------------------------------------

async function show(reply, target) {
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  const fresh = page.querySelector(LAYOUT);
  if (!fresh) {
    location.assign(reply.url);
    return;
  }
  const opened = [...document.querySelectorAll(".feedback details[open]")].map(detailsKey);
  layout().replaceWith(document.adoptNode(fresh));
  for (const details of document.querySelectorAll(".feedback details")) {
    if (opened.includes(detailsKey(details))) details.open = true;
  }
  document.title = page.title;
  history.replaceState(null, "", `/interviews/${layout().dataset.interview}`);
  enliven();
  if (target) goTo(document.getElementById(target));
  answerBox()?.focus({ preventScroll: true });
}

const detailsKey = (details) =>
  `${details.closest(".turn").id} ${details.querySelector("summary").textContent.trim()}`;

function goTo(element) {
  if (!element) return;
  element.scrollIntoView({ block: "start" });
  const score = element.querySelector(".score")?.textContent.replace(/\s+/g, " ").trim();
  const words = element.querySelector(".prose")?.textContent.trim();
  announce(score ? `Marked. ${score}` : `${element.querySelector(".speaker")?.textContent ?? ""}: ${words ?? ""}`);
}

// ---- the composer --------------------------------------------------------

function enliven() {
  const box = answerBox();
  if (box) {
    const code = document.querySelector("[data-code]");
    code.hidden = false;
    code.addEventListener("click", insertFence);
    box.addEventListener("keydown", onKey);
    box.addEventListener("input", onInput);
    grow(box);
  }
  followStream();
  tick();
}

function onKey(event) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.ctrlKey || event.metaKey) return;
  if (insideFence(event.target)) return; // a line of code ends with Enter; the button or leaving the block sends
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
  clearTimeout(draftTimer);
  draftTimer = setTimeout(keepDraft, DRAFT_AFTER_MS);
}

function grow(box) {
  if (CSS.supports("field-sizing", "content")) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 2}px`;
}

// ---- the draft -----------------------------------------------------------

const saved = (words) => {
  const place = document.querySelector("[data-saved]");
  if (place) place.textContent = words;
};

function stopDraft() {
  clearTimeout(draftTimer);
  draftTimer = 0;
}

async function keepDraft() {
  draftTimer = 0;
  if (busy || !composer()) return;
  const turn = Number(composer().elements.turn.value);
  const body = JSON.stringify({ turn, text: answerBox().value, sequence: Date.now() });
  try {
    const reply = await fetch(`/api/interviews/${layout().dataset.interview}/draft`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body,
      keepalive: body.length < 60_000,
    });
    if (reply.ok && !answerBox()?.dataset.sent) saved("Draft kept");
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
  if (!here || here.dataset.open !== "yes") return;
  stream = new EventSource(`/api/interviews/${here.dataset.interview}/events?after=${here.dataset.lastEvent}`);
  for (const kind of ["turn", "feedback", "finished"]) stream.addEventListener(kind, catchUp);
}

async function catchUp() {
  if (busy) return; // our own sending will show it
  const box = answerBox();
  const turn = composer()?.elements.turn.value;
  const text = box?.value ?? "";
  const reply = await fetch(location.pathname, { headers: { accept: "text/html" } });
  if (busy || !reply.ok) return;
  await show(reply, null);
  if (composer()?.elements.turn.value === turn && text) answerBox().value = text;
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
  const lit = [...document.querySelectorAll("mark")].filter((mark) =>
    mark.dataset.anchors.split(" ").includes(quote.dataset.quote),
  );
  for (const mark of document.querySelectorAll("mark.now")) mark.classList.remove("now");
  for (const mark of lit) mark.classList.add("now");
  lit[0]?.scrollIntoView({ block: "center" });
});

if (layout()) {
  enliven();
  if (new URLSearchParams(location.search).has("notice")) history.replaceState(null, "", location.pathname + location.hash);
}
