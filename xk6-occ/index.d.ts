/**
 * k6/x/occ: operators who update records under optimistic concurrency control,
 * for k6 scripts.
 *
 * An operator does what a careful person does: read the list, pick a record,
 * think, update it with the token it read, and read again when another one was
 * faster. Only records that carry the run's tag are ever updated, and no update
 * is sent that the API file does not call legal.
 *
 * Everything is recorded in the file `OCC_HISTORY`, when that is set; when the
 * recording fails, the test is aborted in order.
 *
 * Metrics, of the part of the run after the warm-up:
 *
 * | name | type | what |
 * |---|---|---|
 * | `occ_attempts` | Counter | attempts, tag `outcome` |
 * | `occ_conflict_rate` | Rate | of the attempts that were applied or lost: those that lost |
 * | `occ_error_rate` | Rate | of all attempts: those that did neither |
 * | `occ_attempt_duration` | Trend (ms) | of attempts, tag `outcome`; without an answer: the timeout |
 * | `occ_read_duration` | Trend (ms) | of reads: of the list, or of one record where no list shows tokens |
 * | `occ_recovered` | Rate | of the turns that lost: those whose wish was fulfilled after all |
 *
 * Second clicks of impatient operators are in none of them: the conflict of
 * one is the client's own. The history has them.
 *
 * k6 keeps every duration in memory. When a run could come to more than a
 * hundred thousand turns, k6 gets every n-th duration only, n being fixed
 * before the run; counts and rates are never thinned, and the history has
 * everything.
 */
declare module 'k6/x/occ' {
  /** A duration such as `"250ms"`, or a number of milliseconds. */
  export type Duration = string | number;

  /** A state of the API file; empty where it has none. */
  export type State = string;

  /**
   * The one class an answer falls into. Only `applied` did what was asked.
   * `conflict` is what the API file calls one: another one was
   * faster. `rejected` (another 4xx), `unauthorized` and `throttled` certainly
   * changed nothing; `server_error` (5xx), `no_answer` and `malformed` (a 2xx
   * without the promised fields) may have. `seen` is the good end of a read.
   */
  export type Outcome =
    | 'applied' | 'conflict' | 'rejected' | 'unauthorized' | 'throttled'
    | 'server_error' | 'no_answer' | 'malformed' | 'seen';

  /**
   * What operators do. Each member stands for an environment variable, which
   * holds where the member is absent; both hold texts in the same forms.
   */
  export interface OperatorOptions {
    /** Base URL of the API (`URL`, default `http://127.0.0.1:8080`). */
    url?: string;
    /** What the target speaks: the name of an API file that comes with occbench, or a file (`OCC_API`, default `appointments`). */
    api?: string;
    /** Day of the records, `YYYY-MM-DD` (`DATE`, default: tomorrow, UTC). */
    date?: string;
    /** Only records of this tag are updated (`OCC_TAG`, default `load`). */
    tag?: string;
    /** Where the secret is that requests are authenticated with: `sigv4[:service=S,region=R,profile=P]`, `bearer:env=VARIABLE` or `header:NAME=env:VARIABLE`; the secret itself stays in k6's own environment and is never an `-e` (`OCC_AUTH`, default `none`). */
    auth?: string;
    /** Time after which a request has no answer (`OCC_TIMEOUT`, default `10s`). */
    timeout?: string;
    /** Size that the answer to an update may have; a larger one is malformed (`OCC_UPDATE_LIMIT`, default `1MiB`). */
    updateLimit?: string;
    /** Size that the answer to a read may have, a list of records among them; a larger one is malformed (`OCC_LIST_LIMIT`, default `64MiB`). */
    listLimit?: string;
    /** Closed model: operators in all (`OCC_OPERATORS`, default `20`). */
    operators?: number | string;
    /** Open model: turns begun per second, such as `40` or `0.5`, at first when there is a ramp; excludes operators (`OCC_RATE`, default: closed model). */
    rate?: number | string;
    /** Open model: turns begun per second at the end (`OCC_RAMP_TO`, default: the rate is constant). */
    rampTo?: number | string;
    /** Open model: turns under way at once, one VU each (`OCC_MAX_OPERATORS`, default: from the rate and the length of a turn). */
    maxOperators?: number | string;
    /** How long they play (`OCC_DURATION`, default `60s`). */
    duration?: string;
    /** The first part, recorded but not measured (`OCC_WARMUP`, default `2s`; a tenth of the duration where that would leave nothing). */
    warmup?: string;
    /** How many of the tagged records are in play, those that can still be updated first and by id; 0: all (`OCC_RECORD_COUNT`, default: all). */
    recordCount?: number | string;
    /** Time between read and update: `250ms`, `uniform:100ms-400ms`, `exp:250ms`, `lognormal:250ms,900ms` (median, p95) (`OCC_THINK`, default `250ms`). */
    think?: string;
    /** Closed model: time between turns, in the same forms (`OCC_PAUSE`, default `250ms`). */
    pause?: string;
    /** Which record: `uniform`, `first`, `own`, `zipf:0.99`, `hotspot:20/80` (`OCC_PICK`, default `uniform`). */
    pick?: string;
    /** How long a list stays on the operator's screen before it is polled again (`OCC_REFRESH`, default: every turn reads its own). */
    refresh?: string;
    /** Share of the turns, 0 to 1, whose first update is sent twice within 50 ms, with the same token (`OCC_DOUBLE_UPDATES`, default `0`). */
    doubleUpdates?: number | string;
    /** Races beside the load, on 4 records of their own: `auto` (2 points of conflicts more at most), `off`, or `N/s[xK]` of K operators such as `0.5/sx8`; with fewer than 4 records beside those of the load, `auto` plays on what there is (`OCC_RACES`, default `auto`). */
    races?: string;
    /** Where to: `cycle` never uses a record up; the others are those of the API file (`OCC_WALK`, default `cycle`). */
    walk?: 'cycle' | 'forward';
    /** Wait before reading again: `none`, `exponential`, `equal`, `full`, `decorrelated` (`OCC_BACKOFF`, default `full`). */
    backoff?: 'none' | 'exponential' | 'equal' | 'full' | 'decorrelated';
    /** Updates a turn may send, the first included; 1: no recovery (`OCC_ATTEMPTS`, default `3`). */
    attempts?: number | string;
    /** How long after its first conflict a turn may go on (`OCC_BUDGET`, default `2s`). */
    budget?: string;
    /** With an operator's number it fixes every pick and time (`OCC_RAND_SEED`, default: drawn per process; with `OCC_DIR` it follows from the id of the run). */
    seed?: number | string;
  }

  /**
   * Functions in the place of an API file, for what such a file cannot say: GraphQL,
   * gRPC. What they return is recorded and judged as the answers of any API. They
   * return when the answer is there, so they are not async. What they throw is
   * recorded as a request without an answer.
   *
   * Tokens are opaque, records have no states and each update writes its marker,
   * unless the option `api` names an API file that says otherwise. There is one call
   * at a time, so there are no races and no second clicks.
   */
  export interface Calls {
    /** The ids of the records in play (`OCC_RECORDS`: the path of a JSON array of them). */
    records?: string[];
    /** Reads one record; null: there is no such record. */
    read(record: string): Said | null;
    /**
     * Sends one update: with the token that was read, to a state (empty without states),
     * and with a marker that is unique to this attempt and that the next read shows.
     */
    update(record: string, token: string | number, to: string, marker: string): Said;
  }

  /** What a function of {@link Calls} says of an answer. */
  export interface Said {
    /** Without it: by `http`, 2xx is good, 409 and 412 are a conflict; without both it is good. */
    outcome?: Outcome;
    /** The HTTP status; absent where there is none. */
    http?: number;
    /** The token that the answer shows: of a read always, of an update where it carries the new one. */
    token?: string | number;
    /** The state that the answer shows. */
    state?: string;
    /** Reads: the marker of the update that wrote the record last. */
    marker?: string;
    /** The code of a refusal, for people. */
    code?: string;
  }

  /** When a call of {@link Operator.turns} is over: whichever comes first. */
  export interface Limit {
    /** No turn begins after this time (default `200ms` when there is no count). */
    for?: Duration;
    /** So many turns. */
    count?: number;
  }

  /** What became of the turns of one call. */
  export interface Turns {
    /** Turns that were played to their end. */
    turns: number;
    /** Attempts sent. */
    attempts: number;
    /** Attempts that lost. */
    conflicts: number;
    /** Turns that lost and fulfilled their wish after all. */
    recovered: number;
    /** No record in play can be updated any further. */
    exhausted: boolean;
  }

  /** What became of one turn. */
  export interface Turn {
    /** Id of the record picked; empty when there was none. */
    record: string;
    /** Attempts sent. */
    attempts: number;
    /** Attempts that lost. */
    conflicts: number;
    /** After a loss, the wish was fulfilled. */
    recovered: boolean;
    /** Outcome of the last call; empty when the scenario ended before the turn. */
    outcome: Outcome | '';
    /** Why the last call was neither good nor a conflict; else empty. */
    error: string;
  }

  /** A record as the list showed it. */
  export interface Listed {
    /** Its id. */
    id: string;
    /** Its state. */
    state: State;
    /** The token to send with an update: a number where tokens count by one, else text. */
    token: number | string;
  }

  /** A record that was picked. */
  export interface Picked extends Listed {
    /** Where the walk takes it next. */
    target: State;
  }

  /** What a server answered to an update. */
  export interface Answer {
    /** Its class. */
    outcome: Outcome;
    /** The HTTP status; 0 without a complete answer. */
    http: number;
    /** The code of a refusal; else empty. */
    code: string;
    /** The record's token in the answer (applied: the new one, conflict: the current one); null without. */
    token: number | string | null;
    /** The record's state in the answer; empty without. */
    state: State | '';
    /** Time from sending to the last byte, in milliseconds; null without a complete answer. */
    ms: number | null;
    /** Why the answer is missing or malformed; else empty. */
    error: string;
  }

  /**
   * One operator, the VU's own. It is made in the init context and plays in the
   * scenario's function. How a server answers is never thrown; wrong arguments
   * are.
   */
  export class Operator {
    /** Throws when an option is unknown or cannot be read. */
    constructor(options?: OperatorOptions | (OperatorOptions & Calls));

    /**
     * The audit of this operator's records, by its own calls; for setup and teardown.
     * Without functions of one's own it is {@link audit} with the operator's options.
     */
    audit(): string[];

    /**
     * Plays turns, with their think times and pauses, and recovers from
     * conflicts. Several turns per iteration cost a fraction of what as many
     * iterations cost. It returns early when the scenario ends; what is in
     * flight is waited for.
     */
    turns(limit?: Limit): Turns;

    /**
     * Plays this VU's part of the operators beside each other, until the scenario
     * ends: for a scenario with {@link Parameters.vus} VUs, where those are fewer
     * than its operators. Each operator has the number, the picks and the times that
     * it would have with a VU of its own; k6 counts one iteration. Throws for an
     * operator with functions of its own.
     */
    share(): Turns;

    /** Plays one turn. */
    turn(): Turn;

    /**
     * In a scenario with the executor constant-arrival-rate or
     * ramping-arrival-rate: plays the turn that has arrived, without a pause
     * after it, and then those that are overdue because all VUs were busy and
     * k6 dropped their iterations. Turns are handed out in the order of their
     * arrivals, each once in the whole process, and recorded with them. Which
     * record is picked and how long the operator thinks depends on the seed and
     * the number of the turn. Throws in a scenario without a rate, and when the
     * rate is divided among several k6.
     */
    arrivals(): Turns;

    /**
     * Returns the records in play as they stand, for scripts that want to look.
     * It is no part of a turn and not recorded. Throws when the list cannot be
     * read.
     */
    list(): Listed[];

    /**
     * The first half of a turn of one's own: reads the list and picks a record.
     * Returns null when there is none to update, or no time left. Throws when the
     * list cannot be read.
     */
    pick(): Picked | null;

    /**
     * The second half: one attempt to update the record that `pick` returned last.
     * It sends `record.token`, which a script may keep to be an impatient
     * second click, and goes to `target`, by default where the walk leads.
     * Throws when the update is not legal, or the record was not picked.
     */
    update(record: Listed, target?: State): Answer;
  }

  /**
   * Reads the whole list and records every record in play: before the first turn
   * (setup) and after the last (teardown), or no history can be judged. Returns
   * the ids, those that can still be updated first and by id; the first audit says
   * which records are in play. Throws when the list cannot be read, after two repetitions, and when
   * it holds no record with the tag.
   */
  export function audit(options?: OperatorOptions): string[];

  /** A move that a page sent, as the script observed it. Times are ms of the run's clock ({@link Desk.now}). */
  export interface Sent {
    /** Id of the record, from the path of the request. */
    record: string;
    /** The state that was asked for. */
    target: string;
    /** The token that was sent. */
    expected: number;
    /** Not after the request was sent. Too early is true; too late would accuse the server. */
    from: number;
    /** Not before the answer was complete; 0 without one. */
    to: number;
    /** The HTTP status; 0 without a complete answer. */
    http: number;
    /** The body of the answer. */
    body: string;
    /** It was sent before the one before it was answered. */
    double?: boolean;
  }

  /**
   * The place of one person in front of a browser, for scenarios with
   * k6/browser. The person's moves are made by the page and recorded here; a
   * rival, an operator of its own, is there to be faster. Both have operator
   * numbers beyond those of the API's operators (`OCC_DESK_FIRST`), so that
   * conflicts that are made do not count as conflicts that were met. It is made
   * in the init context and works in the scenario's function.
   */
  export class Desk {
    constructor(options?: OperatorOptions);

    /** The person's operator number; the rival's is the next one. */
    number(): number;

    /** Which person of the run this is, from 0. */
    seat(): number;

    /** The time of the run's clock, in ms. */
    now(): number;

    /** The records in play as the server has them, to compare a screen with. Not recorded. Throws when the list cannot be read, after two repetitions. */
    list(): Listed[];

    /** Where the walk takes a record from a state; empty: nowhere. */
    next(state: string): State | '';

    /**
     * The rival reads the list and updates the record; both calls are recorded.
     * Returns the answer to the update, or null when there was nothing to update.
     * Throws for a record that is not in play.
     */
    overtake(record: string): Answer | null;

    /** From now on the page may send this move. Where `sent` is never called for it, it is recorded without an answer. Throws for a record that is not in play. */
    begins(record: string, target: string, expected: number): void;

    /** Everything that the page sent was recorded. */
    ends(): void;

    /**
     * Records a move that the page sent and returns its answer as the client of
     * the API understands it. Throws for a move that no history can hold, and
     * for a record that is not in play.
     */
    sent(move: Sent): Answer;

    /** Appends an object as one line of JSON to the file that `OCC_UX` names; without it nothing is written. */
    note(line: object): void;
  }

  /** The parameters that a scenario needs to declare its options. */
  export interface Parameters {
    /** Closed model: how many operators. */
    operators: number;
    /** Closed model: how many VUs play them. Fewer than operators: each plays several ({@link Operator.share}). */
    vus: number;
    /** Open model: turns begun per second, at first when there is a ramp; 0 in a closed model. */
    rate: number;
    /** Open model: turns begun per second at the end; 0: the rate is constant. */
    rampTo: number;
    /** Open model: turns under way at once, one per VU. */
    maxOperators: number;
    /** How long they play. */
    durationMs: number;
    /** The part of it that is not measured. */
    warmupMs: number;
    /** How long an operator may take to end its last turn: the scenario's gracefulStop. */
    longestTurnMs: number;
    /** How long an audit may take: setupTimeout and teardownTimeout. */
    auditTimeoutMs: number;
  }

  /** Reads the parameters; throws in the init context when one makes no sense. */
  export function parameters(options?: OperatorOptions): Parameters;

  /** What became of the recording. */
  export interface Recording {
    /** Where it is; empty: nothing was recorded. */
    path: string;
    /** Operations of this process. */
    operations: number;
    /** Operations that are not in the file. */
    dropped: number;
    /** Why it is not whole; else empty. */
    error: string;
    /** Processors that a cgroup leaves to k6; 0: no limit. */
    cores: number;
    /** For how long that limit held k6 back, in ms. */
    throttledMs: number;
    /** Scenarios at a rate: turns that were to begin while the load lasted, and those of them that never did. */
    turns: { planned: number; dropped: number };
    /** Builds that answered (header `X-App-Version`): since when (RFC 3339), and how many attempts. */
    builds: { build: string; first: string; attempts: number }[];
    /** Why answers are missing or cannot be read, as far as the client knows. */
    troubles: { why: string; attempts: number; reads: number }[];
  }

  /** Ends the recording; for handleSummary. Without it the recording ends with k6. */
  export function finish(): Recording;
}
