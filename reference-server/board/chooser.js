// The dialog of one card: all that is known of it, and the columns it may go
// to as buttons, for the keyboard, for a finger, and where dragging is no way.

import { times } from "./cardview.js";
import { label, targets } from "./statuses.js";

export function newChooser({ dialog, document, card, moving, element, moveAppointment }) {
  const part = (name) => dialog.querySelector(`.${name}`);
  let shown = null; // the card as it was when the dialog opened

  function choose(id) {
    shown = card(id);
    if (!shown || dialog.open) return;
    part("customer").textContent = shown.customer || "No name";
    part("vehicle").textContent = shown.vehicle;
    part("facts").textContent = `#${shown.id} · ${times(shown)} · ${label(shown.status)}`;
    part("notes").textContent = shown.notes;
    const offered = shown.lock !== "" || moving(id) ? [] : targets(shown.status);
    part("choices").replaceChildren(...offered.map(choice));
    part("why").textContent = offered.length > 0 ? "Move to" : whyNot(id);
    dialog.showModal();
    part("choices").querySelector("button")?.focus();
  }

  function whyNot(id) {
    if (shown.lock !== "") return `It cannot be moved: ${shown.lock}.`;
    return moving(id) ? "A move of it is under way." : `No move leads out of ${label(shown.status)}.`;
  }

  function choice({ status, label }) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.occChoice = status;
    button.textContent = label;
    button.addEventListener("click", () => {
      dialog.close();
      moveAppointment(shown.id, status, shown.version);
    });
    return button;
  }

  part("close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  // A key that is held opens the dialog and must not choose in it.
  dialog.addEventListener("keydown", (event) => event.repeat && event.key === "Enter" && event.preventDefault());
  dialog.addEventListener("close", () => element(shown.id)?.focus());
  return choose;
}
