package refserver_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/occbench/occbench/reference-server/appointment"
)

// reply is an answer, its body decoded.
type reply struct {
	status int
	header http.Header
	body   map[string]any
}

// data and refusal are the two halves of the envelope; nil for the other one.
func (r reply) data() map[string]any    { d, _ := r.body["data"].(map[string]any); return d }
func (r reply) refusal() map[string]any { e, _ := r.body["error"].(map[string]any); return e }

// call sends a request and reads its answer.
func call(t *testing.T, method, url, body string) reply {
	t.Helper()
	r, err := try(method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// try is call for goroutines, and for servers that may not answer.
func try(method, url, body string) (reply, error) {
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	return send(req)
}

func send(req *http.Request) (reply, error) {
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return reply{}, err
	}
	r := reply{status: resp.StatusCode, header: resp.Header}
	if len(text) > 0 {
		err = json.Unmarshal(text, &r.body)
	}
	return r, err
}

func moveURL(base string, id int64) string {
	return base + "/api/admin/appointments/" + strconv.FormatInt(id, 10) + "/move"
}

func moveBody(to appointment.Status, expected int64) string {
	return `{"new_status":"` + string(to) + `","expected_version":` + strconv.FormatInt(expected, 10) + `}`
}

// move asks for a move.
func move(t *testing.T, base string, id int64, to appointment.Status, expected int64) reply {
	t.Helper()
	return call(t, http.MethodPost, moveURL(base, id), moveBody(to, expected))
}

// cardNow is what the single-card call says of a card.
func cardNow(t *testing.T, base string, id int64) (appointment.Status, int64) {
	t.Helper()
	r := call(t, http.MethodGet, base+"/api/admin/appointments/"+strconv.FormatInt(id, 10), "")
	if r.status != http.StatusOK {
		t.Fatalf("reading card %d is answered with %d", id, r.status)
	}
	return appointment.Status(r.data()["status"].(string)), int64(r.data()["version"].(float64))
}

// boardCards returns what the board says of every card, by id.
func boardCards(t *testing.T, base string) map[string]map[string]any {
	t.Helper()
	r := call(t, http.MethodGet, base+"/api/admin/appointments/board?date="+tomorrow.Format("2006-01-02"), "")
	cards := map[string]map[string]any{}
	for name, column := range r.data()["columns"].(map[string]any) {
		for _, item := range column.(map[string]any)["items"].([]any) {
			card := item.(map[string]any)
			if card["status"] != name {
				t.Errorf("card %v in status %v stands in column %s", card["id"], card["status"], name)
			}
			cards[card["id"].(string)] = card
		}
	}
	return cards
}
