// What happens while the page is open: an answer being marked here, moves made in another tab.

import { LAYOUT, announce, layout, livePlace, pageOf, state } from "./page.js";
import { showMarking } from "./tab.js";

const AGAIN_MS = 3000;
const LATEST_MS = 60_000;
let stream = null;
let again = AGAIN_MS;
let looking = false;
let wanted = false;

// Follow the interview on the page; `moved` is given the server's page whenever it has something new.
export function follow(moved) {
  stream?.close();
  stream = null;
  const here = layout();
  if (here?.dataset.follows !== "yes") return;
  stream = new EventSource(`/interviews/${here.dataset.interview}/events?after=${here.dataset.lastEvent}`);
  for (const kind of ["turn", "feedback", "finished", "done"]) stream.addEventListener(kind, () => catchUp(moved));
  stream.addEventListener("live", (event) => showCard(JSON.parse(event.data)));
  stream.addEventListener("open", () => (again = AGAIN_MS));
  stream.addEventListener("error", (event) => goOn(event, moved));
}

// A line that broke is mended by the browser, as long as the server answers. Who finds a proxy without a server tries
// again, more and more seldom; who is told that it is in vain does not, but a database that does not answer comes back.
function goOn({ data, target }, moved) {
  if (data && JSON.parse(data).name !== "DatabaseUnusable") target.close();
  else if (target.readyState === EventSource.CLOSED && target === stream) {
    setTimeout(() => target === stream && follow(moved), again);
    again = Math.min(2 * again, LATEST_MS);
  }
}

async function catchUp(moved) {
  wanted = true;
  if (looking) return;
  looking = true;
  while (wanted && !state.busy) { // else the reply to our own sending will show it
    await new Promise((done) => setTimeout(done, 50)); // one move tells of itself in several events
    wanted = false;
    try {
      const reply = await fetch(location.pathname, { headers: { accept: "text/html" } });
      const page = reply.ok ? pageOf(await reply.text()) : null;
      if (page && !state.busy && isNews(page)) moved(page);
    } catch {
      // the stream comes back by itself and tells again
    }
  }
  looking = false;
}

function isNews(page) {
  const fresh = page.querySelector(LAYOUT);
  const isOver = document.querySelector(".live-card") && !page.querySelector(".live-card");
  return fresh && (isOver || lasting(fresh) > lasting(layout()));
}

// An event's id begins with how much of what lasts had happened by then.
const lasting = (shown) => parseInt(shown.dataset.lastEvent, 10);

function showCard({ number, html }) {
  const place = livePlace(number);
  const card = pageOf(html).querySelector(".live-card");
  if (!place || !card) return;
  const before = place.querySelector(".live-card");
  if (before) return update(before, card);
  place.closest(".turn").querySelector("form.pending")?.remove();
  place.replaceChildren(document.adoptNode(card));
  if (place.closest(".turn").matches(":last-child")) showMarking();
  if (card.dataset.announceAs) announce(card.dataset.announceAs);
  if (state.busy) card.scrollIntoView({ block: "nearest" }); // sent from this tab a moment ago
}

// Only what differs is replaced, so that nothing moves and a selection stays.
function update(before, card) {
  const [old, fresh] = [before, card].map((side) => [...side.querySelectorAll(".live-head, li, progress")]);
  if (old.length !== fresh.length) return before.replaceWith(document.adoptNode(card));
  old.forEach((part, place) => {
    part.classList.remove("fresh");
    if (part.isEqualNode(fresh[place])) return;
    if (part.matches("li")) fresh[place].classList.add("fresh");
    part.replaceWith(document.adoptNode(fresh[place]));
  });
}
