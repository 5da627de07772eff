// Moving a focused card: with the left and right arrows to the neighbouring
// column that is legal, with M through the chooser. Up and down walk through
// the column.

import { label, neighbour } from "./statuses.js";

export function keys({ root, card, moveAppointment, choose, toast }) {
  root.addEventListener("keydown", (event) => {
    const element = event.target.closest("[data-occ-card]");
    if (!element || event.ctrlKey || event.altKey || event.metaKey) return;
    const act = actions[event.key];
    if (!act) return;
    event.preventDefault();
    if (!event.repeat || act === walk) act(element, event);
  });
  root.addEventListener("focusin", (event) => {
    const element = event.target.closest("[data-occ-card]");
    for (const other of element?.parentElement.querySelectorAll('[tabindex="0"]') ?? []) other.tabIndex = -1;
    if (element) element.tabIndex = 0;
  });

  const actions = { ArrowLeft: side, ArrowRight: side, ArrowUp: walk, ArrowDown: walk, m: open, M: open, Enter: open };

  function side(element, { key }) {
    const is = card(element.dataset.occCard);
    const to = neighbour(is.status, key === "ArrowRight" ? 1 : -1);
    if (to) moveAppointment(is.id, to, is.version);
    else toast({ kind: "quiet", text: `From ${label(is.status)} no move leads that way` });
  }

  function walk(element, { key }) {
    const next = key === "ArrowDown" ? element.nextElementSibling : element.previousElementSibling;
    next?.focus();
  }

  function open(element) {
    choose(element.dataset.occCard);
  }
}
