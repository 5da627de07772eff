// The board on the screen. An element belongs to a card for as long as both
// live: a change touches the elements of the cards that changed and no other.

import { before } from "./card.js";
import { newCardElement, showCard } from "./cardview.js";
import { columns } from "./statuses.js";

export function newView({ root, document, card, moving }) {
  const elements = new Map(); // id -> element
  const lists = new Map(columns.map((column) => [column.status, newColumn(document, root, column)]));

  // update shows cards as they are now. News from others are pointed out.
  function update(ids, news = false) {
    const touched = new Set();
    for (const id of ids) show(id, news, touched);
    for (const list of touched) tally(list);
  }

  function show(id, news, touched) {
    const is = card(id);
    const element = elements.get(id) ?? newCardElement(document, id);
    const from = element.parentElement;
    const to = is && lists.get(is.status);
    if (from) touched.add(from);
    if (!is) {
      elements.delete(id);
      element.remove();
      return;
    }
    elements.set(id, element);
    touched.add(to);
    showCard(element, is, moving(id));
    if (from !== to || !inOrder(element, is)) put(element, is, to);
    if (news && from && from !== to) pointOut(element);
  }

  function inOrder(element, is) {
    const left = element.previousElementSibling;
    const right = element.nextElementSibling;
    return !(left && before(is, shown(left)) < 0) && !(right && before(shown(right), is) < 0);
  }

  const shown = (element) => card(element.dataset.occCard) ?? { position: 0, start: 0, id: "" };

  // put moves an element to its place, found by halving. A focused element
  // that is moved loses the focus, so it is given back.
  function put(element, is, list) {
    const focused = document.activeElement === element;
    element.remove();
    element.tabIndex = -1;
    let [low, high] = [0, list.children.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (before(shown(list.children[middle]), is) < 0) low = middle + 1;
      else high = middle;
    }
    list.insertBefore(element, list.children[low] ?? null);
    if (focused) {
      element.focus({ preventScroll: true });
      element.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }

  // pointTo brings a card into sight and points it out.
  function pointTo(id) {
    const element = elements.get(id);
    if (!element) return;
    element.hidden = false; // though a search had hidden it
    element.scrollIntoView({ block: "center", inline: "center" });
    element.focus({ preventScroll: true });
    pointOut(element);
  }

  return { update, pointTo, element: (id) => elements.get(id), lists };
}

function newColumn(document, root, { status, label }) {
  const section = document.createElement("section");
  section.dataset.occColumn = status;
  section.setAttribute("aria-labelledby", `column-${status}`);
  const heading = document.createElement("h2");
  heading.id = `column-${status}`;
  const count = document.createElement("span");
  count.className = "count";
  heading.append(label, " ", count);
  const list = document.createElement("ul");
  list.setAttribute("aria-labelledby", heading.id);
  section.append(heading, list);
  root.append(section);
  tally(list);
  return list;
}

// tally counts a column, and gives it one place where Tab stops: a column
// of a hundred cards is too long to tab through.
function tally(list) {
  const section = list.parentElement;
  section.dataset.count = list.childElementCount;
  section.querySelector(".count").textContent = list.childElementCount;
  if (list.firstElementChild && !list.querySelector(':scope > [tabindex="0"]')) list.firstElementChild.tabIndex = 0;
}

const pointedOut = 1_500; // ms
const timers = new WeakMap(); // element -> what ends its pointing out

function pointOut(element) {
  clearTimeout(timers.get(element));
  element.toggleAttribute("data-news", true);
  timers.set(element, setTimeout(() => element.removeAttribute("data-news"), pointedOut));
}
