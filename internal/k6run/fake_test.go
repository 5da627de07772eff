package k6run

import (
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The test binary plays k6 when it is called so: it shows what it was given and
// ends as its scenario says, without the minutes that linking k6 takes. The
// tests of xk6-occ run the real one.
func TestMain(m *testing.M) {
	if IsK6(os.Args) {
		os.Exit(fakeK6())
	}
	os.Exit(m.Run())
}

// fakeK6 runs a scenario of lines: `say TEXT` writes to stderr, `wait` waits for
// a signal and for nothing else, `deaf` ignores signals and waits, `summary
// JSON` writes the summary, `exit N` ends, `kill` ends by SIGKILL.
func fakeK6() int {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, os.Interrupt)
	script, err := os.ReadFile(os.Args[len(os.Args)-1])
	if err != nil {
		return 255
	}
	fmt.Printf("args %q\n", os.Args[:len(os.Args)-1])
	env := slices.DeleteFunc(os.Environ(), func(e string) bool {
		return !strings.HasPrefix(e, "K6_") && !strings.HasPrefix(e, "OCC_") && !strings.HasPrefix(e, "URL=")
	})
	slices.Sort(env)
	fmt.Printf("env %s\n", strings.Join(env, " "))
	for line := range strings.Lines(string(script)) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch word {
		case "say":
			fmt.Fprintln(os.Stderr, rest)
		case "wait":
			fmt.Fprintln(os.Stderr, "waiting")
			<-signals
		case "deaf":
			fmt.Fprintln(os.Stderr, "waiting")
			select {}
		case "summary":
			if err := os.WriteFile(os.Getenv("OCC_SUMMARY"), []byte(rest), 0o644); err != nil {
				return 254
			}
		case "kill":
			if self, err := os.FindProcess(os.Getpid()); err == nil {
				_ = self.Kill()
			}
			select {}
		case "exit":
			code, _ := strconv.Atoi(rest)
			return code
		}
	}
	return 0
}
