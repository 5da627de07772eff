package refserver_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/fault"
	"github.com/occbench/occbench/reference-server/store"
)

// shop is a day as a shop has it, for pictures and for a reader who looks at a
// board: names, vehicles and notes of all sorts.
var shop = []struct {
	name, make, model, notes string
	year                     int32
	to                       []appointment.Status
}{
	{"Ada Fernández", "Toyota", "Corolla", "Oil change and filters. occbench:load", 2019, nil},
	{"Jonas Weber", "Volkswagen", "Golf", "Brakes grind at low speed; customer waits in the café", 2016, []appointment.Status{inProgress}},
	{"Amélie Durand", "Renault", "Clio", "", 2021, []appointment.Status{inProgress, ready}},
	{"دانا الحسن", "Hyundai", "Tucson", "تغيير الإطارات", 2022, nil},
	{"Priya Natarajan", "Honda", "Civic", "Call before ordering parts", 2018, nil},
	{"Tom O’Brien", "Ford", "Transit", "Fleet van 14; keys at the desk", 2020, []appointment.Status{inProgress}},
	{"Sofia Rossi", "Mazda", "CX-5", "", 2023, []appointment.Status{inProgress, ready, completed}},
	{"Grace Miller", "Subaru", "Outback", "Windscreen chip", 2017, []appointment.Status{appointment.NoShow}},
	{"Óscar Ruiz", "Seat", "León", "MOT due", 2015, nil},
	{"Hannah Schmidt", "BMW", "320d", "Loan car given out until six", 2019, []appointment.Status{inProgress, completed}},
	{"Noah Johnson", "Tesla", "Model 3", "Tyre rotation", 2022, []appointment.Status{inProgress, ready}},
	{"Chloé Martin", "Peugeot", "208", "", 2020, nil},
}

// openShop fills tomorrow of a store.
func openShop(tb testing.TB, s store.Store) {
	tb.Helper()
	ctx := context.Background()
	must := func(id int64, err error) int64 {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
		return id
	}
	must(s.AddService(ctx, store.Service{Code: "OIL", Name: "Oil change", PriceCents: 4900, Minutes: 30}))
	for i, c := range shop {
		customer := must(s.AddCustomer(ctx, store.Customer{Name: c.name}))
		vehicle := must(s.AddVehicle(ctx, store.Vehicle{Customer: customer, VIN: fmt.Sprintf("VIN%014d", i), Make: c.make, Model: c.model, Year: c.year}))
		start := tomorrow.Add(8*time.Hour + time.Duration(i)*30*time.Minute)
		id := must(s.AddAppointment(ctx, store.Appointment{Customer: customer, Vehicle: vehicle, Start: start, End: start.Add(time.Hour), Services: []string{"OIL"}, Notes: c.notes}))
		for step, to := range c.to {
			if _, err := s.Move(ctx, store.Move{ID: id, To: to, Expected: int64(step) + 1}); err != nil {
				tb.Fatal(err)
			}
		}
	}
}

// boardURL is the page of the cards' date.
func boardURL(base string) string { return base + "/?date=" + tomorrow.Format(time.DateOnly) }

// painted is true when what is in the document is on the screen: until then a
// press hits a card and not what is on it.
const painted = `await new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(() => r(true))))`

const isReady = `document.querySelector('[data-occ-board]').dataset.state === 'ready'`

func cardIn(id int64, status appointment.Status) string {
	return fmt.Sprintf(`document.querySelectorAll('[data-occ-card="%d"]').length === 1 && document.querySelector('[data-occ-column="%s"] [data-occ-card="%d"][data-moving="false"]') !== null`, id, status, id)
}

// drag takes a card to a column with the mouse, and does something on the way.
func (p *tab) drag(id int64, to appointment.Status, onTheWay func()) {
	p.tb.Helper()
	x, y := p.middle(fmt.Sprintf(`[data-occ-card="%d"]`, id))
	p.mouse("mouseMoved", x, y)
	p.mouse("mousePressed", x, y)
	tx, ty := p.middle(fmt.Sprintf(`[data-occ-column="%s"]`, to))
	p.mouse("mouseMoved", (x+tx)/2, (y+ty)/2)
	p.mouse("mouseMoved", tx, ty)
	if onTheWay != nil {
		onTheWay()
	}
	p.mouse("mouseReleased", tx, ty)
}

// TestPictures takes the pictures of the manual, into the folder that
// OCCBENCH_SHOTS names.
func TestPictures(t *testing.T) {
	dir := os.Getenv("OCCBENCH_SHOTS")
	if dir == "" {
		t.Skip("OCCBENCH_SHOTS names no folder for pictures")
	}
	s := openStore(t, "sqlite", "")
	openShop(t, s)
	faults, err := fault.Parse("latency=1ms", fault.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	_, base := serve(t, refserver.Options{Store: s, Faults: faults})
	b := startChromium(t)
	shot := func(p *tab, name string) {
		p.until(`document.getAnimations().every((a) => a.playState === 'finished')`)
		p.shoot(filepath.Join(dir, "board-"+name+".png"))
	}
	desk := b.open(t, boardURL(base))
	desk.size(1280, 760, false)
	desk.until(isReady)
	desk.until(`document.querySelector('#mode').dataset.mode === 'live'`)
	desk.media("screen", "light")
	shot(desk, "light")
	desk.media("screen", "dark")
	shot(desk, "dark")
	desk.media("screen", "light")
	desk.drag(2, ready, func() { shot(desk, "drag") })
	desk.until(cardIn(2, ready))
	desk.drag(1, inProgress, func() {
		if r := move(t, base, 1, appointment.NoShow, 1); r.status != http.StatusOK {
			t.Fatalf("the other move is answered with %d", r.status)
		}
	})
	desk.until(cardIn(1, appointment.NoShow))
	shot(desk, "conflict")
	desk.eval(`document.querySelector('[data-occ-card="6"]').focus()`)
	desk.key("m")
	shot(desk, "chooser")
	desk.key("Escape")
	desk.media("print", "light")
	desk.size(800, 1130, false)
	shot(desk, "print")
	phone := b.open(t, boardURL(base))
	phone.size(360, 720, true)
	phone.media("screen", "light")
	phone.until(isReady)
	shot(phone, "phone")
	empty := b.open(t, base+"/?date=2026-02-01")
	empty.size(1280, 500, false)
	empty.until(isReady)
	shot(empty, "empty")
}
