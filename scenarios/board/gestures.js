// What a person at the board does, one card at a time.

const columns = ['scheduled', 'in_progress', 'ready', 'completed', 'no_show'];

// The gestures in the order in which a person comes to them. Conflicts are what
// the scenario is about; the rest is there often enough to be seen in half a
// minute. A slow answer takes seconds, so it is rare.
const round = [
  'conflict', 'conflict-drag', 'plain', 'conflict', 'error', 'conflict', 'double', 'conflict',
  'plain-drag', 'conflict', 'conflict-drag', 'conflict', 'double-drag', 'conflict', 'conflict', 'conflict-drag',
];
const slowAt = 4; // and then once in four rounds

// gestureAt is the n-th gesture of the seat-th person, both from 0.
export function gestureAt(n, seat) {
  if ((n + 2 * round.length * (seat % 2)) % (4 * round.length) === slowAt) {
    return 'slow';
  }
  return round[n % round.length];
}

// quietAt is the n-th gesture of somebody who waits for the messages to go.
export function quietAt(n) {
  return ['plain', 'double-drag', 'plain-drag', 'double'][n % 4];
}

export function planOf(kind) {
  const [name, drag] = kind.split('-');
  return { name, how: drag || 'keyboard' };
}

// walkOf says for each column where its cards go and which arrow key takes them
// there; next is the run's walk. A card that no arrow leads on is left alone.
export function walkOf(next) {
  const walk = {};
  columns.forEach((from, i) => {
    const to = next(from);
    const key = { 1: 'ArrowRight', '-1': 'ArrowLeft' }[columns.indexOf(to) - i];
    if (to && key) {
      walk[from] = { to, key };
    }
  });
  return walk;
}

export async function press(screen, key) {
  await screen.page.keyboard.press(key);
}

// drag takes a card and calls between while it hangs on the pointer, which
// moves in steps as a hand does.
export async function drag(screen, from, to, between) {
  const mouse = screen.page.mouse;
  await mouse.move(from.x, from.y);
  await mouse.down();
  await mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2);
  between();
  await mouse.move(to.x, to.y);
  await mouse.up();
}
