package postgres

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// tables are the tables and columns that are written, the reference server's.
var tables = map[string][]string{
	"customers":            {"id", "name", "phone"},
	"vehicles":             {"id", "customer_id", "vin", "make", "model", "year"},
	"services":             {"id", "code", "name", "base_price_cents", "est_minutes"},
	"appointments":         {"id", "customer_id", "vehicle_id", "appt_start", "appt_end", "status", "position", "version", "notes"},
	"appointment_services": {"appointment_id", "service_id"},
}

// columnFact describes a column as the catalogue knows it.
type columnFact struct {
	Table, Column string
	Needs         bool // a value: it is not null, without default, and not made by the database
}

// checkSchema makes sure that everything that will be written can be, before
// anything is. It names all that is in the way, not the first.
func checkSchema(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `SELECT c.relname, a.attname,
       a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AND a.attgenerated = ''
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
 WHERE c.oid IN (SELECT to_regclass(t) FROM unnest($1::text[]) t) AND a.attnum > 0 AND NOT a.attisdropped`,
		slices.Sorted(maps.Keys(tables)))
	if err != nil {
		return fmt.Errorf("reading the schema: %w", err)
	}
	facts, err := pgx.CollectRows(rows, pgx.RowToStructByPos[columnFact])
	if err != nil {
		return fmt.Errorf("reading the schema: %w", err)
	}
	if wrong := findUnfit(facts); len(wrong) > 0 {
		return fmt.Errorf(
			"checking the schema, which is not the reference server's: %s; start the server once, it creates its tables",
			strings.Join(wrong, ", "),
		)
	}
	return nil
}

// findUnfit returns what in the tables keeps the seeder from writing, one sentence each.
func findUnfit(facts []columnFact) []string {
	have := map[string]map[string]bool{}
	var wrong []string
	for _, f := range facts {
		if have[f.Table] == nil {
			have[f.Table] = map[string]bool{}
		}
		have[f.Table][f.Column] = true
		if f.Needs && !slices.Contains(tables[f.Table], f.Column) {
			wrong = append(wrong, fmt.Sprintf("column %s.%s wants a value that the seeder does not know", f.Table, f.Column))
		}
	}
	for _, table := range slices.Sorted(maps.Keys(tables)) {
		if have[table] == nil {
			wrong = append(wrong, fmt.Sprintf("table %s is missing", table))
			continue
		}
		for _, column := range tables[table] {
			if !have[table][column] {
				wrong = append(wrong, fmt.Sprintf("column %s.%s is missing", table, column))
			}
		}
	}
	return wrong
}

// reserveIDs draws ids of a table from its own sequence, so that rows copied with
// them never meet rows that the server inserts at the same time.
func reserveIDs(ctx context.Context, tx pgx.Tx, table string, n int) ([]int64, error) {
	var sequence *string
	if err := tx.QueryRow(ctx, "SELECT pg_get_serial_sequence($1, 'id')", table).Scan(&sequence); err != nil {
		return nil, fmt.Errorf("reserving ids of %s: %w", table, err)
	}
	if sequence == nil {
		return nil, fmt.Errorf("reserving ids of %s: its column id has no sequence", table)
	}
	rows, err := tx.Query(ctx, "SELECT nextval($1::regclass) FROM generate_series(1, $2)", *sequence, n)
	if err != nil {
		return nil, fmt.Errorf("reserving ids of %s: %w", table, err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, fmt.Errorf("reserving ids of %s: %w", table, err)
	}
	return ids, nil
}
