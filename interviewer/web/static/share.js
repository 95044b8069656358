// Copies the link to a report; where the browser does not let a page do that, there is no button.

const button = document.querySelector("[data-copy]");
if (button && !navigator.clipboard) button.remove();
button?.addEventListener("click", async () => {
  const link = document.getElementById(button.dataset.copy);
  const told = document.getElementById("share-copied");
  try {
    await navigator.clipboard.writeText(link.value);
    told.textContent = "Copied.";
  } catch {
    link.select();
    told.textContent = "It could not be copied. The link is selected: copy it from the keyboard.";
  }
});
