package settings

import "github.com/occbench/occbench/internal/run"

// Value is one effective setting, for people to read: passwords are hidden.
type Value struct {
	Key    string
	Group  string // heading under which the manual explains it
	Text   string // empty: not set, and there is no default
	Source Source
	Idle   string // why it has no effect beside the others; empty: it has
}

// Effective returns every setting of the table in the order of the manual.
func (s *Settings) Effective() []Value {
	var all []Value
	for _, k := range Keys() {
		v := Value{Key: k.Name, Group: k.Group, Text: run.Redact(s.texts[k.Flag]), Source: s.Source(k.Flag), Idle: s.explainIdle(k.Flag)}
		switch k.Flag {
		case "date":
			v.Text = s.Date // the day that tomorrow is
		case "scenario":
			v.Text = s.Scenario // which follows from others
		}
		all = append(all, v)
	}
	return all
}

// explainIdle says why a setting that was not given has no effect. A setting
// that was given and has no effect is refused instead.
func (s *Settings) explainIdle(flag string) string {
	open := s.openBy()
	switch {
	case open != "" && (flag == "operators" || flag == "pause"):
		return "the open model has none, see " + open
	case open == "" && flag == "max-operators":
		return "the closed model has operators"
	}
	return ""
}
