// Finding cards by what is written on them: the others are hidden, not removed, so
// that counts and columns stay what they are.

// newSearch shows the cards that match the input and hides the others. told is called
// with how many match, or with null where nothing is looked for.
export function newSearch({ input, cards, element, told }) {
  const words = () => input.value.toLowerCase().split(/\s+/).filter((w) => w !== "");

  function show(card) {
    const found = matches(card, words());
    const shown = element(card.id);
    if (shown && shown.hidden === found) shown.hidden = !found;
    return found;
  }

  let last = null; // what was told: a busy board does not repeat it

  function showAll() {
    const found = cards().filter(show).length;
    const now = words().length === 0 ? null : found;
    if (now !== last) told((last = now));
  }

  input.addEventListener("input", showAll);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || input.value === "") return;
    event.preventDefault();
    input.value = "";
    showAll();
  });
  return { showAll };
}

// matches reports whether a card has all the words somewhere.
export function matches(card, words) {
  const written = [`#${card.id}`, card.customer, card.vehicle, card.notes, card.tag ?? ""].join("\n").toLowerCase();
  return words.every((word) => written.includes(word));
}
