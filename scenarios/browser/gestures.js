// What a person at the board does, one card at a time.

const columns = ['scheduled', 'in_progress', 'ready', 'completed', 'no_show'];

// Conflicts are what the scenario is about; the rest is there often enough to be
// seen in half a minute. A slow answer takes seconds, so it is rare.
const others = ['double', 'plain', 'error', 'double-drag', 'plain-drag'];
const slowEvery = 16; // of a person's other gestures, the second first
const pace = 800; // from a conflict to the next among all people, ms

// Gestures says which gesture comes next: one in three is another than a
// conflict, and one conflict in four is met by mouse. A busy machine has time for
// few, and only thirty conflicts or so prove something: where they come later
// than the pace, it is one in ten and, since a drag takes longest, one in twelve.
export class Gestures {
  constructor(seat, people) {
    this.seat = seat; // from 0
    this.pace = pace * people;
    this.n = 0;
    this.conflicts = 0;
    this.others = 0;
    this.overtaken = 0; // times that the rival was faster
  }

  // next is the next one, so many ms after the load began.
  next(elapsed) {
    const late = this.overtaken * this.pace < elapsed;
    if (this.n++ % (late ? 10 : 3) !== 2) {
      return this.conflicts++ % (late ? 12 : 4) === 1 ? 'conflict-drag' : 'conflict';
    }
    const nth = this.others++;
    if ((nth + (slowEvery / 2) * (this.seat % 2)) % slowEvery === 1) {
      return 'slow';
    }
    return others[(nth + 2 * this.seat) % others.length];
  }
}

// quietAt is the n-th gesture of a person who waits for the messages to go.
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
