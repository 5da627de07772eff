package conformance

import "time"

// radicale keeps calendars: the records are tomorrow's appointments. It compares
// the ETag and writes under one lock.
var radicale = Server{
	Name: "radicale", Title: "Radicale (CalDAV)", API: "caldav", Source: Debian{"radicale"}, Limit: 4 * time.Minute, Start: startRadicale,
}

func startRadicale(s *Stage) (string, error) {
	address, err := s.Address()
	if err != nil {
		return "", err
	}
	python := []string{"PYTHONPATH=" + s.Path("root/usr/lib/python3/dist-packages")}
	err = s.Run(python, "/usr/bin/python3", "-m", "radicale", "--config", "", "--server-hosts", address,
		"--storage-filesystem-folder", s.Data, "--auth-type", "none", "--rights-type", "authenticated")
	if err != nil {
		return "", err
	}
	url := "http://" + address
	if err := s.Await(url + "/.web/"); err != nil {
		return "", err
	}
	return "http://occbench:@" + address + "/occbench/calendar", s.Send("MKCALENDAR", url+"/occbench/calendar/", "occbench")
}
