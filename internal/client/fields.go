package client

import (
	"github.com/go-faster/jx"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/appointment"
	"github.com/occbench/occbench/internal/history"
)

// readWord reads a string, or a number as the text it is written in: ids are
// strings in the contract and numbers in some deployments. Any other type is
// absent. The result belongs to the decoder's input.
func readWord(d *jx.Decoder) ([]byte, error) {
	switch d.Next() {
	case jx.String:
		return d.StrBytes()
	case jx.Number:
		return d.Raw()
	default:
		return nil, d.Skip()
	}
}

// readVersion reads a version; anything but an integer from 1 is 0. A string
// of digits is read as the integer that it spells: stores hand out 64-bit
// integers that way, and what is meant is not in doubt. That the type differs
// from the contract is for the probe to say.
func readVersion(d *jx.Decoder) (int64, error) {
	word, err := readWord(d)
	if err != nil {
		return 0, err
	}
	return api.Integer(string(word)), nil
}

// orNone turns the absent version of a body into that of a history.
func orNone(version int64) int64 {
	if version == 0 {
		return history.None
	}
	return version
}

// readStatus reads a status; one that no history can hold is empty.
func readStatus(d *jx.Decoder) (appointment.Status, error) {
	if d.Next() != jx.String {
		return "", d.Skip()
	}
	word, err := d.StrBytes()
	if err != nil {
		return "", err
	}
	return status(word), nil
}

// status returns the contract's constant for a status where there is one, so
// that a board costs no allocation.
func status(word []byte) appointment.Status {
	switch appointment.Status(word) {
	case appointment.Scheduled:
		return appointment.Scheduled
	case appointment.InProgress:
		return appointment.InProgress
	case appointment.Ready:
		return appointment.Ready
	case appointment.Completed:
		return appointment.Completed
	case appointment.NoShow:
		return appointment.NoShow
	}
	if !history.Recordable(string(word)) {
		return ""
	}
	return appointment.Status(word)
}

// readID reads an id; one that cannot be recorded, or that no server takes for
// one segment of a path, is empty. The result belongs to the decoder's input.
func readID(d *jx.Decoder) ([]byte, error) {
	word, err := readWord(d)
	if !history.Recordable(string(word)) || string(word) == "." || string(word) == ".." {
		return nil, err
	}
	return word, err
}

// isFalse reads a value and reports whether it is the literal false.
func isFalse(d *jx.Decoder) (bool, error) {
	if d.Next() != jx.Bool {
		return false, d.Skip()
	}
	b, err := d.Bool()
	return !b, err
}
