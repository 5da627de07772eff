// Reading what a server says of cards. It is read as if it could say anything:
// a card that makes no sense is left out or locked, and never stops the board.

import { columns, known } from "./statuses.js";

// readCard returns a card in the board's own terms, or null without an id.
// column is where the server listed it; a single card says so by its status.
export function readCard(raw, column) {
  const id = typeof raw?.id === "number" ? String(raw.id) : raw?.id;
  if (typeof id !== "string" || id === "") return null;
  const version = Number.isSafeInteger(raw.version) && raw.version > 0 ? raw.version : null;
  const status = known(raw.status) ? raw.status : column;
  if (!known(status)) return null;
  const [customer, notes] = [text(raw.customer_name), text(raw.notes)];
  return {
    id,
    status,
    version,
    lock: lockOf(raw, version),
    position: Number.isFinite(raw.position) ? raw.position : 0,
    start: instant(raw.appt_start),
    end: instant(raw.appt_end),
    customer: untagged(customer),
    vehicle: [raw.year, raw.make, raw.model].map(text).filter((s) => s !== "" && s !== "0").join(" "),
    notes: untagged(notes),
    tag: (notes.match(tagged) ?? customer.match(tagged))?.[0].trim() ?? "",
  };
}

// lockOf says why a card cannot be moved; "" when it can. Without a version a
// move would overwrite what another person did.
function lockOf(raw, version) {
  if (!known(raw.status)) return `unknown status “${text(raw.status)}”`;
  return version === null ? "no version" : "";
}

// readBoard returns the cards of a board's answer, and throws where it is no
// board. A card that is listed twice counts once, as its newer version.
export function readBoard(data) {
  if (typeof data?.columns !== "object" || data.columns === null) throw new TypeError("the answer is no board");
  const cards = new Map();
  for (const { status } of columns) {
    const items = data.columns[status]?.items;
    for (const raw of Array.isArray(items) ? items : []) {
      const card = readCard(raw, status);
      if (card && !(cards.get(card.id)?.version > card.version)) cards.set(card.id, card);
    }
  }
  return cards;
}

// tagged matches the word by which a load test finds its own cards. It is shown once,
// apart from what people wrote.
const tagged = /(?<!\S)occbench:[\w-]+(?!\S)/;

const untagged = (words) => !tagged.test(words) ? words : words.replace(new RegExp(tagged, "g"), "").replace(/ {2,}/g, " ").trim();

const text = (value) => (typeof value === "string" || typeof value === "number" ? String(value) : "");

function instant(value) {
  const at = Date.parse(text(value));
  return Number.isNaN(at) ? null : at;
}

// before orders cards as the server does: by position, start and id.
export function before(a, b) {
  return a.position - b.position || (a.start ?? 0) - (b.start ?? 0) || a.id.length - b.id.length || (a.id < b.id ? -1 : Number(a.id > b.id));
}
