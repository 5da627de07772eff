package run

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/nearest"
	"github.com/occbench/occbench/internal/workload"
)

// Codec reads the values of one kind from texts, and writes them as it reads
// them. Errors say what would be right; the caller says where the text stood.
type Codec[V any] struct {
	Shape Shape
	Parse func(text string) (V, error)
	Write func(value V) string // empty: there is nothing to say
}

// NewTextCodec returns the codec of any text.
func NewTextCodec() Codec[string] {
	return Codec[string]{Shape: Shape{Kind: Text}, Parse: func(text string) (string, error) { return text, nil }, Write: returnText}
}

// NewCheckedCodec returns the codec of the texts that a check accepts.
func NewCheckedCodec(check func(text string) error) Codec[string] {
	c := NewTextCodec()
	c.Parse = func(text string) (string, error) { return text, check(text) }
	return c
}

// CheckNotEmpty refuses the empty text.
func CheckNotEmpty(text string) error {
	if text == "" {
		return errors.New("it is empty")
	}
	return nil
}

func returnText(text string) string { return text }

// NewChoiceCodec returns the codec of one of the given words.
func NewChoiceCodec(words ...string) Codec[string] {
	c := NewCheckedCodec(func(text string) error {
		if !slices.Contains(words, text) {
			return fmt.Errorf("%q is not one of %s%s", text, strings.Join(words, ", "), nearest.Question(text, words))
		}
		return nil
	})
	c.Shape = Shape{Kind: Choice, Words: words}
	return c
}

// NewCountCodec returns the codec of a whole number from 1 up to a limit.
func NewCountCodec(most int) Codec[int] {
	return Codec[int]{
		Shape: Shape{Kind: Integer, Least: 1, Most: float64(most)},
		Parse: func(text string) (int, error) {
			n, err := strconv.Atoi(text)
			if err != nil || n < 1 || n > most {
				return 0, fmt.Errorf("%q is not a whole number from 1 to %d", text, most)
			}
			return n, nil
		},
		Write: func(n int) string {
			if n <= 0 {
				return ""
			}
			return strconv.Itoa(n)
		},
	}
}

// automatic is the word for a number that is derived.
const automatic = "auto"

// newCountOrAutoCodec returns the codec of a whole number or the word auto,
// which is 0.
func newCountOrAutoCodec(most int) Codec[int] {
	c := NewCountCodec(most)
	c.Shape.Words = []string{automatic}
	parse := c.Parse
	c.Parse = func(text string) (int, error) {
		if text == automatic {
			return 0, nil
		}
		n, err := parse(text)
		if err != nil {
			return 0, fmt.Errorf("%q is neither auto nor a whole number from 1 to %d", text, most)
		}
		return n, nil
	}
	return c
}

// NewDurationCodec returns the codec of a duration in Go's notation: 0, or at
// least the given one.
func NewDurationCodec(least time.Duration, example string) Codec[time.Duration] {
	return Codec[time.Duration]{
		Shape: Shape{Kind: Duration, Zero: least == 0},
		Parse: func(text string) (time.Duration, error) {
			d, err := time.ParseDuration(text)
			if text == "0" {
				d, err = 0, nil
			}
			switch {
			case err != nil:
				return 0, fmt.Errorf("%q is not a duration such as %s", text, example)
			case d < least && least > 0:
				return 0, fmt.Errorf("%q is too short; at least %s, e.g. %s", text, least, example)
			case d < least:
				return 0, fmt.Errorf("%q is negative; e.g. %s", text, example)
			}
			return d, nil
		},
		Write: func(d time.Duration) string {
			if d == 0 && least > 0 {
				return ""
			}
			return FormatDuration(d)
		},
	}
}

// FormatDuration writes a duration as Go does, without the zeros at its end: 1m
// for 1m0s.
func FormatDuration(d time.Duration) string {
	s := d.String()
	if d >= time.Minute && d%time.Minute == 0 {
		s = strings.TrimSuffix(s, "0s")
	}
	if d >= time.Hour && d%time.Hour == 0 {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// NewSwitchCodec returns the codec of true and false.
func NewSwitchCodec() Codec[bool] {
	return Codec[bool]{
		Shape: Shape{Kind: Boolean},
		Parse: func(text string) (bool, error) {
			on, err := strconv.ParseBool(text)
			if err != nil {
				return false, fmt.Errorf("%q is neither true nor false", text)
			}
			return on, nil
		},
		Write: func(on bool) string {
			if !on {
				return ""
			}
			return "true"
		},
	}
}

// newShareCodec returns the codec of a number from 0 to 1.
func newShareCodec() Codec[float64] {
	return Codec[float64]{
		Shape: Shape{Kind: Number, Most: 1},
		Parse: func(text string) (float64, error) {
			share, err := strconv.ParseFloat(text, 64)
			if err != nil || !(share >= 0 && share <= 1) {
				return 0, fmt.Errorf("%q is not a share from 0 to 1, e.g. 0.05", text)
			}
			return share, nil
		},
		Write: writeNumber,
	}
}

func writeNumber(x float64) string {
	if x == 0 {
		return ""
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

// newSeedCodec returns the codec of a number of 64 bits.
func newSeedCodec() Codec[uint64] {
	return Codec[uint64]{
		Shape: Shape{Kind: Integer},
		Parse: func(text string) (uint64, error) {
			n, err := strconv.ParseUint(text, 10, 64)
			if err != nil {
				return 0, fmt.Errorf("%q is not a whole number from 0 to 18446744073709551615", text)
			}
			return n, nil
		},
		Write: func(n uint64) string { return strconv.FormatUint(n, 10) },
	}
}

// written is a value of a notation of its own.
type written interface{ String() string }

// newNotationCodec returns the codec of a type that has a parser and a String
// method.
func newNotationCodec[V written](parse func(string) (V, error), shape Shape) Codec[V] {
	return Codec[V]{Shape: shape, Parse: parse, Write: V.String}
}

// newDelayCodec returns the codec of the distributions of package workload;
// the empty text means no delay.
func newDelayCodec() Codec[workload.Delay] {
	c := Codec[workload.Delay]{Shape: Shape{Kind: Text}, Parse: workload.ParseDelay}
	c.Write = func(d workload.Delay) string {
		if d == nil {
			return ""
		}
		return d.String()
	}
	return c
}

// backoffBase and backoffLimit bound the waits of every backoff that a run
// declares: the first is drawn from up to twice the base.
const (
	backoffBase  = 50 * time.Millisecond
	backoffLimit = time.Second
)

// newBackoffCodec returns the codec of a backoff policy.
func newBackoffCodec() Codec[workload.Backoff] {
	shape := Shape{Kind: Choice, Words: workload.BackoffKinds()}
	return newNotationCodec(func(text string) (workload.Backoff, error) {
		return workload.ParseBackoff(text, backoffBase, backoffLimit)
	}, shape)
}

// newDayCodec returns the codec of a day: YYYY-MM-DD, today or tomorrow (UTC).
func newDayCodec(now func() time.Time) Codec[string] {
	c := NewTextCodec()
	c.Shape = Shape{Kind: Date, Words: []string{"today", "tomorrow"}}
	c.Parse = func(text string) (string, error) {
		switch text {
		case "today":
			text = now().UTC().Format(time.DateOnly)
		case "tomorrow":
			text = now().UTC().AddDate(0, 0, 1).Format(time.DateOnly)
		}
		if _, err := time.Parse(time.DateOnly, text); err != nil {
			return "", fmt.Errorf("%q is not a date YYYY-MM-DD, today or tomorrow", text)
		}
		return text, nil
	}
	return c
}
