// The columns of the board and the moves between them. The server decides every
// move; this table only keeps the board from offering what it would refuse.

export const columns = [
  { status: "scheduled", label: "Scheduled" },
  { status: "in_progress", label: "In progress" },
  { status: "ready", label: "Ready" },
  { status: "completed", label: "Completed" },
  { status: "no_show", label: "No-show" },
];

export const transitions = {
  scheduled: ["in_progress", "no_show"],
  in_progress: ["ready", "completed", "scheduled"],
  ready: ["completed", "in_progress"],
  completed: [],
  no_show: ["scheduled"],
};

export const known = (status) => Object.hasOwn(transitions, status);

export const legal = (from, to) => known(from) && transitions[from].includes(to);

export const label = (status) => columns.find((c) => c.status === status)?.label ?? status;

// targets returns the columns a card may go to, in the order of the board.
export const targets = (from) => columns.filter((c) => legal(from, c.status));

// neighbour returns the nearest legal status to the right (side 1) or to the
// left (side -1) of a status; undefined where there is none.
export function neighbour(from, side) {
  const order = columns.map((c) => c.status);
  for (let at = order.indexOf(from) + side; at >= 0 && at < order.length; at += side) {
    if (legal(from, order[at])) return order[at];
  }
  return undefined;
}
