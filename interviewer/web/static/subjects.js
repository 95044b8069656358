// Shows the topics of the chosen subject only; without this file all are there, and the server counts those of the subject.

const subjects = document.querySelector("[data-packs]");

function showTopics() {
  const chosen = subjects.querySelector(":checked")?.value;
  for (const topics of document.querySelectorAll("[data-pack]")) {
    topics.hidden = topics.disabled = topics.dataset.pack !== chosen;
  }
}

if (subjects) {
  subjects.addEventListener("change", showTopics);
  window.addEventListener("pageshow", showTopics); // back in history, the browser restores what was chosen
}
