// The element of a card. Every text reaches it as text.

const shownNotes = 300; // characters; the chooser shows all of them

export function newCardElement(document, id) {
  const element = document.createElement("li");
  element.dataset.occCard = id;
  element.tabIndex = -1;
  element.setAttribute("aria-describedby", "keys");
  for (const part of ["time", "tag", "customer", "vehicle", "notes", "chip", "lock"]) {
    const p = document.createElement("p");
    p.className = part;
    if (part !== "time" && part !== "tag") p.dir = "auto";
    element.append(p);
  }
  const more = document.createElement("button");
  more.type = "button";
  more.className = "more";
  more.tabIndex = -1; // on the keyboard M does the same
  more.textContent = "⋯";
  element.append(more);
  return element;
}

// showCard makes an element say what a card is.
export function showCard(element, card, moving) {
  element.dataset.status = card.status;
  element.dataset.version = card.version ?? "";
  element.dataset.moving = moving;
  element.toggleAttribute("data-locked", card.lock !== "");
  const says = {
    time: times(card),
    tag: `#${card.id}${card.version === null ? "" : ` · v${card.version}`}`,
    customer: card.customer || "No name",
    vehicle: card.vehicle,
    notes: short(card.notes),
    chip: card.tag ?? "",
    lock: card.lock && `Cannot be moved: ${card.lock}`,
  };
  for (const [part, text] of Object.entries(says)) set(element.querySelector(`.${part}`), text);
  element.querySelector(".more").setAttribute("aria-label", `Details and moves of ${says.customer}`);
}

function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
  element.hidden = text === "";
}

// times are in UTC, as the date of a board is.
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" });

export function times({ start, end }) {
  if (start === null) return "No time";
  return end === null ? clock.format(start) : `${clock.format(start)}–${clock.format(end)}`;
}

// short cuts between characters, not within one of two halves.
const short = (text) => (text.length <= shownNotes ? text : `${[...text.slice(0, shownNotes)].slice(0, -1).join("")}…`);
