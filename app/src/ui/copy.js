// Copies the text a button names. Without scripts the buttons stay hidden and the text is there to be selected.
for (const button of document.querySelectorAll("button[data-copies]")) {
  const text = document.getElementById(button.dataset.copies);
  const words = button.querySelector("[role=status]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent);
      words.textContent = words.dataset.done;
    } catch {
      getSelection().selectAllChildren(text);
    }
  });
}
