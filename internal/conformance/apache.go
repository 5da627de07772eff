package conformance

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/occbench/occbench/internal/check"
)

// Apache httpd decides on If-Match first, reads the body then, and renames the
// new file into place last, with no lock around the three. By default its ETag is
// weak for a second after a write, which no If-Match matches.
var (
	apacheDigest = newApache("apache-digest", "Apache httpd mod_dav, `FileETag Digest`", "FileETag Digest", Want{
		Exit: 1, Anomalies: []check.ID{check.OCC01}, Raced: true,
	})
	apacheDefault = newApache("apache-default", "Apache httpd mod_dav, default", "", Want{
		Exit: 1, Anomalies: []check.ID{check.OCC05}, Beside: []check.ID{check.OCC01},
		Known: "https://bz.apache.org/bugzilla/show_bug.cgi?id=42987",
	})
)

func newApache(name, title, setting string, want Want) Server {
	return Server{
		Name: name, Title: title, API: "webdav", Source: Debian{"apache2-bin"}, Limit: 4 * time.Minute, Required: true, Want: want,
		Start: func(s *Stage) (string, error) { return startApache(s, setting) },
	}
}

const apacheConfig = `ServerName 127.0.0.1
Listen %[1]s
ServerRoot %[2]s
DefaultRuntimeDir %[2]s
Mutex file:%[2]s default
PidFile %[2]s/pid
ErrorLog %[2]s/error.log
LoadModule mpm_event_module %[3]s/mod_mpm_event.so
LoadModule authz_core_module %[3]s/mod_authz_core.so
LoadModule dav_module %[3]s/mod_dav.so
LoadModule dav_fs_module %[3]s/mod_dav_fs.so
User "#%[4]d"
DocumentRoot %[2]s/files
DavLockDB %[2]s/locks
<Directory %[2]s/files>
  Require all granted
  Dav On
  %[5]s
</Directory>
`

// unprivileged is the user that Apache serves as where this process is root: it refuses
// to serve as root.
const unprivileged = 65534

func startApache(s *Stage, setting string) (string, error) {
	address, err := s.Address()
	if err != nil {
		return "", err
	}
	user := os.Getuid()
	if user == 0 {
		user = unprivileged
	}
	files := filepath.Join(s.Data, "files")
	if err := os.MkdirAll(filepath.Join(files, "dav"), 0o755); err != nil {
		return "", err
	}
	for _, folder := range []string{s.Data, files, filepath.Join(files, "dav")} {
		if err := os.Chown(folder, user, -1); err != nil {
			return "", err
		}
	}
	config := fmt.Sprintf(apacheConfig, address, s.Data, s.Path("root/usr/lib/apache2/modules"), user, setting)
	file := filepath.Join(s.Data, "httpd.conf")
	if err := os.WriteFile(file, []byte(config), 0o644); err != nil {
		return "", err
	}
	if err := s.Run(s.libraries(), s.Path("root/usr/sbin/apache2"), "-D", "FOREGROUND", "-f", file); err != nil {
		return "", err
	}
	return "http://" + address + "/dav", s.Await("http://" + address + "/")
}
