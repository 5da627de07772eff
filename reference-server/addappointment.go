package refserver

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/go-faster/jx"

	"github.com/occbench/occbench/reference-server/store"
)

// maxServices bounds the services of one appointment.
const maxServices = 50

func (a *api) addAppointment(w http.ResponseWriter, r *http.Request) {
	var made store.Appointment
	if !readMembers(w, r, []member{
		{name: "customer_id", read: readReference(&made.Customer)},
		{name: "vehicle_id", read: readReference(&made.Vehicle)},
		{name: "appt_start", read: readInstant(&made.Start)},
		{name: "appt_end", read: readInstant(&made.End)},
		{name: "service_codes", read: readServiceCodes(&made.Services)},
		{name: "notes", optional: true, read: readOptionalText(&made.Notes, maxNotes)},
	}) {
		return
	}
	switch {
	case made.Start.Before(a.opts.Now()):
		sendRefusal(w, http.StatusBadRequest, newInvalid("appt_start", "is in the past"))
	case !made.End.After(made.Start):
		sendRefusal(w, http.StatusBadRequest, newInvalid("appt_end", "must be after appt_start"))
	default:
		a.answerAdded(w, r, func(ctx context.Context) (int64, error) { return a.store.AddAppointment(ctx, made) })
	}
}

// readInstant reads a time in RFC 3339, to the microsecond that stores keep.
func readInstant(into *time.Time) func(*jx.Decoder) string {
	return func(d *jx.Decoder) string {
		var s string
		if complaint := readText(&s, maxWord)(d); complaint != "" {
			return complaint
		}
		t, err := time.Parse(time.RFC3339, s)
		if err != nil {
			return "must be a time like 2026-01-31T09:30:00Z"
		}
		*into = t.UTC().Truncate(time.Microsecond)
		return ""
	}
}

// errBadCode ends the reading of a list that is refused anyway.
var errBadCode = errors.New("a service code is refused")

// readServiceCodes reads a list of at least one code; one given twice counts once.
func readServiceCodes(into *[]string) func(*jx.Decoder) string {
	return func(d *jx.Decoder) string {
		if d.Next() != jx.Array {
			return "must be an array of service codes"
		}
		complaint := ""
		err := d.Arr(func(d *jx.Decoder) error {
			var code string
			if complaint = readText(&code, maxWord)(d); complaint != "" || len(*into) == maxServices {
				return errBadCode
			}
			if !slices.Contains(*into, code) {
				*into = append(*into, code)
			}
			return nil
		})
		switch {
		case complaint != "":
			return "holds an entry that " + complaint
		case err != nil:
			return "must be at most " + strconv.Itoa(maxServices) + " service codes"
		case len(*into) == 0:
			return "must name at least one service"
		}
		return ""
	}
}
