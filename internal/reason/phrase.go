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

// phrase is the sentence of a code: in an engineer's words, and where these would not do
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
	exact := template.New("").Funcs(functions).Funcs(template.FuncMap{"say": formatExactly})
	plain := template.New("").Funcs(functions).Funcs(template.FuncMap{"say": formatPlainly})
	for _, block := range parseBlocks(words) {
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

// parseBlocks returns the blocks of words.txt.
func parseBlocks(text string) []block {
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
	"n":   func(v any) string { return amount.Count(int(toFloat(v))) },
	"int": func(v any) int { return int(toFloat(v)) },
	"plural": func(v any, one, many string) string {
		if toFloat(v) == 1 {
			return one
		}
		return many
	},
	"count":  func(v any, one, many string) string { return amount.Plural(int(toFloat(v)), one, many) },
	"pct":    func(v any) string { return amount.Percent(toFloat(v)) },
	"pctOf":  func(v, limit any) string { return amount.PercentAgainst(toFloat(v), toFloat(limit)) },
	"ms":     func(v any) string { return amount.Milliseconds(toFloat(v)) },
	"msOf":   func(v, limit any) string { return amount.MillisecondsAgainst(toFloat(v), toFloat(limit)) },
	"sec":    func(v any) string { return amount.Seconds(toFloat(v)) },
	"about":  func(v any) string { return amount.RoundUpDuration(toFloat(v)) },
	"digits": func(v any) string { return amount.Digits(toFloat(v)) },
	"same":   func(a, b any) bool { return toFloat(a) == toFloat(b) },
	"less":   func(a, b any) bool { return toFloat(a) < toFloat(b) },
	"sure":   describeConfidence,
	"join":   joinValues,
}

func toFloat(v any) float64 {
	f, _ := v.(float64)
	return f
}

// formatExactly writes a reason inside another one, for engineers.
func formatExactly(v any) string {
	r, _ := v.(Reason)
	return r.String()
}

// formatPlainly writes a reason inside another one, in plain words.
func formatPlainly(v any) string {
	r, _ := v.(Reason)
	return r.Clause()
}

// describeConfidence says with which confidence a bound holds.
func describeConfidence(confidence, anytime any) string {
	text := amount.Percent(toFloat(confidence)) + " sure"
	if anytime == true {
		text += " at every look"
	}
	return text
}

// joinValues joins texts and reasons with a separator.
func joinValues(v any, separator string) string {
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
