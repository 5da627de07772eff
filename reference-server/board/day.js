// The date that the board shows, as YYYY-MM-DD. Dates are in UTC, as the
// server's are.

const day = 86_400_000; // ms

export const dateOf = (at) => new Date(at).toISOString().slice(0, 10);

export const shifted = (date, days) => dateOf(Date.parse(date) + days * day);

// asked returns the date of a query, or the next day where it has none: the
// day that the runs of a load test use.
export function asked(query, now) {
  const date = query.get("date") ?? "";
  const valid = /^\d{4}-\d{2}-\d{2}$/.test(date) && !Number.isNaN(Date.parse(date)) && dateOf(Date.parse(date)) === date;
  return valid ? date : dateOf(now + day);
}

// seedable returns the date on which cards can be made: a date itself, or the
// next day when it is over.
export const seedable = (date, now) => (date < dateOf(now) ? dateOf(now + day) : date);

// named returns a date in words, as the reader's language has it: Tue 24 Nov 2026.
export const named = (date, language) =>
  new Intl.DateTimeFormat(language, { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }).format(Date.parse(date));
