package k6run

import (
	"fmt"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/run"
)

// UsageError says that the arguments after -- must not reach k6, and what to
// write instead.
type UsageError struct {
	Word    string // what was written
	Instead string // what would be right
}

func (e *UsageError) Error() string {
	return fmt.Sprintf("%s cannot be passed to k6: %s", e.Word, e.Instead)
}

// ExitCode is the exit code of a command that was called wrongly.
func (e *UsageError) ExitCode() int { return exit.BadUsage }

// extra holds the arguments after --.
type extra struct {
	args []string // flags of k6 run
	env  []string // K6_NAME=value
}

// CheckExtra reports, before anything is started, whether Run would accept
// these words after --. They are flags of `k6 run`, and K6_NAME=value for the
// options of an output, which k6 reads from its environment only.
func CheckExtra(words []string) error {
	_, err := parseExtra(words)
	return err
}

func parseExtra(words []string) (extra, error) {
	var e extra
	for i := 0; i < len(words); i++ {
		word := words[i]
		if name, _, isEnv := strings.Cut(word, "="); isEnv && strings.HasPrefix(word, "K6_") {
			if !isAllowedEnv(name) {
				return extra{}, &UsageError{
					word,
					"of k6's variables only those of its outputs, its browser and its proxies may be set: " +
						strings.Join(envPrefixes, "…, ") + "…",
				}
			}
			e.env = append(e.env, word)
			continue
		}
		used, err := checkFlag(words[i:])
		if err != nil {
			return extra{}, err
		}
		e.args = append(e.args, words[i:i+used]...)
		i += used - 1
	}
	return e, nil
}

// envPrefixes are the families of K6_ variables that tune what happens beside
// the scenario. K6_ITERATIONS and its like are not among them.
var envPrefixes = []string{
	"K6_BROWSER_", "K6_CLOUD_", "K6_CSV_", "K6_INFLUXDB_", "K6_JSON_", "K6_OTEL_",
	"K6_PROMETHEUS_", "K6_STATSD_", "K6_WEB_DASHBOARD",
}

func isAllowedEnv(name string) bool {
	return slices.ContainsFunc(envPrefixes, func(p string) bool { return strings.HasPrefix(name, p) })
}

// checkFlag looks at the flag that begins words and returns how many words it
// takes up.
func checkFlag(words []string) (used int, err error) {
	name, value, joined := strings.Cut(words[0], "=")
	if !strings.HasPrefix(name, "-") || name == "-" || name == "--" {
		return 0, &UsageError{words[0], "only k6's own flags and K6_NAME=value go after --; the scenario is chosen by occbench"}
	}
	if !strings.HasPrefix(name, "--") && len(name) > 2 { // -odashboard, -qv
		name, value, joined = name[:2], strings.TrimPrefix(words[0][2:], "="), true
	}
	if instead, refused := refusedFlags[expandFlag(name)]; refused {
		return 0, &UsageError{words[0], instead}
	}
	used = 1
	if !joined && slices.Contains(valueFlags, expandFlag(name)) {
		if len(words) == 1 {
			return 0, &UsageError{words[0], "it needs a value"}
		}
		value, used = words[1], 2
	}
	return used, checkEnvFlag(expandFlag(name), words[0], value)
}

// checkEnvFlag refuses -e NAME=value for the names that carry our parameters.
func checkEnvFlag(flag, word, value string) error {
	if flag != "--env" {
		return nil
	}
	name, _, _ := strings.Cut(value, "=")
	if slices.Contains(run.K6Names(), name) || strings.HasPrefix(name, "OCC_") {
		return &UsageError{word + " " + name, "it is a parameter of the run; use occbench's own flag for it"}
	}
	return nil
}

func expandFlag(name string) string {
	if l, ok := shortFlags[name]; ok {
		return l
	}
	return name
}

var shortFlags = map[string]string{
	"-u": "--vus", "-d": "--duration", "-i": "--iterations", "-s": "--stage", "-p": "--paused", "-w": "--throw",
	"-t": "--type", "-e": "--env", "-o": "--out", "-l": "--linger", "-c": "--config", "-a": "--address",
	"-q": "--quiet", "-v": "--verbose", "-h": "--help",
}

// valueFlags are the flags of `k6 run` that take the next word as their value.
var valueFlags = []string{
	"--env", "--out", "--tag", "--system-tags", "--summary-trend-stats", "--summary-time-unit", "--console-output",
	"--local-ips", "--dns", "--blacklist-ip", "--block-hostnames", "--address", "--log-format",
	"--secret-source", "--traces-output", "--features", "--compatibility-mode", "--batch", "--batch-per-host",
	"--summary-export",
}

// refusedFlags would replace the scenario, take its audits away, make k6 wait
// for a command, or have no effect on this scenario's requests.
var refusedFlags = map[string]string{
	"--vus":                          "use --operators",
	"--duration":                     "use --duration before the --",
	"--iterations":                   "use --duration before the --; a run is measured by time",
	"--stage":                        "use --operators and --duration before the --",
	"--execution-segment":            "use --operators; a part of the operators is another experiment",
	"--execution-segment-sequence":   "use --operators; a part of the operators is another experiment",
	"--min-iteration-duration":       "use --pause",
	"--rps":                          "use --operators and --pause",
	"--no-setup":                     "setup takes the first audit, without which no history can be judged",
	"--no-teardown":                  "teardown takes the final audit, without which no history can be judged",
	"--config":                       "a file of k6's options changes or voids the declared load; use occbench's own flags",
	"--paused":                       "nothing would resume k6",
	"--linger":                       "nothing would end k6",
	"--type":                         "the scenario is chosen by occbench",
	"--include-system-env-vars":      "the parameters of the run are passed in the environment",
	"--summary-mode":                 "summary.json is made from the summary",
	"--summary-export":               "it counts thresholds the wrong way round; summary.json has the same numbers",
	"--new-machine-readable-summary": "summary.json has one format",
	"--log-output":                   "k6's log goes to k6.log in the run directory",
	"--http-debug":                   "the extension sends its requests itself; history.csv has them all",
	"--max-redirects":                "a redirect of the API is recorded, never followed",
	"--user-agent":                   "the extension sends its requests itself",
	"--discard-response-bodies":      "the extension reads its answers itself",
	"--throw":                        "the extension sends its requests itself",
	"--help":                         "use occbench k6 run --help",
}
