package stall

import (
	"math"
	"os"
	"path"
	"strconv"
	"strings"
	"time"
)

// Quota is how much processor time a cgroup leaves to this process.
type Quota struct {
	Cores     float64       // processors at most; 0: no limit
	Throttled time.Duration // how long it was held back so far
}

// ReadQuota returns the quota of the process, the tightest of its cgroup and those
// above it, version 1 or 2. A machine without cgroups has no limit.
func ReadQuota() Quota { return readQuota("/") }

func readQuota(root string) Quota {
	own, err := os.ReadFile(path.Join(root, "proc/self/cgroup"))
	if err != nil {
		return Quota{}
	}
	mounts, _ := os.ReadFile(path.Join(root, "proc/self/mountinfo"))
	var q Quota
	for _, line := range strings.Split(string(own), "\n") {
		id, rest, _ := strings.Cut(line, ":")
		controllers, group, ok := strings.Cut(rest, ":")
		switch {
		case !ok:
		case id == "0" && controllers == "":
			q.climb(root, string(mounts), group, "cgroup2", "", limitV2)
		case hasWord(controllers, "cpu"):
			q.climb(root, string(mounts), group, "cgroup", "cpu", limitV1)
		}
	}
	return q
}

func hasWord(list, word string) bool {
	for _, w := range strings.Split(list, ",") {
		if w == word {
			return true
		}
	}
	return false
}

// climb takes in the limits from the process's own group up to the root of the
// mount.
func (q *Quota) climb(root, mounts, group, kind, controller string, limit func(dir string) float64) {
	point, top := findMount(mounts, kind, controller)
	if point == "" {
		return
	}
	if top != "/" { // a container sees its group as the root
		group = "/" + strings.TrimPrefix(strings.TrimPrefix(group, top), "/")
	}
	for at := path.Clean("/" + group); ; at = path.Dir(at) {
		dir := path.Join(root, point, at)
		if cores := limit(dir); cores > 0 && (q.Cores == 0 || cores < q.Cores) {
			q.Cores = cores
		}
		q.Throttled = max(q.Throttled, readThrottled(dir))
		if at == "/" {
			return
		}
	}
}

// findMount returns where a hierarchy is mounted, and which group of it.
func findMount(mounts, kind, controller string) (point, top string) {
	for _, line := range strings.Split(mounts, "\n") {
		before, after, ok := strings.Cut(line, " - ")
		f, g := strings.Fields(before), strings.Fields(after)
		if ok && len(f) >= 5 && len(g) >= 3 && g[0] == kind && (controller == "" || hasWord(g[2], controller)) {
			return f[4], f[3]
		}
	}
	return "", ""
}

// limitV2 reads cpu.max, "10000 100000" or "max 100000".
func limitV2(dir string) float64 {
	f := strings.Fields(readText(dir, "cpu.max"))
	if len(f) != 2 {
		return 0
	}
	return parseQuota(f[0], f[1])
}

func limitV1(dir string) float64 {
	return parseQuota(readText(dir, "cpu.cfs_quota_us"), readText(dir, "cpu.cfs_period_us"))
}

// parseQuota returns a quota as a number of processors; 0 where there is none.
func parseQuota(quota, period string) float64 {
	of, err := strconv.ParseFloat(quota, 64)
	per, err2 := strconv.ParseFloat(period, 64)
	if err != nil || err2 != nil || !(of > 0 && per > 0) || math.IsInf(of, 0) {
		return 0
	}
	return of / per
}

// readThrottled returns how long the processes of a cgroup were throttled, by its cpu.stat:
// throttled_usec of version 2, throttled_time of version 1.
func readThrottled(dir string) time.Duration {
	for _, line := range strings.Split(readText(dir, "cpu.stat"), "\n") {
		name, value, _ := strings.Cut(line, " ")
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			continue
		}
		switch name {
		case "throttled_usec":
			return time.Duration(n) * time.Microsecond
		case "throttled_time":
			return time.Duration(n)
		}
	}
	return 0
}

func readText(dir, name string) string {
	b, err := os.ReadFile(path.Join(dir, name))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}
