// Asks before a form with data-confirm is sent; the text says what will be lost.

export function confirm(): void {
  const dialog = document.querySelector<HTMLDialogElement>("#confirm");
  if (!dialog) return;
  let waiting: HTMLFormElement | null = null;
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const question = form.dataset.confirm;
    if (!question || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopPropagation();
    waiting = form;
    const text = dialog.querySelector("p");
    if (text) text.textContent = question;
    dialog.showModal();
  }, true);
  dialog.addEventListener("click", (event) => {
    const target = event.target as Element;
    if (target.closest("[data-close]")) dialog.close();
    if (target.closest("[data-confirmed]") && waiting) {
      waiting.dataset.confirmed = "yes";
      waiting.requestSubmit();
      dialog.close();
    }
  });
}
