// Keys that work anywhere on the page, and the list of all of them.

export function shortcuts({ page, search, help, dialog }) {
  const open = () => dialog.open || dialog.showModal();
  help.addEventListener("click", open);
  dialog.querySelector(".close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  page.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest?.("input, dialog")) return;
    const act = { "?": open, "/": () => search.focus() }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
