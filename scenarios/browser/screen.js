// The page as the scenario sees it: every call is one trip to the browser.

import { observer } from './page.js';

// Of what the page is made of, only its data attributes are known here.
const call = ([method, argument]) => window.occObserver[method](argument);

export class Screen {
  constructor(page, desk) {
    this.page = page;
    this.desk = desk;
    // A time p of the page is, on the run's clock, at least p + behind and at
    // most p + ahead. Both clocks are the machine's monotonic one, so each
    // trip bounds the offset, and the narrowest bounds hold for all.
    this.behind = -Infinity;
    this.ahead = Infinity;
  }

  static async open(context, desk, url) {
    await context.addInitScript(observer());
    const screen = new Screen(await context.newPage(), desk);
    await screen.page.goto(url, { waitUntil: 'domcontentloaded' });
    return screen;
  }

  async ask(method, argument) {
    const sent = this.desk.now();
    const got = await this.page.evaluate(call, [method, argument]);
    const back = this.desk.now();
    if (got && got.now !== undefined) {
      this.behind = Math.max(this.behind, sent - got.now - coarse);
      this.ahead = Math.min(this.ahead, back - got.now + coarse);
    }
    return got;
  }

  // notBefore and notAfter bound a time of the page on the run's clock.
  notBefore(p) {
    return Math.max(0, p + this.behind);
  }

  notAfter(p) {
    return p + this.ahead;
  }

  // ready waits until the board is there; it returns the state it ended in.
  async ready(limit) {
    const until = this.desk.now() + limit;
    let seen = await this.ask('state');
    while (seen.state !== 'ready' && this.desk.now() < until) {
      await this.page.waitForTimeout(50);
      seen = await this.ask('state');
    }
    return seen;
  }

  async shoot(path) {
    await this.page.screenshot({ path });
  }
}

// The clock of a page ticks in tenths of a millisecond, and may round up.
const coarse = 0.2;
