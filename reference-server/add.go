package refserver

import (
	"context"
	"math"
	"net/http"
	"strconv"

	"github.com/occbench/occbench/reference-server/store"
)

// Limits on the texts that a client may have stored, in bytes.
const (
	maxWord  = 200
	maxNotes = 10_000
)

func (a *api) addCustomer(w http.ResponseWriter, r *http.Request) {
	var c store.Customer
	if !readMembers(w, r, []member{
		{name: "name", read: readText(&c.Name, maxWord)},
		{name: "phone", optional: true, read: readOptionalText(&c.Phone, maxWord)},
	}) {
		return
	}
	a.answerAdded(w, r, func(ctx context.Context) (int64, error) { return a.store.AddCustomer(ctx, c) })
}

func (a *api) addVehicle(w http.ResponseWriter, r *http.Request) {
	var v store.Vehicle
	if !readMembers(w, r, []member{
		{name: "customer_id", read: readReference(&v.Customer)},
		{name: "vin", read: readText(&v.VIN, maxWord)},
		{name: "year", read: readInteger(&v.Year, 1886, 2200)},
		{name: "make", read: readText(&v.Make, maxWord)},
		{name: "model", read: readText(&v.Model, maxWord)},
	}) {
		return
	}
	a.answerAdded(w, r, func(ctx context.Context) (int64, error) { return a.store.AddVehicle(ctx, v) })
}

// answerServices answers with all services, so that a seeder can see what there is.
func (a *api) answerServices(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := storeContext(r)
	defer cancel()
	all, err := a.store.Services(ctx)
	if err != nil {
		a.answerFailure(w, r, err)
		return
	}
	sendData(w, http.StatusOK, struct {
		Services []store.Service `json:"services"`
	}{append([]store.Service{}, all...)}) // [], not null
}

func (a *api) addService(w http.ResponseWriter, r *http.Request) {
	var v store.Service
	if !readMembers(w, r, []member{
		{name: "code", read: readText(&v.Code, maxWord)},
		{name: "name", read: readText(&v.Name, maxWord)},
		{name: "base_price_cents", read: readInteger(&v.PriceCents, 0, math.MaxInt64)},
		{name: "est_minutes", read: readInteger(&v.Minutes, 0, math.MaxInt32)},
	}) {
		return
	}
	a.answerAdded(w, r, func(ctx context.Context) (int64, error) { return a.store.AddService(ctx, v) })
}

// answerAdded answers 201 with the id of what was made.
func (a *api) answerAdded(w http.ResponseWriter, r *http.Request, make func(context.Context) (int64, error)) {
	ctx, cancel := storeContext(r)
	defer cancel()
	id, err := make(ctx)
	if err != nil {
		a.answerFailure(w, r, err)
		return
	}
	sendData(w, http.StatusCreated, struct {
		ID string `json:"id"`
	}{strconv.FormatInt(id, 10)})
}
