package postgres

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"net"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/occbench/occbench/internal/client"
)

// runTransaction runs a piece of work in one transaction of the database, alone
// among the callers with the same tag, after the schema was found fit. No error
// of it shows user or password of the URL.
func runTransaction(ctx context.Context, databaseURL, tag string, work func(context.Context, pgx.Tx) error) error {
	config, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return errors.New("reading the database URL: want postgres://user@host:port/database; are its credentials percent-encoded?")
	}
	place := fmt.Sprintf("%s:%d/%s", config.Host, config.Port, config.Database)
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("connecting to the database %s: %w", place, connectCause(ctx, err))
	}
	// Whatever was committed is committed: closing can take nothing away.
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", computeLockKey(tag)); err != nil {
			return fmt.Errorf("waiting for other seeders: %w", err)
		}
		if err := checkSchema(ctx, tx); err != nil {
			return err
		}
		return work(ctx, tx)
	})
	if err != nil {
		return fmt.Errorf("in the database %s: %w", place, err)
	}
	return nil
}

// connectCause keeps of a failed connection what has no credentials in it: the
// driver's own text names the user, and so does the server's when it refuses
// them.
func connectCause(ctx context.Context, err error) error {
	var refused *pgconn.PgError
	var network *net.OpError
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.As(err, &refused) && strings.HasPrefix(refused.Code, "28"):
		return fmt.Errorf("it refuses the user or the password (SQLSTATE %s)", refused.Code)
	case errors.As(err, &refused) && refused.Code == "3D000":
		return fmt.Errorf("there is no database of that name (SQLSTATE %s)", refused.Code)
	case errors.As(err, &refused):
		return fmt.Errorf("it refuses the connection (SQLSTATE %s)", refused.Code)
	case errors.As(err, &network):
		return network
	}
	return errors.New("it gives no usable answer; does it speak TLS as the URL's sslmode wants?")
}

// computeLockKey returns the key of the advisory lock of a tag.
func computeLockKey(tag string) int64 {
	h := fnv.New64a()
	h.Write([]byte(client.TagWord(tag)))
	return int64(h.Sum64())
}

// makeTagPattern is client.HasTag as a regular expression of PostgreSQL.
func makeTagPattern(tag string) string {
	const ends = "[ \t\r\n,;]"
	return "(^|" + ends + ")" + regexp.QuoteMeta(client.TagWord(tag)) + "($|" + ends + ")"
}
