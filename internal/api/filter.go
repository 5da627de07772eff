package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
)

// filters change a value before it is escaped.
var filters = map[string]func([]byte) ([]byte, error){
	"int": func(b []byte) ([]byte, error) {
		if _, err := strconv.ParseInt(string(b), 10, 64); err != nil {
			return nil, fmt.Errorf("%q is no integer", b)
		}
		return b, nil
	},
	"base64": func(b []byte) ([]byte, error) { return base64.StdEncoding.AppendEncode(nil, b), nil },
	"unquote": func(b []byte) ([]byte, error) {
		if len(b) >= 2 && b[0] == '"' && b[len(b)-1] == '"' {
			return b[1 : len(b)-1], nil
		}
		return b, nil
	},
	"basic": func(b []byte) ([]byte, error) { return removeMarks(b), nil },
	"vin":   func(b []byte) ([]byte, error) { return toVehicleNumber(b), nil },
}

// removeMarks returns a date or a time in the basic format of ISO 8601, which
// calendars use: 2026-12-01 is 20261201.
func removeMarks(text []byte) []byte {
	return bytes.Map(func(r rune) rune {
		if r == '-' || r == ':' {
			return -1
		}
		return r
	}, text)
}

// toVehicleNumber returns the vehicle identification number that a text stands for:
// 17 characters, of which I, O and Q are none, the first three the same in all.
func toVehicleNumber(text []byte) []byte {
	const alphabet = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"
	number := []byte("0CB")
	for _, b := range sha256.Sum256(text) {
		if number = append(number, alphabet[int(b)%len(alphabet)]); len(number) == 17 {
			break
		}
	}
	return number
}
