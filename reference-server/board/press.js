// When a press becomes a drag: with a mouse or a pen after a few pixels, with a
// finger after it has lain still for a moment, since one that moves at once
// means to scroll.

const slop = 5; // px
const hold = 250; // ms

// watch calls begin(element, event) for a drag that begins on an element of a
// selector, which may return false to have none; then move(event), and in the
// end drop(event) or cancel().
export function watch(root, selector, { begin, move, drop, cancel }) {
  let press = null; // { element, x, y, pointer, timer, dragging, last }

  root.addEventListener("pointerdown", (event) => {
    const element = event.target.closest(selector);
    if (press || !element || event.button !== 0 || event.target.closest("button")) return;
    press = { element, x: event.clientX, y: event.clientY, pointer: event.pointerId, dragging: false, last: event };
    if (event.pointerType === "touch") press.timer = setTimeout(start, hold);
  });
  window.addEventListener("pointermove", (event) => {
    if (press?.pointer !== event.pointerId) return;
    press.last = event;
    if (!press.dragging && Math.hypot(event.clientX - press.x, event.clientY - press.y) > slop) {
      if (event.pointerType === "touch") return end();
      start();
    }
    if (press?.dragging) move(event);
  });
  window.addEventListener("pointerup", (event) => {
    if (press?.pointer !== event.pointerId) return;
    const dragged = press.dragging;
    end();
    if (dragged) drop(event);
  });
  window.addEventListener("pointercancel", (event) => press?.pointer === event.pointerId && giveUp());
  window.addEventListener("blur", giveUp);
  window.addEventListener("keydown", (event) => event.key === "Escape" && giveUp());
  // It has to be there before the finger is, or the browser scrolls without asking.
  root.addEventListener("touchmove", (event) => press?.dragging && event.preventDefault(), { passive: false });
  // A long press opens a menu on some phones, and ends the drag with it.
  root.addEventListener("contextmenu", (event) => press?.last.pointerType === "touch" && event.preventDefault());

  function start() {
    if (begin(press.element, press.last) === false) return end();
    press.dragging = true;
    move(press.last);
  }

  function giveUp() {
    const dragged = press?.dragging;
    end();
    if (dragged) cancel();
  }

  function end() {
    clearTimeout(press?.timer);
    press = null;
  }
}
