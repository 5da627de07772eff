package reason

import (
	_ "embed" // words.txt
	"fmt"
	"maps"
	"strings"
	"sync"
	"text/template"

	"github.com/occbench/occbench/internal/amount"
)

// phrase is what a code says: in an engineer's words, and where these would not do
// in those of the person who decides on a release.
type phrase struct{ exact, plain *template.Template }

// write writes a reason; of a code that this version does not know its name.
func (p phrase) write(r Reason, plain bool) string {
	t := p.exact
	if plain {
		t = p.plain
	}
	if t == nil {
		return r.Code
	}
	var b strings.Builder
	values := maps.Clone(r.Values)
	if values == nil {
		values = map[string]any{}
	}
	values["w"] = r.Words
	if err := t.Execute(&b, values); err != nil {
		return fmt.Sprintf("%s (%v)", r.Code, r.Values) // a file that was changed by hand
	}
	return b.String()
}

//go:embed words.txt
var words string

// phrases are those of words.txt, by code. Most commands say none of them, and parsing
// takes a tenth of their start.
var phrases func() map[string]phrase

func init() { phrases = sync.OnceValue(parsePhrases) } // here, since a phrase may say another one

func parsePhrases() map[string]phrase {
	phrases := map[string]phrase{}
	exact := template.New("").Funcs(functions).Funcs(template.FuncMap{"say": exactly})
	plain := template.New("").Funcs(functions).Funcs(template.FuncMap{"say": plainly})
	for _, block := range blocks(words) {
		code := strings.TrimPrefix(block.head, "part ")
		p := phrase{exact: template.Must(exact.New(code).Parse(block.exact))}
		text := block.exact
		if block.plain != "" {
			text = block.plain
		}
		p.plain = template.Must(plain.New(code).Parse(text))
		if code == block.head {
			phrases[code] = p
		}
	}
	return phrases
}

// block is a code, or a part, with its texts.
type block struct{ head, exact, plain string }

// blocks reads words.txt.
func blocks(text string) []block {
	var all []block
	plain := false
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		inner := strings.TrimPrefix(line, "    ")
		switch {
		case line == "" || line[0] == '#':
		case inner == line:
			all, plain = append(all, block{head: line}), false
		case strings.HasPrefix(inner, "plain: "):
			all[len(all)-1].plain, plain = strings.TrimPrefix(inner, "plain: "), true
		case plain:
			all[len(all)-1].plain += " " + inner
		case all[len(all)-1].exact == "":
			all[len(all)-1].exact = inner
		default:
			all[len(all)-1].exact += " " + inner
		}
	}
	return all
}

// functions write values. A value that is zero is not in the reason, so nil is 0.
var functions = template.FuncMap{
	"n":   func(v any) string { return amount.Count(int(number(v))) },
	"int": func(v any) int { return int(number(v)) },
	"plural": func(v any, one, many string) string {
		if number(v) == 1 {
			return one
		}
		return many
	},
	"count":  func(v any, one, many string) string { return amount.Plural(int(number(v)), one, many) },
	"pct":    func(v any) string { return amount.Percent(number(v)) },
	"pctOf":  func(v, limit any) string { return amount.PercentAgainst(number(v), number(limit)) },
	"ms":     func(v any) string { return amount.Milliseconds(number(v)) },
	"msOf":   func(v, limit any) string { return amount.MillisecondsAgainst(number(v), number(limit)) },
	"sec":    func(v any) string { return amount.Seconds(number(v)) },
	"about":  func(v any) string { return amount.Roughly(number(v)) },
	"digits": func(v any) string { return amount.Digits(number(v)) },
	"same":   func(a, b any) bool { return number(a) == number(b) },
	"less":   func(a, b any) bool { return number(a) < number(b) },
	"sure":   sure,
	"join":   join,
}

func number(v any) float64 {
	f, _ := v.(float64)
	return f
}

// exactly and plainly write a reason inside another.
func exactly(v any) string {
	r, _ := v.(Reason)
	return r.String()
}

func plainly(v any) string {
	r, _ := v.(Reason)
	return r.Clause()
}

// sure says how sure a bound is.
func sure(confidence, anytime any) string {
	text := amount.Percent(number(confidence)) + " sure"
	if anytime == true {
		text += " at every look"
	}
	return text
}

// join lists texts and reasons.
func join(v any, separator string) string {
	list, _ := v.([]any)
	parts := make([]string, len(list))
	for i, one := range list {
		if r, ok := one.(Reason); ok {
			parts[i] = r.String()
		} else {
			parts[i] = fmt.Sprint(one)
		}
	}
	return strings.Join(parts, separator)
}
