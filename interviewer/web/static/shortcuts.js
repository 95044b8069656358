// Hears the shortcuts of keys.js and lists them in a dialog.

import { SHORTCUTS } from "./keys.js";
import { made } from "./page.js";
import { prefer, preferred } from "./preferences.js";

const OFF = "single-keys"; // WCAG 2.1.4: keys without Alt or Ctrl can be switched off
const PAIR_WITHIN_MS = 1500;
let [first, firstAt] = ["", 0];

const isMac = /Mac/.test(navigator.platform);
const named = (key) => (isMac && key === "Alt" ? "Option" : key);
const dialog = () => document.querySelector("dialog.shortcuts");
const placeOf = ({ press, go, there }) =>
  [...document.querySelectorAll(press ?? go ?? there)].filter((element) => element.checkVisibility()).at(-1);
const isText = (element) => element.matches?.("textarea, select, input:not([type=radio], [type=checkbox]), [contenteditable]");
const isSingle = ({ keys, then }) => then || (keys.length === 1 && keys[0].length === 1);

document.addEventListener("keydown", (event) => {
  if (!event.key || event.defaultPrevented || event.isComposing || event.repeat || event.ctrlKey || event.metaKey || dialog()?.open) return;
  const shortcut = event.altKey ? withAlt(event) : single(event);
  const place = shortcut && placeOf(shortcut);
  if (!place) return;
  event.preventDefault();
  if (shortcut.press) place.click();
  else goTo(place);
});

// By the letter on the key; where Alt makes another character of it, by the key's place.
const letterOf = ({ key, code }) => (/^[a-z]$/i.test(key) ? key.toUpperCase() : code.replace("Key", ""));
const withAlt = (event) =>
  event.shiftKey ? null : SHORTCUTS.find(({ keys }) => keys[0] === "Alt" && keys[1] === letterOf(event));

function single(event) {
  if (isText(event.target) || preferred(OFF) === "off") return null;
  const key = event.key.length === 1 ? event.key.toUpperCase() : "";
  const before = event.timeStamp - firstAt < PAIR_WITHIN_MS ? first : "";
  [first, firstAt] = [key, event.timeStamp];
  return SHORTCUTS.find((each) => isSingle(each) && (each.then ? each.keys[0] === before && each.keys[1] === key : each.keys[0] === key));
}

function goTo(place) {
  if (place.matches("details")) place.open = true;
  const stop = place.querySelector(":scope > form button") ?? place;
  if (stop === place) place.tabIndex = -1;
  stop.focus({ preventScroll: true });
  stop.scrollIntoView({ block: stop === place ? "start" : "nearest" });
}

for (const button of document.querySelectorAll("[data-shortcuts]")) button.addEventListener("click", open);

function open() {
  const shown = dialog() ?? document.body.appendChild(empty());
  const rows = SHORTCUTS.filter(placeOf).map(({ keys, then, does }) => {
    const row = made("div");
    const keyed = made("dt");
    keys.forEach((key, place) => keyed.append(place ? (then ? " then " : " + ") : "", made("kbd", "", named(key))));
    row.append(keyed, made("dd", "", does));
    return row;
  });
  shown.querySelector("dl").replaceChildren(...rows);
  shown.showModal();
}

function empty() {
  const created = made("dialog", "shortcuts");
  created.setAttribute("aria-label", "Shortcuts");
  const singles = Object.assign(made("input"), { type: "checkbox", checked: preferred(OFF) !== "off" });
  singles.addEventListener("change", () => prefer(OFF, singles.checked ? null : "off"));
  const label = made("label", "line");
  label.append(singles, made("span", "", "Keys without Alt or Ctrl work too, outside of text fields"));
  const close = Object.assign(made("button", "", "Close"), { type: "button", autofocus: true });
  close.addEventListener("click", () => created.close());
  created.addEventListener("click", (event) => event.target === created && created.close()); // beside it
  const head = made("div", "head");
  head.append(made("h2", "", "Shortcuts"), close);
  created.append(head, made("dl"), label);
  return created;
}
