// backoff returns how long to wait after the nth failure in a row, in ms:
// doubling from 0.5 s to 15 s, and drawn from the upper half of that, so that
// boards which lost their server together do not return together.
export function backoff(failures, random = Math.random) {
  const most = Math.min(15_000, 500 * 2 ** Math.min(failures - 1, 10));
  return most / 2 + (random() * most) / 2;
}
