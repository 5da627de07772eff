package api

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/go-faster/jx"
)

// byHand reads a list as code does that was written for this API alone: the measure of
// what a file costs.
func byHand(d *jx.Decoder, row *Row, use func(*Row)) error {
	var group []byte
	var word func(d *jx.Decoder) ([]byte, error)
	word = func(d *jx.Decoder) ([]byte, error) {
		if d.Next() == jx.String {
			return d.StrBytes()
		}
		raw, err := d.Raw()
		return raw, err
	}
	field := func(d *jx.Decoder, key []byte) (err error) {
		switch string(key) {
		case "id":
			row.ID, err = word(d)
		case "version":
			row.Token, err = word(d)
		case "status":
			row.State, err = word(d)
		default:
			err = d.Skip()
		}
		return err
	}
	record := func(d *jx.Decoder) error {
		*row = Row{Group: group}
		if err := d.ObjBytes(field); err != nil {
			return err
		}
		use(row)
		return nil
	}
	column := func(d *jx.Decoder, key []byte) error {
		if string(key) != "items" {
			return d.Skip()
		}
		return d.Arr(record)
	}
	columns := func(d *jx.Decoder, key []byte) error {
		group = key
		return d.ObjBytes(column)
	}
	data := func(d *jx.Decoder, key []byte) error {
		if string(key) != "columns" {
			return d.Skip()
		}
		return d.ObjBytes(columns)
	}
	return d.ObjBytes(func(d *jx.Decoder, key []byte) error {
		if string(key) != "data" {
			return d.Skip()
		}
		return d.ObjBytes(data)
	})
}

// BenchmarkRows reads a list of 50 records, as an operator does: by the API file, when so
// many of them have changed since the last reading, and by hand.
func BenchmarkRows(b *testing.B) {
	list, body, n := appointments(b).List, board(50), 0
	var d jx.Decoder
	use := func(*Row) { n++ }
	for _, changed := range []int{0, 3, 50} {
		b.Run(fmt.Sprintf("file/changed=%d", changed), func(b *testing.B) {
			s := ListScratch{WithoutTags: true}
			bodies := [][]byte{body, bytes.Replace(body, []byte(`"year":2019`), []byte(`"year":2020`), changed)}
			v, answer := &Vars{}, &Response{Status: 200}
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				answer.Body = bodies[i&1]
				if err := list.Rows(&s, answer, v, use); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("hand", func(b *testing.B) {
		var row Row
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			d.ResetBytes(body)
			if err := byHand(&d, &row, use); err != nil {
				b.Fatal(err)
			}
		}
	})
}
