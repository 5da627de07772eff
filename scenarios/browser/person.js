// A person at the board: picks a card from the screen, moves it, and notes what
// the screen made of it. What the notes mean is decided elsewhere.

import { drag, Gestures, planOf, press, quietAt, walkOf } from './gestures.js';

const slowMs = 2200; // longer than the 2 s after which a board says that it is slow
const patience = 12; // gestures that are made while a message is waited for
const unsent = 400; // how long a gesture may take to send its move, ms

export class Person {
  // limits: {seat} from 0 among {people}, {begun} of the load, {settle, equal} in
  // ms, {shots} folder or empty.
  constructor(screen, desk, limits) {
    this.screen = screen;
    this.desk = desk;
    this.limits = limits;
    this.n = 0; // gestures
    this.gestures = new Gestures(limits.seat, limits.people);
    this.shot = !limits.shots; // the pictures were taken
    this.shotOf = ''; // the card in them
    this.waits = 0; // for a quiet screen, so many gestures at most
    this.free = 0; // when the last recorded move was over
  }

  // sit learns which cards are in play; others are never touched.
  async sit() {
    await this.screen.ask('play', {
      inPlay: this.desk.list().map((c) => c.id), walk: walkOf((from) => this.desk.next(from)),
    });
  }

  // turn does the next gesture; it returns false when there is no card to move.
  async turn() {
    await this.afterwards();
    const { name, how } = planOf(this.waits > 0 ? quietAt(this.waits) : this.gestures.next(this.desk.now() - this.limits.begun));
    const shots = name === 'conflict' && how === 'keyboard' && !this.shot;
    const begun = this.desk.now();
    const ready = await this.screen.ask('prepare', {
      focus: how === 'keyboard', hold: name === 'double' || (name === 'conflict' && how === 'keyboard'),
      fail: name === 'error', slow: name === 'slow' ? slowMs : 0,
    });
    if (!ready.card) {
      return false;
    }
    this.n++;
    this.desk.begins(ready.card, ready.to, ready.shown.version);
    if (shots) {
      await this.shoot('before', ready.card);
    }
    const rival = how === 'drag' ? await this.byMouse(name, ready) : await this.byKey(name, ready);
    if (rival && rival.outcome === 'applied') {
      this.gestures.overtaken++;
    }
    const seen = await this.screen.ask('finish', { patience: unsent, limit: this.limits.settle });
    this.record(seen.leftovers, 0);
    const moves = this.record(seen.sends, begun);
    this.desk.ends();
    await this.check({ name, how, ready, rival, seen, moves, begun, shots });
    return true;
  }

  async shoot(name, card) {
    await this.screen.ask('show', card);
    await this.screen.shoot(`${this.limits.shots}/${name}.png`);
  }

  // leave records what the page sent and was not asked for yet, and takes the
  // last picture should that wait.
  async leave() {
    this.waits = Math.min(this.waits, 1);
    await this.afterwards();
    this.record((await this.screen.ask('leave')).leftovers, 0);
  }

  // afterwards takes the last of the three pictures, when the message of the
  // first conflict was closed, is gone, or has stayed for long.
  async afterwards() {
    if (this.waits === 0) {
      return;
    }
    this.waits--;
    let { any, close } = await this.screen.ask('messages');
    for (let n = 0; n < 4 && close; n++) {
      await this.screen.page.mouse.click(close.x, close.y);
      ({ any, close } = await this.screen.ask('messages'));
    }
    if (this.waits === 0 || !any) {
      await this.shoot('after', this.shotOf);
      this.waits = 0;
    }
  }

  // byMouse drags the card; the rival moves it while it hangs on the pointer.
  async byMouse(name, ready) {
    let rival = null;
    await drag(this.screen, ready.from, ready.column, () => {
      if (name === 'conflict') {
        rival = this.desk.overtake(ready.card);
      }
    });
    if (name === 'double') {
      const { at } = await this.screen.ask('where', ready.card);
      if (at) {
        await drag(this.screen, at, ready.from, () => {});
      }
    }
    return rival;
  }

  // byKey presses the arrow. A key takes no time in which a rival could be
  // faster, so the rival is while the request is on its way.
  async byKey(name, ready) {
    await press(this.screen, ready.key);
    if (name !== 'conflict' && name !== 'double') {
      return null;
    }
    const held = await this.screen.ask('held', unsent);
    if (name === 'double') {
      await this.screen.ask('focus', ready.card);
      await press(this.screen, ready.key);
      return null;
    }
    return held ? this.desk.overtake(ready.card) : null;
  }

  // record puts the page's moves into the history. What the scenario itself
  // answered never reached the server and is no operation. A bracket that is
  // too wide is still true; one that is too narrow would accuse the server.
  record(sends, begun) {
    const moves = [];
    for (const s of sends) {
      if (s.injected === 'error') {
        moves.push({ outcome: 'server_error', http: 500, token: null, state: '', injected: true });
        continue;
      }
      const over = s.to !== null;
      const from = Math.max(begun, this.screen.notBefore(s.from));
      const to = over ? Math.min(this.desk.now(), this.screen.notAfter(s.to)) : 0;
      moves.push(this.desk.sent({
        record: s.card, target: s.target, expected: s.expected, from, to, http: over ? s.http : 0, body: s.body,
        double: from < this.free,
      }));
      this.free = Math.max(this.free, to || from);
    }
    return moves;
  }

  // check compares the screen with the server and notes both.
  async check({ name, how, ready, rival, seen, moves, begun, shots }) {
    const first = seen.sends[0] || null;
    const conflict = moves.length > 0 && moves[0].outcome === 'conflict';
    if (shots && conflict) {
      await this.shoot('toast', seen.card);
    }
    const since = first ? first.to || first.from : seen.now;
    const { want, unread } = this.server();
    const equal = await this.screen.ask('equal', { want, since, limit: this.limits.equal });
    if (shots && conflict) {
      this.shot = true;
      this.shotOf = seen.card;
      this.waits = patience;
    }
    const slipped = seen.card !== ready.card;
    const before = seen.before || ready.shown;
    const server = want.find((w) => w.id === seen.card) || null;
    this.desk.note({
      what: 'gesture', person: this.desk.number(), n: this.n, at_ms: begun, gesture: slipped ? 'slip' : name, how,
      card: seen.card, from: before.status, to: seen.to || ready.to, version: before.version,
      also: moves.filter((_, i) => seen.sends[i].card !== seen.card).map((m) => ({ outcome: m.outcome, injected: m.injected === true })),
      rival: rival && !slipped ? { outcome: rival.outcome, version: rival.token, status: rival.state } : null,
      moves: moves.map((m, i) => ({
        outcome: m.outcome, http: m.http, version: m.token, status: m.state, expected: seen.sends[i].expected,
        injected: m.injected === true, card: seen.sends[i].card,
      })).filter((m) => m.card === seen.card),
      settled: seen.settled,
      told: seen.told ? seen.told.outcome || '' : null,
      move_ms: Number.isFinite(seen.took) ? seen.took : null,
      held_ms: first ? first.from - first.asked : 0, slow: seen.sends.some((s) => s.injected === 'slow'),
      feedback_ms: seen.feedback,
      shown: seen.shown,
      server: server ? { status: server.status, version: server.version } : null,
      unread, equal_ms: equal.at === null || unread ? null : equal.at - since,
      late: equal.late, missing: equal.missing, twice: equal.twice, toasts: equal.toasts,
    });
  }

  // server is the board as the server has it, in the words of the screen; a target
  // that does not answer leaves the screen unchecked, which is no fault of the screen.
  server() {
    try {
      return { want: this.desk.list().map((r) => ({ id: r.id, status: r.state, version: r.token })), unread: '' };
    } catch (e) {
      return { want: [], unread: String(e.message || e).slice(0, 300) };
    }
  }
}
