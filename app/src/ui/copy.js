// Copies the text a button names. Without scripts the buttons stay hidden and the text is there to be selected.
for (const button of document.querySelectorAll("button[data-copies]")) {
  const text = document.getElementById(button.dataset.copies);
  const label = button.querySelector("span");
  const status = button.nextElementSibling;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent);
      label.textContent = status.textContent = status.dataset.copied;
    } catch {
      getSelection().selectAllChildren(text);
    }
  });
}
