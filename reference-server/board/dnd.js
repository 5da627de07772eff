// Dragging a card to a column. Only columns that the card may go to are
// offered; a drop anywhere else leaves it where it is.

import { legal } from "./statuses.js";
import { watch } from "./press.js";

const edge = 48; // px from the side of the board, within which it scrolls
const speed = 12; // px a frame

export function dragging({ root, document, card, moving, moveAppointment }) {
  let drag = null; // { id, version, element, ghost, dx, dy, over, x }

  watch(root, "[data-occ-card]", { begin, move, drop, cancel: end });

  // begin notes the version that is on the screen: the decision is made on it,
  // though another person may move the card before the drop.
  function begin(element, event) {
    const is = card(element.dataset.occCard);
    if (!is || is.lock !== "" || moving(is.id)) return false;
    const box = element.getBoundingClientRect();
    drag = { id: is.id, version: is.version, element, ghost: ghostOf(element, box), dx: event.clientX - box.left, dy: event.clientY - box.top, over: null };
    for (const column of columnsOf()) offer(column, legal(is.status, column.dataset.occColumn));
    element.dataset.dragging = "";
    root.dataset.dragging = "";
    document.body.append(drag.ghost);
    scroll();
  }

  function move(event) {
    drag.x = event.clientX;
    drag.ghost.style.transform = `translate(${event.clientX - drag.dx}px, ${event.clientY - drag.dy}px) rotate(1.5deg)`;
    const over = columnAt(event);
    if (over === drag.over) return;
    drag.over?.removeAttribute("data-over");
    over?.setAttribute("data-over", "");
    drag.over = over;
  }

  function drop(event) {
    const { id, version } = drag;
    const to = columnAt(event)?.dataset.occColumn;
    end();
    if (to) moveAppointment(id, to, version);
  }

  function end() {
    drag.ghost.remove();
    drag.element.removeAttribute("data-dragging");
    root.removeAttribute("data-dragging");
    for (const column of columnsOf()) {
      for (const name of ["data-legal", "aria-disabled", "data-over"]) column.removeAttribute(name);
    }
    drag = null;
  }

  const columnsOf = () => root.querySelectorAll("[data-occ-column]");

  // columnAt returns the column under a pointer if the card may go there.
  function columnAt({ clientX, clientY }) {
    const column = document.elementFromPoint(clientX, clientY)?.closest("[data-occ-column]");
    return column?.dataset.legal === "true" ? column : null;
  }

  // scroll brings columns beside the screen within reach.
  function scroll() {
    if (!drag) return;
    const { left, right } = root.getBoundingClientRect();
    if (drag.x < left + edge) root.scrollLeft -= speed;
    if (drag.x > right - edge) root.scrollLeft += speed;
    requestAnimationFrame(scroll);
  }
}

function offer(column, yes) {
  column.dataset.legal = yes;
  if (!yes) column.setAttribute("aria-disabled", "true");
}

// ghostOf returns what follows the pointer: a picture of the card and no card,
// for what counts cards.
function ghostOf(element, box) {
  const ghost = element.cloneNode(true);
  for (const name of ["data-occ-card", "data-moving", "data-news", "tabindex", "aria-describedby"]) ghost.removeAttribute(name);
  ghost.className = "ghost";
  ghost.setAttribute("aria-hidden", "true");
  ghost.style.width = `${box.width}px`;
  return ghost;
}
