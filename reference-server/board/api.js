// The calls of the move API, each answered in the board's own terms.

import { readBoard } from "./card.js";
import { known } from "./statuses.js";

const readLimit = 10_000; // ms
export const moveLimit = 10_000;

// newAPI returns the calls for one date. fetch is the browser's.
export function newAPI(date, fetch) {
  return { board: () => board(fetch, date), move: (id, to, expected) => move(fetch, id, to, expected) };
}

// board returns the cards by id, and throws where there are none to be had.
async function board(fetch, date) {
  const answer = await fetch(`/api/admin/appointments/board?date=${encodeURIComponent(date)}`, {
    cache: "no-store",
    signal: AbortSignal.timeout(readLimit),
  });
  if (!answer.ok) throw new Error(`the server answers ${answer.status}`);
  return readBoard((await answer.json()).data);
}

// move returns { kind, … }: moved with status and version; conflict; error
// with a message, when the server refused for certain; unknown with a message,
// when it may have moved the card all the same.
async function move(fetch, id, to, expected) {
  try {
    const answer = await fetch(`/api/admin/appointments/${encodeURIComponent(id)}/move`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ new_status: to, expected_version: expected }),
      keepalive: true, // a move is carried out though the page is left
      signal: AbortSignal.timeout(moveLimit),
    });
    return classify(answer.status, await answer.json().catch(() => null));
  } catch (failure) {
    return { kind: "unknown", message: failure?.name === "TimeoutError" ? "no answer in time" : "no answer" };
  }
}

export function classify(status, body) {
  const message = typeof body?.error?.message === "string" ? body.error.message.slice(0, 200) : `the server answers ${status}`;
  if (status === 409 && body?.error?.code === "version_conflict") return { kind: "conflict" };
  if (status >= 400 && status < 500 && status !== 408) return { kind: "error", message };
  const data = body?.data;
  if (status >= 200 && status < 300 && known(data?.status) && Number.isSafeInteger(data.version) && data.version > 0) {
    return { kind: "moved", status: data.status, version: data.version };
  }
  return { kind: "unknown", message: status < 300 ? "an answer that says nothing" : message };
}
