package api

import "testing"

// The paths of a request are known by their end, whatever stands for their values.
func TestPattern(t *testing.T) {
	for path, c := range map[string]struct{ is, isNot []string }{
		"/api/items/{id}/move?v={token}": {
			[]string{"/api/items/7/move", "/v2/items/a-b/move", "7/move"}, []string{"/api/items/7", "/move", "/api/items/7/move/x", "/items/7/remove"},
		},
		"/items/{id}":      {[]string{"/items/7", "/a/items/7"}, []string{"/items/", "/orders/7", ""}},
		"/v1/kv?key={id}":  {[]string{"/v1/kv", "/a/v1/kv"}, []string{"/v1/kvs", "/v1"}},
		"/t/{tag}/of/{id}": {[]string{"/t/x/of/7"}, []string{"/t/x/of/"}},
	} {
		a, err := Compile("x.yaml", []byte(`{api: 1, name: x, token: opaque, read: {get: /x, token: "header:ETag"}, `+
			`update: {put: "`+path+`", headers: {If-Match: "{token}"}, body: "{marker}", applied: {status: 200, token: $.v}, conflict: [{status: 412}]}}`))
		if err != nil {
			t.Fatal(err)
		}
		pattern := a.Update.Pattern()
		for _, text := range c.is {
			if !pattern.MatchString(text) {
				t.Errorf("%s: %s does not match %s", path, pattern, text)
			}
		}
		for _, text := range c.isNot {
			if pattern.MatchString(text) {
				t.Errorf("%s: %s matches %s", path, pattern, text)
			}
		}
	}
}
