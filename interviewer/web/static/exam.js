// Counts the time of an exam down and hands it in when it is up; the server does the same on its own.

const clock = document.querySelector("[data-until]");
const SOON = [300, 60]; // seconds: when so many are left, that is said
let said;

function show() {
  const left = Math.max(0, Math.round((Date.parse(clock.dataset.until) - Date.now()) / 1000));
  clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  const reached = SOON.filter((seconds) => left <= seconds).length;
  if (said !== undefined && reached > said) announce(SOON[reached - 1] / 60);
  said = reached;
  if (left > 0) return;
  clearInterval(ticking);
  const form = document.getElementById("exam");
  form.requestSubmit(form.querySelector("[data-over]"));
}

function announce(minutes) {
  document.querySelector("[data-announce]").textContent = `${minutes} ${minutes === 1 ? "minute" : "minutes"} left.`;
}

const ticking = clock && setInterval(show, 1000);
if (clock) show();
