package api

import (
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// presetWords match the options of auth: a variable that is in capitals,
// so that no secret is taken for one, and words.
var presetWords = map[string]*regexp.Regexp{
	"env":     regexp.MustCompile(`^[A-Z_][A-Z0-9_]{0,99}$`),
	"service": regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`),
	"region":  regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`),
}

// auth reads how requests are authenticated. The file says which way and never
// the secret, which comes from the environment of the command.
func (l *loader) auth(n *yaml.Node) string {
	text := l.text(n)
	scheme, options, _ := strings.Cut(text, ":")
	known := map[string][]string{"none": nil, "basic": nil, "bearer": {"env"}, "sigv4": {"service", "region"}}
	wanted, ok := known[scheme]
	if !ok {
		l.fail(n, "auth is %q; want none, basic, bearer, bearer:env=NAME, sigv4 or sigv4:service=NAME,region=NAME", text)
	}
	for option := range strings.SplitSeq(options, ",") {
		name, value, _ := strings.Cut(option, "=")
		if options != "" && (!slices.Contains(wanted, name) || value == "") {
			l.fail(n, "auth is %q: %s has no option %q; it has %s", text, scheme, name, listOr(wanted, "none"))
		}
		if allowed := presetWords[name]; allowed != nil && !allowed.MatchString(value) {
			l.fail(n, "auth is %q: %q cannot be the %s", text, value, name)
		}
	}
	return text
}

func listOr(words []string, none string) string {
	if len(words) == 0 {
		return none
	}
	return strings.Join(words, "=…, ") + "=…"
}
