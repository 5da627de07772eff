package stall

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestQuota(t *testing.T) {
	const v1Mounts = "31 30 0:28 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n32 30 0:29 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
	const v2Mounts = "30 22 0:27 / /sys/fs/cgroup rw,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
	for _, c := range []struct {
		name  string
		files map[string]string
		want  Quota
	}{
		{"no cgroups", nil, Quota{}},
		{"version 2", map[string]string{
			"proc/self/cgroup": "0::/ci/job\n", "proc/self/mountinfo": v2Mounts,
			"sys/fs/cgroup/ci/job/cpu.max": "max 100000\n", "sys/fs/cgroup/ci/cpu.max": "10000 100000\n",
			"sys/fs/cgroup/ci/cpu.stat": "usage_usec 5\nnr_throttled 3\nthrottled_usec 2500000\n",
		}, Quota{0.1, 2500 * time.Millisecond}},
		{"version 2 without a limit", map[string]string{
			"proc/self/cgroup": "0::/\n", "proc/self/mountinfo": v2Mounts, "sys/fs/cgroup/cpu.stat": "throttled_usec 0\n",
		}, Quota{}},
		{"version 1", map[string]string{
			"proc/self/cgroup": "4:memory:/x\n1:cpu,cpuacct:/job\n0::/\n", "proc/self/mountinfo": v1Mounts,
			"sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us": "150000\n", "sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_period_us": "100000\n",
			"sys/fs/cgroup/cpu,cpuacct/job/cpu.stat": "nr_periods 4\nthrottled_time 1000000\n", "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1\n",
		}, Quota{1.5, time.Millisecond}},
		{"a container that sees its own group as the root", map[string]string{
			"proc/self/cgroup": "1:cpu:/docker/abc\n", "proc/self/mountinfo": "31 30 0:28 /docker/abc /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu\n",
			"sys/fs/cgroup/cpu/cpu.cfs_quota_us": "50000", "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000",
		}, Quota{Cores: 0.5}},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := t.TempDir()
			for name, text := range c.files {
				path := filepath.Join(root, name)
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if got := readQuota(root); got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}
