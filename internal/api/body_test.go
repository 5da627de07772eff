package api

import "testing"

func TestUnconditional(t *testing.T) {
	const head = "api: 1\nname: x\ntoken: opaque\nread: {get: /x, token: $.v}\nupdate:\n  applied: {token: $.v}\n  conflict: {status: 412}\n"
	tests := []struct{ name, update, path, body, headers string }{
		{"in a header", "  put: /x\n  headers: {If-Match: \"{token}\", X-A: b}\n  body: '{marker}'\n", "/x", "m", "X-A Content-Type "},
		{"in the query", "  put: \"/x?cas={token}&a={id}&b=2\"\n  body: '{\"m\":\"{marker}\"}'\n", "/x?a=7&b=2", `{"m":"m"}`, ""},
		{"a pair in the query", "  put: \"/x?a={token}&b={token}\"\n  body: '{\"m\":\"{marker}\"}'\n", "/x", `{"m":"m"}`, ""},
		{"behind another in the query", "  put: \"/x?a={id}&cas={token}\"\n  body: '{\"m\":\"{marker}\"}'\n", "/x?a=7", `{"m":"m"}`, ""},
		{"between others in the query", "  put: \"/x?a={id}&cas={token}&b={id}\"\n  body: '{\"m\":\"{marker}\"}'\n", "/x?a=7&b=7", `{"m":"m"}`, ""},
		{"in the body", "  put: /x\n  body: '{\"a\":{\"v\":\"{token}\"},\"m\":\"{marker}\"}'\n", "/x", `{"a":{},"m":"m"}`, ""},
		{"a number of the body", "  put: /x\n  body: '{\"v\":{token|int},\"m\":\"{marker}\"}'\n", "/x", `{"m":"m"}`, ""},
		{"in an array", "  put: /x\n  body: '{\"a\":[{\"v\":\"{token}\"}],\"m\":\"{marker}\"}'\n", "", "", ""},
		{"in the path", "  put: \"/x/{token}\"\n  body: '{marker}'\n", "", "", ""},
		{"in a text", "  put: /x\n  body: 'a {marker} {token}'\n", "", "", ""},
		{"by the file", "  put: /x\n  body: 'a {marker} {token}'\n  unconditional: 'b {marker}'\n", "/x", "b m", "Content-Type "},
		{"never", "  put: /x\n  headers: {If-Match: \"{token}\"}\n  body: '{marker}'\n  unconditional: none\n", "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := &Vars{ID: "7", Token: []byte("3"), Marker: "m"}
			bare, ok := compile(t, head+tt.update).Update.UnconditionalRequest(v)
			if ok != (tt.path != "") {
				t.Fatalf("ok is %v", ok)
			}
			if !ok {
				return
			}
			path, err := bare.AppendPath(nil, v)
			if err != nil || string(path) != tt.path {
				t.Errorf("path %s, %v; want %s", path, err, tt.path)
			}
			body, err := bare.AppendBody(nil, v)
			if err != nil || string(body) != tt.body {
				t.Errorf("body %s, %v; want %s", body, err, tt.body)
			}
			headers := ""
			for _, h := range bare.Headers() {
				headers += h.Name + " "
			}
			if headers != tt.headers {
				t.Errorf("headers %s, want %s", headers, tt.headers)
			}
		})
	}
}
