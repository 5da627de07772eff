-- The shop's tables. Instants are microseconds of Unix time: integers compare
-- and index as they are.

CREATE TABLE IF NOT EXISTS customers (
    id    INTEGER PRIMARY KEY,
    name  TEXT NOT NULL,
    phone TEXT NOT NULL DEFAULT ''
);

CREATE TABLE IF NOT EXISTS vehicles (
    id          INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers,
    vin         TEXT NOT NULL,
    make        TEXT NOT NULL,
    model       TEXT NOT NULL,
    year        INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS services (
    id               INTEGER PRIMARY KEY,
    code             TEXT NOT NULL UNIQUE,
    name             TEXT NOT NULL,
    base_price_cents INTEGER NOT NULL,
    est_minutes      INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS appointments (
    id          INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers,
    vehicle_id  INTEGER NOT NULL REFERENCES vehicles,
    appt_start  INTEGER NOT NULL,
    appt_end    INTEGER NOT NULL,
    status      TEXT NOT NULL DEFAULT 'scheduled'
                CHECK (status IN ('scheduled', 'in_progress', 'ready', 'completed', 'no_show')),
    position    INTEGER NOT NULL DEFAULT 0,
    version     INTEGER NOT NULL DEFAULT 1,
    notes       TEXT NOT NULL DEFAULT '',
    updated_at  INTEGER NOT NULL
);

CREATE INDEX IF NOT EXISTS appointments_board ON appointments (appt_start);

CREATE TABLE IF NOT EXISTS appointment_services (
    appointment_id INTEGER NOT NULL REFERENCES appointments ON DELETE CASCADE,
    service_id     INTEGER NOT NULL REFERENCES services,
    PRIMARY KEY (appointment_id, service_id)
) WITHOUT ROWID;

-- AUTOINCREMENT: an id is never given twice, so that no version of a deleted item
-- comes back in the next one of its name.
CREATE TABLE IF NOT EXISTS items (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL UNIQUE,
    status     TEXT NOT NULL,
    note       TEXT NOT NULL,
    version    INTEGER NOT NULL DEFAULT 1,
    updated_at INTEGER NOT NULL
);
