package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/occbench/occbench/reference-server/appointment"
)

// now is the time in microseconds; SQLite's own clock counts milliseconds.
const now = `CAST(unixepoch('subsec') * 1000 AS INTEGER) * 1000`

// moveSQL is the conditional UPDATE of a move to one status: position or null,
// id, version expected. The legal sources are written out: SQLite has no list
// parameters. What is answered comes from the same statement that wrote it.
func moveSQL(to appointment.Status) string {
	return fmt.Sprintf(`UPDATE appointments
SET status = '%s', position = coalesce(?, position), version = version + 1, updated_at = `+now+`
WHERE id = ? AND version = ? AND status IN (%s)
RETURNING position, version, updated_at`, to, quoteStatuses(appointment.Sources(to)))
}

// quoteStatuses returns statuses of the contract, which need no escaping, as a list in SQL.
func quoteStatuses(statuses []appointment.Status) string {
	quoted := make([]string, len(statuses))
	for i, s := range statuses {
		quoted[i] = "'" + string(s) + "'"
	}
	return strings.Join(quoted, ", ")
}

// selectCards makes one text of a row: each column that is read takes the
// connection's lock several times, and fourteen of them more time than the query.
const selectCards = `SELECT json_array(a.id, a.customer_id, a.vehicle_id, a.appt_start, a.appt_end, a.status, a.position, a.version,
       a.notes, a.updated_at, c.name, v.make, v.model, v.year)
FROM appointments a JOIN customers c ON c.id = a.customer_id JOIN vehicles v ON v.id = a.vehicle_id
`

// itemSQL is the conditional UPDATE of an item: status, note, id, version expected.
const (
	itemSQL = `UPDATE items SET status = ?, note = ?, version = version + 1, updated_at = ` + now + `
WHERE id = ? AND version = ? RETURNING version, updated_at`
	findSQL        = `SELECT id, name, status, note, version, updated_at FROM items WHERE name = ?`
	itemCurrentSQL = `SELECT version, status FROM items WHERE id = ?`
)

// statements are prepared once; what is called rarely is not among them.
type statements struct {
	move                 map[appointment.Status]*sql.Stmt
	current, board, card *sql.Stmt

	moveItem, currentItem, item *sql.Stmt
}

func prepareAll(ctx context.Context, write, read *sql.DB) (*statements, error) {
	var failed error
	prepare := func(db *sql.DB, text string) *sql.Stmt {
		stmt, err := db.PrepareContext(ctx, text)
		if err != nil && failed == nil {
			failed = err
		}
		return stmt
	}
	all := &statements{
		move:    map[appointment.Status]*sql.Stmt{},
		current: prepare(read, `SELECT version, status FROM appointments WHERE id = ?`),
		board: prepare(read, selectCards+`WHERE a.appt_start >= ? AND a.appt_start < ?
ORDER BY a.position, a.appt_start, a.id`),
		card: prepare(read, selectCards+`WHERE a.id = ?`),

		moveItem:    prepare(write, itemSQL),
		currentItem: prepare(read, itemCurrentSQL),
		item:        prepare(read, findSQL),
	}
	for _, to := range appointment.Statuses() {
		all.move[to] = prepare(write, moveSQL(to))
	}
	return all, failed
}
