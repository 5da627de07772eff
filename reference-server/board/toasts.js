// Messages in the corner, read aloud by a screen reader.

const lasting = { conflict: 6_000, error: 10_000, unknown: 10_000, slow: 5_000, info: 5_000 }; // ms
const most = 4; // at once; a storm hides the board and is not read

// newToasts shows messages in a live region, and those of kind quiet, which
// only a screen reader needs, in another.
export function newToasts({ region, quiet, document, timers = globalThis }) {
  const shown = new Map(); // what it says -> { element, timer }

  function toast({ kind, card, text, detail = "", actions = [] }) {
    if (kind === "quiet") {
      quiet.textContent = text;
      return;
    }
    const key = [kind, card, text, detail].join("\n");
    dismiss(key); // the same again replaces itself instead of piling up
    while (shown.size >= most) dismiss(shown.keys().next().value);
    const element = build({ kind, card, text, detail, actions }, () => dismiss(key));
    shown.set(key, { element, timer: timers.setTimeout(() => dismiss(key), lasting[kind]) });
    region.append(element);
  }

  function dismiss(key) {
    const old = shown.get(key);
    if (!old) return;
    timers.clearTimeout(old.timer);
    shown.delete(key);
    old.element.remove();
  }

  function build({ kind, card, text, detail, actions }, close) {
    const element = document.createElement("div");
    element.dataset.occToast = "";
    element.dataset.kind = kind;
    if (card !== undefined) element.dataset.card = card;
    for (const [part, says] of [["title", text], ["detail", detail]]) {
      const p = document.createElement("p");
      p.className = part;
      p.dir = "auto";
      p.textContent = says;
      if (says !== "") element.append(p);
    }
    for (const { label, act } of actions) element.append(offer(label, () => (close(), act())));
    const button = document.createElement("button");
    button.className = "dismiss";
    button.type = "button";
    button.setAttribute("aria-label", "Dismiss");
    button.textContent = "×";
    button.addEventListener("click", close);
    element.append(button);
    return element;
  }

  // offer is a button for what can be done about it.
  function offer(label, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "offer";
    button.textContent = label;
    button.addEventListener("click", act);
    return button;
  }

  return toast;
}
