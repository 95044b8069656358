// What this browser remembers of how somebody likes the pages: nothing of it goes to the server.

const KEPT = "interviewer.";

export function preferred(name) {
  try {
    return localStorage.getItem(KEPT + name);
  } catch {
    return null; // storage is switched off
  }
}

export function prefer(name, value) {
  try {
    if (value === null) localStorage.removeItem(KEPT + name);
    else localStorage.setItem(KEPT + name, value);
  } catch {
    // it holds for this page only
  }
}
