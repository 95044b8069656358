// The server's page in place of this one, and what was just sent until it is there.

import { enlivenComposer, typed } from "./composer.js";
import { keepTyped, typedKey } from "./draft.js";
import { follow } from "./live.js";
import { putBack, written } from "./objection.js";
import { LAYOUT, announce, answerBox, focusComposer, hasKeys, layout, livePlace, made, showError } from "./page.js";
import { showMarkedNot, showMarking, showTab } from "./tab.js";
import { enlivenVoice } from "./voice.js";

export function enliven() {
  enlivenComposer();
  enlivenVoice();
  follow(showMoved);
  tick();
}

export function show(page, target, sent) {
  const objections = written(sent);
  const opened = folded().filter((details) => details.open).map(keyOf);
  layout().replaceWith(document.adoptNode(page.querySelector(LAYOUT)));
  for (const details of folded()) details.open ||= opened.includes(keyOf(details));
  showTab(page);
  history.replaceState(null, "", `/interviews/${layout().dataset.interview}`);
  enliven();
  putBack(objections);
  if (target) goTo(document.getElementById(target));
}

const folded = () => [...document.querySelectorAll(".feedback details")];
const keyOf = (details) => `${details.closest(".turn").id} ${details.querySelector("summary").textContent.trim()}`;

function goTo(element) {
  if (!element) return;
  element.scrollIntoView({ block: element.matches(".bubble") ? "nearest" : "start" });
  const card = element.querySelector(".score");
  const score = card?.textContent.replace(/\s+/g, " ").trim();
  const words = element.querySelector(".prose")?.textContent.trim();
  if (score) return announce(card.querySelector("strong") ? `Marked. ${score}` : score);
  announce(`${element.querySelector(".speaker")?.textContent ?? ""}: ${words ?? ""}`);
}

// The interview went on without this tab.
function showMoved(page) {
  const box = answerBox();
  const isTyped = box && box.value !== box.defaultValue && box.value.trim();
  const [text, key, focused] = [box?.value, box && typedKey(), document.activeElement === box];
  const [from, to] = [box?.selectionStart, box?.selectionEnd];
  const isWatched = isInSight(document.querySelector(".turn:last-child .live-card")) && !page.querySelector(".live-card");
  show(page, isWatched ? "now" : null);
  const now = answerBox();
  if (focused || (!box && hasKeys() && document.activeElement === document.body)) focusComposer();
  if (!isTyped) return;
  if (!now) return showError(`The interview ended in another tab. This was not sent:\n${text}`);
  now.value = text;
  now.setSelectionRange(from, to);
  keepTyped();
  if (typedKey() !== key) showError("The interview moved on in another tab. What you had typed is kept here.");
}

function isInSight(element) {
  const box = element?.getBoundingClientRect();
  return Boolean(box) && box.bottom > 0 && box.top < innerHeight;
}

export function showSent(text) {
  const box = answerBox();
  const place = livePlace(document.querySelector("#composer [name=turn]").value);
  const bubble = made("div", "bubble candidate answer");
  bubble.append(made("p", "speaker", "You"), made("div", "prose raw", text.trim()));
  const marking = made("p", "pending", "Reading your answer…");
  bubble.lastChild.dir = "auto";
  showMarking();
  bubble.dataset.sent = marking.dataset.sent = "";
  place.before(bubble);
  place.replaceChildren(marking);
  box.value = "";
  box.dataset.sent = text;
  if (hasKeys()) focusComposer();
  marking.scrollIntoView({ block: "nearest" });
}

export function showUnsent() {
  showMarkedNot();
  for (const element of document.querySelectorAll("[data-sent], .live-card")) {
    if (!element.matches("textarea")) element.remove();
  }
  const box = answerBox();
  if (box?.dataset.sent === undefined) return;
  box.value = joined(box.dataset.sent, box.value);
  delete box.dataset.sent;
}

// Put what was typed while an answer was being marked into the composer that follows it.
export function carryOver(text) {
  if (!text.trim()) return;
  const box = answerBox();
  if (!box) return showError(`This was not sent:\n${text}`);
  box.value = joined(box.value, text);
  typed();
}

const joined = (...texts) => texts.filter((text) => text.trim()).join("\n");

function tick() {
  const clock = document.querySelector("[data-elapsed-since]:not([data-stopped])");
  if (!clock) return;
  const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(clock.dataset.elapsedSince)) / 1000));
  clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
setInterval(tick, 1000);
