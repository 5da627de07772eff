package seed

import (
	"context"
	"encoding/json"
	"net/http"
)

// The calls that list and create what cards refer to.
const (
	servicesPath  = "/api/admin/services"
	customersPath = "/api/admin/customers"
	vehiclesPath  = "/api/admin/vehicles"
)

// listed is a thing that a target lists: its members as they came.
type listed map[string]json.RawMessage

func (l listed) text(member string) string {
	var s string
	_ = json.Unmarshal(l[member], &s) // any other type is no text
	return s
}

func (l listed) id() string { return plainID(l["id"]) }

// list returns what a target lists at a path; nothing where it has no such list,
// which a shop need not have.
func (s *session) list(ctx context.Context, path string) []listed {
	got, err := s.client.Do(ctx, http.MethodGet, path, nil)
	if err != nil || got.Status/100 != 2 {
		return nil
	}
	var answer struct{ Data json.RawMessage }
	if json.Unmarshal(got.Body, &answer) != nil {
		return nil
	}
	return objects(answer.Data)
}

// objects returns the objects of a list, be it an array or, one level down, the
// arrays of an object such as {"services": […], "total": 3}.
func objects(data json.RawMessage) []listed {
	var all []listed
	if json.Unmarshal(data, &all) == nil {
		return all
	}
	var members map[string]json.RawMessage
	_ = json.Unmarshal(data, &members) // anything else is no list
	for _, member := range members {
		var some []listed
		if json.Unmarshal(member, &some) == nil {
			all = append(all, some...)
		}
	}
	return all
}
