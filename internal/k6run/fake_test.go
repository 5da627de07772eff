package k6run

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
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
// a signal and for nothing else, `deaf` ignores signals and waits, `serve` answers the
// REST API until it is resumed, `of NAME WORD …` does so in one generator, `summary
// JSON` writes the summary, `exit N` ends, `kill` ends by SIGKILL, `early` by a SIGINT that
// it does not listen to yet, `last` waits until the other generators listen to signals.
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
		if word == "of" {
			var name string
			if name, rest, _ = strings.Cut(rest, " "); name != os.Getenv("OCC_GENERATOR") {
				continue
			}
			word, rest, _ = strings.Cut(rest, " ")
		}
		switch word {
		case "serve":
			if !serveStatus(signals) {
				return 105
			}
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
		case "early":
			signal.Reset(os.Interrupt)
			if self, err := os.FindProcess(os.Getpid()); err == nil {
				_ = self.Signal(os.Interrupt)
			}
			select {}
		case "last":
			for !allListen(os.Getenv("OCC_DIR")) {
				time.Sleep(time.Millisecond)
			}
		case "exit":
			code, _ := strconv.Atoi(rest)
			return code
		}
	}
	return 0
}

// allListen reports whether each generator of three has written its arguments, which it
// does when it listens to signals.
func allListen(folder string) bool {
	logs, _ := filepath.Glob(filepath.Join(folder, "*", LogFile))
	return len(logs) == 3 && !slices.ContainsFunc(logs, func(name string) bool {
		log, err := os.ReadFile(name)
		return err != nil || !strings.Contains(string(log), "env ")
	})
}

// serveStatus answers the REST API of a paused k6 until it is resumed, and reports
// whether it was.
func serveStatus(signals <-chan os.Signal) bool {
	address := os.Args[slices.Index(os.Args, "--address")+1]
	listener, err := net.Listen("tcp", address)
	if err != nil {
		panic(err)
	}
	resumed := make(chan bool, 1)
	go func() {
		panic(http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPatch {
				resumed <- true
				fmt.Fprint(w, `{"data":{"attributes":{"status":4,"paused":false}}}`)
				return
			}
			fmt.Fprint(w, `{"data":{"attributes":{"status":4,"paused":true}}}`)
		})))
	}()
	select {
	case <-resumed:
		time.Sleep(50 * time.Millisecond) // the answer is on its way
		return true
	case <-signals:
		return false
	}
}
