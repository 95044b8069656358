// Counts the time of an exam down and hands it in when it is up; the server does the same on its own.

const clock = document.querySelector("[data-until]");
const SOON = [300, 60]; // seconds at which it is said how many are left

function show() {
  const left = Math.max(0, Math.round((Date.parse(clock.dataset.until) - Date.now()) / 1000));
  clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  if (SOON.includes(left)) document.querySelector("[data-announce]").textContent = `${left / 60} minutes left.`.replace("1 minutes", "1 minute");
  if (left > 0) return;
  clearInterval(ticking);
  const form = document.getElementById("exam");
  form.requestSubmit(form.querySelector("[data-over]"));
}

const ticking = clock && setInterval(show, 1000);
if (clock) show();
