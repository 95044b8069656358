// Counts the time of an exam down, from what the server says is left, and has it handed in when it is up. Only the
// server ends it: by its own clock, with this page or without.

const clock = document.querySelector("[data-left]");
const SOON = [300, 60]; // seconds: when so many are left, that is said
const GRACE_MS = 6000; // after so long the server has ended it by itself
const began = performance.now();
let said;

function show() {
  const left = Math.max(0, Math.round(Number(clock.dataset.left) - (performance.now() - began) / 1000));
  clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  const reached = SOON.filter((seconds) => left <= seconds).length;
  if (said !== undefined && reached > said) announce(SOON[reached - 1] / 60);
  said = reached;
  if (left > 0) return;
  clearInterval(ticking);
  const over = document.querySelector("[data-over]");
  if (over) over.form.requestSubmit(over);
  else setTimeout(() => location.reload(), GRACE_MS);
}

function announce(minutes) {
  document.querySelector("[data-announce]").textContent = `${minutes} ${minutes === 1 ? "minute" : "minutes"} left.`;
}

// Each change is kept at once; the form then says that the server has it.
document.getElementById("exam")?.addEventListener("change", async ({ currentTarget: form }) => {
  const data = new URLSearchParams(new FormData(form));
  const chosen = data.getAll("option").sort();
  const kept = await fetch(form.action, { method: "POST", body: data, keepalive: true, redirect: "manual" }).catch(() => null);
  if (kept?.type === "opaqueredirect") form.elements.had.value = [".", ...chosen, ...(data.has("flagged") ? ["+flag"] : [])].join(" ");
});

const ticking = clock && setInterval(show, 1000);
if (clock) show();
