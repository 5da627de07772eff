// Operators of a GraphQL API whose items have a version, by functions of the
// script: an API file cannot say which error of a 200 is a conflict.
//
//   URL=http://127.0.0.1:8080 OCC_HISTORY=history.csv k6 run scenarios/graphql.js
//   occbench check --opaque history.csv
//
// needs a k6 with the extension k6/x/occ. The items item-1, item-2, … have to be
// there; OCC_RECORD_COUNT says how many.

import http from 'k6/http';
import { Operator, finish, parameters } from 'k6/x/occ';

const p = parameters();
const url = `${__ENV.URL || 'http://127.0.0.1:8080'}/graphql`;
const params = { headers: { 'Content-Type': 'application/json' }, tags: { name: 'graphql' } };

const itemQuery = 'query Item($id: ID!) { item(id: $id) { version note } }';
const updateMutation =
  'mutation Update($id: ID!, $version: Int!, $note: String!) { updateItem(id: $id, version: $version, note: $note) { version } }';

function ask(query, variables) {
  return http.post(url, JSON.stringify({ query, variables }), params);
}

const operator = new Operator({
  records: Array.from({ length: Number(__ENV.OCC_RECORD_COUNT || 20) }, (_, i) => `item-${i + 1}`),

  // What a record is now: its token, and the marker of the update that wrote it.
  read(record) {
    const answer = ask(itemQuery, { id: record });
    if (answer.status !== 200) {
      return { http: answer.status };
    }
    const item = answer.json('data.item');
    return item === null ? null : { http: 200, token: item.version, marker: item.note };
  },

  // One attempt, with the token that was read. The marker is unique to it.
  update(record, token, to, marker) {
    const answer = ask(updateMutation, { id: record, version: Number(token), note: marker });
    if (answer.status !== 200) {
      return { http: answer.status };
    }
    const code = answer.json('errors.0.extensions.code');
    if (code !== undefined) {
      return { http: 200, outcome: code === 'CONFLICT' ? 'conflict' : 'rejected', code };
    }
    return { http: 200, token: answer.json('data.updateItem.version') };
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
