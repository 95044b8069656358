// The title and the icon of the tab, which say whose turn it is.

const MARKING = "Being marked… · Interviewer";
let before = null; // what they were when the answer was sent

const icon = () => document.querySelector("link[rel=icon]");

export function showTab(page) {
  before = null;
  document.title = page.title;
  icon().href = page.querySelector("link[rel=icon]").getAttribute("href");
}

export function showMarking() {
  before ??= { title: document.title, href: icon().getAttribute("href") };
  document.title = MARKING;
  icon().href = "/static/icon.svg";
}

export function showMarkedNot() {
  if (!before) return;
  document.title = before.title;
  icon().href = before.href;
  before = null;
}
