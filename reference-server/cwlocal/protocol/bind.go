package protocol

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"time"
)

// Bind fills the struct or value that into points at from a tree, member by
// member of the same name. A member the struct does not have is an error and
// not skipped: a client that asks for what is ignored would believe the answer.
func Bind(node any, into any) *Error {
	return bindValue(node, reflect.ValueOf(into).Elem(), "")
}

func bindValue(node any, v reflect.Value, path string) *Error {
	if node == nil {
		return nil // null says the same as absent
	}
	if v.Type() == reflect.TypeFor[time.Time]() {
		return bindTime(node, v, path)
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return bindValue(node, v.Elem(), path)
	case reflect.Struct:
		return bindStruct(node, v, path)
	case reflect.Slice:
		return bindList(node, v, path)
	}
	return bindScalar(node, v, path)
}

func bindStruct(node any, v reflect.Value, path string) *Error {
	m, ok := node.(map[string]any)
	if !ok {
		return newMistyped(path, "a structure")
	}
	for name, child := range m {
		field := v.FieldByName(name)
		if !field.IsValid() {
			return UnsupportedError("the parameter %s", JoinPath(path, name))
		}
		if err := bindValue(child, field, JoinPath(path, name)); err != nil {
			return err
		}
	}
	return nil
}

func bindList(node any, v reflect.Value, path string) *Error {
	if t, ok := node.(text); ok && t == "" {
		node = []any{} // the query protocol's empty list
	}
	list, ok := node.([]any)
	if !ok {
		return newMistyped(path, "a list")
	}
	v.Set(reflect.MakeSlice(v.Type(), len(list), len(list)))
	for i, child := range list {
		if err := bindValue(child, v.Index(i), fmt.Sprintf("%s.member.%d", path, i+1)); err != nil {
			return err
		}
	}
	return nil
}

func bindScalar(node any, v reflect.Value, path string) *Error {
	switch v.Kind() {
	case reflect.String:
		switch s := node.(type) {
		case string:
			v.SetString(s)
			return nil
		case text:
			v.SetString(string(s))
			return nil
		}
		return newMistyped(path, "a string")
	case reflect.Bool:
		b, ok := toBool(node)
		if !ok {
			return newMistyped(path, "a boolean")
		}
		v.SetBool(b)
	case reflect.Float64:
		f, ok := toFloat(node)
		if !ok {
			return newMistyped(path, "a number")
		}
		v.SetFloat(f)
	case reflect.Int:
		f, ok := toFloat(node)
		if !ok || f != math.Trunc(f) || math.Abs(f) > math.MaxInt32 {
			return newMistyped(path, "an integer of 32 bits")
		}
		v.SetInt(int64(f))
	default:
		panic("cwlocal: no binding for " + v.Type().String())
	}
	return nil
}

func toBool(node any) (value, ok bool) {
	switch b := node.(type) {
	case bool:
		return b, true
	case text:
		return b == "true", b == "true" || b == "false"
	}
	return false, false
}

// toFloat reads a number. JSON has no literal for what is not a number, so the
// protocol spells those three as strings.
func toFloat(node any) (float64, bool) {
	switch f := node.(type) {
	case float64:
		return f, true
	case text:
		v, err := strconv.ParseFloat(string(f), 64)
		return v, err == nil
	case string:
		switch f {
		case "NaN", "Infinity", "-Infinity":
			v, err := strconv.ParseFloat(f, 64)
			return v, err == nil
		}
	}
	return 0, false
}

func bindTime(node any, v reflect.Value, path string) *Error {
	t, ok := toTime(node)
	if !ok {
		return newMistyped(path, "a timestamp")
	}
	v.Set(reflect.ValueOf(t))
	return nil
}

// toTime reads an instant: tagged in CBOR, seconds in JSON, ISO 8601 in the
// query protocol. Years that do not have four digits are refused; no arithmetic
// on the rest can overflow.
func toTime(node any) (time.Time, bool) {
	switch t := node.(type) {
	case time.Time:
		return t, hasFourDigitYear(t)
	case float64:
		return fromEpochSeconds(t)
	case text:
		at, err := time.Parse(time.RFC3339, string(t))
		return at.UTC(), err == nil && hasFourDigitYear(at)
	}
	return time.Time{}, false
}

func hasFourDigitYear(t time.Time) bool {
	return t.UTC().Year() >= 1 && t.UTC().Year() <= 9999
}

// fromEpochSeconds turns seconds since 1970 into an instant, to the millisecond.
func fromEpochSeconds(seconds float64) (time.Time, bool) {
	if math.IsNaN(seconds) || math.Abs(seconds) > 2.5e11 {
		return time.Time{}, false
	}
	t := time.UnixMilli(int64(math.Round(seconds * 1e3))).UTC()
	return t, hasFourDigitYear(t)
}

func newMistyped(path, want string) *Error {
	if path == "" {
		path = "The request"
	}
	return newMalformed("%s is not %s.", path, want)
}

func JoinPath(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
