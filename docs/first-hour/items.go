//go:build ignore

// Items with an ETag each, behind If-Match: an API as yours may be, which knows
// nothing of occbench. With -check-then-act it compares first and writes later.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"sync"
	"time"
)

type item struct{ body, etag string }

func main() {
	addr := flag.String("addr", "127.0.0.1:9090", "address to listen on")
	broken := flag.Bool("check-then-act", false, "let go of the lock between the comparison and the write")
	flag.Parse()
	var mu sync.Mutex
	items, writes := map[string]item{}, 0
	http.HandleFunc("/items/{id}", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		is, found := items[r.URL.Path]
		may := found && r.Header.Get("If-Match") == is.etag || !found && r.Header.Get("If-None-Match") == "*"
		switch {
		case r.Method == "GET" && !found:
			w.WriteHeader(404)
		case r.Method == "GET":
			w.Header().Set("ETag", is.etag)
			io.WriteString(w, is.body)
		case r.Method == "DELETE":
			delete(items, r.URL.Path)
			w.WriteHeader(204)
		case !may:
			w.WriteHeader(412)
		default:
			if *broken {
				mu.Unlock()
				time.Sleep(2 * time.Millisecond)
				mu.Lock()
			}
			writes++
			is = item{string(body), fmt.Sprintf(`"%d"`, writes)}
			items[r.URL.Path] = is
			w.Header().Set("ETag", is.etag)
			w.WriteHeader(204)
		}
	})
	log.Fatal(http.ListenAndServe(*addr, nil))
}
