package client

import (
	"bytes"
	"errors"
	"io"
	"unicode"
	"unicode/utf8"

	"github.com/go-faster/jx"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/appointment"
	"github.com/occbench/occbench/internal/history"
)

// moved is what the body of a 2xx says about a move; the zero of a field means
// that it is absent or of no use.
type moved struct {
	id      string
	status  appointment.Status
	version int64
	refused bool // ok: false
}

func readMoved(d *jx.Decoder) (m moved, err error) {
	fields, err := d.ObjIter()
	for err == nil && fields.Next() {
		switch string(fields.Key()) {
		case "data":
			err = m.readData(d)
		case "ok":
			m.refused, err = isFalse(d)
		default:
			err = d.Skip()
		}
	}
	if err = firstError(err, fields.Err()); err != nil {
		return m, err
	}
	if d.Skip() != io.EOF {
		return m, errors.New("there is more after the end of the JSON")
	}
	return m, nil
}

func (m *moved) readData(d *jx.Decoder) error {
	*m = moved{refused: m.refused}
	if d.Next() != jx.Object {
		return d.Skip()
	}
	fields, err := d.ObjIter()
	for err == nil && fields.Next() {
		switch string(fields.Key()) {
		case "appointment_id":
			var id []byte
			id, err = readID(d)
			m.id = string(id)
		case "status":
			m.status, err = readStatus(d)
		case "version":
			m.version, err = readVersion(d)
		default:
			err = d.Skip()
		}
	}
	return firstError(err, fields.Err())
}

// refusal is what the body of a 4xx or 5xx says.
type refusal struct {
	code    string
	status  appointment.Status // current_status, or from where that is absent
	version int64              // current_version; 0: it does not say, or it says 0
	zero    bool               // it says 0
}

// readRefusal reads what it can: an error member that is an object, one that
// is a plain string, or a body that is no JSON at all, as gateways send it.
func readRefusal(d *jx.Decoder) refusal {
	if d.Next() != jx.Object {
		return refusal{}
	}
	var got refusal
	fields, err := d.ObjIter()
	for err == nil && fields.Next() {
		if string(fields.Key()) == "error" {
			got, err = readError(d)
		} else {
			err = d.Skip()
		}
	}
	if firstError(err, fields.Err()) != nil || d.Skip() != io.EOF {
		return refusal{}
	}
	return got
}

func readError(d *jx.Decoder) (r refusal, err error) {
	if d.Next() != jx.Object {
		r.code, err = readCode(d)
		return r, err
	}
	var from appointment.Status
	fields, err := d.ObjIter()
	for err == nil && fields.Next() {
		switch string(fields.Key()) {
		case "code":
			r.code, err = readCode(d)
		case "current_version":
			var word []byte
			word, err = readWord(d)
			r.version, r.zero = api.Integer(string(word)), string(word) == "0"
		case "current_status":
			r.status, err = readStatus(d)
		case "from":
			from, err = readStatus(d)
		default:
			err = d.Skip()
		}
	}
	if r.status == "" {
		r.status = from
	}
	return r, firstError(err, fields.Err())
}

// readCode reads the code of a refusal, which is for people to read: a sentence
// with commas, and what a terminal would not print, is none.
func readCode(d *jx.Decoder) (string, error) {
	word, err := readWord(d)
	if err != nil || len(word) > history.MaxText || bytes.ContainsFunc(word, uncoded) {
		return "", err
	}
	if string(word) == string(appointment.VersionConflict) {
		return string(appointment.VersionConflict), nil
	}
	return string(word), nil
}

func uncoded(r rune) bool {
	return r == ',' || r == '"' || r == utf8.RuneError || !unicode.IsPrint(r)
}
