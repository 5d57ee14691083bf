// Copies a field for pasting elsewhere, and says so; the field itself can be selected without this.
const said = document.querySelector("[data-copied]");

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = `${button.dataset.said}.`;
    } catch {
      said.textContent = "Your browser does not let us copy. The text is selected: press Ctrl and C.";
    }
  });
}
