// Operators of a gRPC API whose items have a revision, by functions of the script.
// items.proto describes it; ABORTED is its word for a conflict.
//
//   GRPC_TARGET=127.0.0.1:9090 OCC_HISTORY=history.csv k6 run scenarios/grpc.js
//   occbench check --opaque history.csv
//
// needs a k6 with the extension k6/x/occ. The items item-1, item-2, … have to be
// there; OCC_RECORD_COUNT says how many.

import grpc from 'k6/net/grpc';
import { Operator, finish, parameters } from 'k6/x/occ';

const p = parameters();
const address = __ENV.GRPC_TARGET || '127.0.0.1:9090';

const client = new grpc.Client();
client.load(['.'], 'items.proto');
let connected = false;

// A VU keeps one connection, which it makes in its first call.
function invoke(method, request) {
  if (!connected) {
    client.connect(address, { plaintext: true });
    connected = true;
  }
  return client.invoke(`items.Items/${method}`, request);
}

// What a status without an item means. Of those that are not named, the server may
// have done the work.
const outcomes = {
  [grpc.StatusAborted]: 'conflict',
  [grpc.StatusFailedPrecondition]: 'rejected',
  [grpc.StatusInvalidArgument]: 'rejected',
  [grpc.StatusPermissionDenied]: 'unauthorized',
  [grpc.StatusUnauthenticated]: 'unauthorized',
  [grpc.StatusResourceExhausted]: 'throttled',
  [grpc.StatusUnavailable]: 'no_answer',
  [grpc.StatusDeadlineExceeded]: 'no_answer',
};

function refusal(answer) {
  return { outcome: outcomes[answer.status] || 'server_error', code: answer.error && answer.error.message };
}

const operator = new Operator({
  records: Array.from({ length: Number(__ENV.OCC_RECORD_COUNT || 20) }, (_, i) => `item-${i + 1}`),

  // What a record is now: its token, and the marker of the update that wrote it.
  read(record) {
    const answer = invoke('Get', { id: record });
    switch (answer.status) {
      case grpc.StatusOK:
        return { token: answer.message.revision, marker: answer.message.note };
      case grpc.StatusNotFound:
        return null;
      default:
        return refusal(answer);
    }
  },

  // One attempt, with the token that was read. The marker is unique to it.
  update(record, token, to, marker) {
    const answer = invoke('Update', { id: record, revision: token, note: marker });
    return answer.status === grpc.StatusOK ? { token: answer.message.revision } : refusal(answer);
  },
});

export const options = {
  scenarios: {
    turns: { executor: 'constant-vus', vus: p.operators, duration: `${p.durationMs}ms`, gracefulStop: `${p.longestTurnMs}ms` },
  },
  thresholds: { occ_error_rate: ['rate<0.01'] },
};

export function setup() {
  operator.audit();
}

export default function () {
  operator.turns();
}

export function teardown() {
  operator.audit();
}

export function handleSummary(data) {
  const recording = finish();
  if (!__ENV.OCC_SUMMARY) {
    return undefined; // k6 prints its own
  }
  return { [__ENV.OCC_SUMMARY]: JSON.stringify({ recording, metrics: data.metrics, state: data.state }) };
}
