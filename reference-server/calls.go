package refserver

import (
	"context"
	"fmt"
	"net/http"

	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/items"
	"github.com/occbench/occbench/reference-server/store"
)

// chooseCalls returns those of the API that the server speaks.
func (a *api) chooseCalls() (map[string]methods, error) {
	switch a.opts.API {
	case appointment.Name:
		return a.listShopCalls()
	case items.Name:
		return a.listItemCalls()
	}
	return nil, fmt.Errorf("making a reference server: it speaks no API %q; there are %s and %s", a.opts.API, appointment.Name, items.Name)
}

// listShopCalls returns the calls of appointments, with the page of their board.
func (a *api) listShopCalls() (map[string]methods, error) {
	if a.opts.Faults != nil {
		broken, err := a.opts.Faults.Store(a.store)
		if err != nil {
			return nil, err
		}
		a.store = broken
	}
	move, board := http.Handler(http.HandlerFunc(a.answerMove)), http.Handler(http.HandlerFunc(a.answerBoard))
	card := methods{http.MethodGet: http.HandlerFunc(a.answerCard)}
	if a.opts.Faults != nil {
		move, board = a.opts.Faults.Update(move), a.opts.Faults.Read(board)
		if edit := a.opts.Faults.Edit(); edit != nil {
			card[http.MethodPatch] = edit
		}
	}
	calls := map[string]methods{
		"/api/admin/appointments/board":     {http.MethodGet: board},
		"/api/admin/appointments/stream":    {http.MethodGet: http.HandlerFunc(a.answerStream)},
		"/api/admin/appointments/{id}":      card,
		"/api/admin/appointments/{id}/move": {http.MethodPost: a.attempts.countAnswers(move)},
		"/api/admin/appointments":           {http.MethodPost: http.HandlerFunc(a.addAppointment)},
		"/api/admin/dashboard/stats":        {http.MethodGet: http.HandlerFunc(a.answerStats)},
		"/api/admin/customers":              {http.MethodPost: http.HandlerFunc(a.addCustomer)},
		"/api/admin/vehicles":               {http.MethodPost: http.HandlerFunc(a.addVehicle)},
		"/api/admin/services": {http.MethodGet: http.HandlerFunc(a.answerServices),
			http.MethodPost: http.HandlerFunc(a.addService)},
		"/api/client-metrics": {http.MethodPost: http.HandlerFunc(a.answerClientMetrics)},
	}
	files, err := loadPages()
	if err != nil {
		return nil, err
	}
	for pattern, file := range files {
		calls[pattern] = methods{http.MethodGet: file}
	}
	return calls, nil
}

// listItemCalls returns the calls of items.
func (a *api) listItemCalls() (map[string]methods, error) {
	api := items.API{Items: a.opts.Store.Items(), Tags: items.Opaque{}, Log: a.log,
		Move: func(ctx context.Context, on store.Items, m store.Move) (store.Moved, error) {
			return a.moveOnceMore(ctx, on, m)
		}}
	read, update := http.Handler(http.HandlerFunc(api.Get)), http.Handler(http.HandlerFunc(api.Update))
	if f := a.opts.Faults; f != nil {
		broken, err := f.Items(api.Items)
		if err != nil {
			return nil, err
		}
		api.Items, api.Tags = broken, f.Tags(api.Tags)
		read, update = f.Read(read), f.Update(update)
	}
	update = a.attempts.countAnswers(update)
	return map[string]methods{"/items/{id}": {
		http.MethodGet: read, http.MethodDelete: http.HandlerFunc(api.Delete),
		http.MethodPut: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if items.IsCreate(r) {
				api.Create(w, r)
				return
			}
			update.ServeHTTP(w, r)
		}),
	}}, nil
}
