package seed_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/itemtest"
	"github.com/occbench/occbench/seed"
)

// call seeds a target that speaks an API of its own.
func call(by *api.API, target string, records int, known ...string) (seed.Result, error) {
	o := seed.Options{Records: records, Known: known, Backoff: time.Millisecond, Settle: time.Millisecond}
	return seed.SeedOverHTTP(context.Background(), client.Config{API: by, Target: target}, o)
}

func remove(by *api.API, target string, known ...string) (seed.Cleaned, error) {
	o := seed.Options{Known: known, Backoff: time.Millisecond, Settle: time.Millisecond}
	return seed.CleanOverHTTP(context.Background(), client.Config{API: by, Target: target}, o)
}

// names returns the names that the client gives, from number 1 on.
func names(n int) []string {
	all := []string{}
	for _, i := range []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"}[:n] {
		all = append(all, "occbench-load-"+i)
	}
	return all
}

func TestNamedRecords(t *testing.T) {
	by := itemtest.Load(t, itemtest.ETag)
	server := &itemtest.Server{}
	target := server.Start(t)
	want := seed.Result{API: "items", Record: "item", Tag: "load", Via: "http", Wanted: 10, Created: 10, Usable: 10, IDs: names(10)}
	for range 2 {
		got, err := call(by, target, 10)
		got.Millis = 0
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Fatalf("(-want +got):\n%s\n%v", diff, err)
		}
		want.Found, want.Created = 10, 0
	}
	gone, err := remove(by, target)
	if err != nil || gone.Removed != 10 || server.Len() != 0 || gone.String() != "10 removed: all items tagged occbench:load" {
		t.Errorf("removed %d, %d are left, %q; %v", gone.Removed, server.Len(), gone, err)
	}
}

// TestRecordsThatTheServerNames seeds an API whose list has no tag: what is ours is
// known by the ids that were kept.
func TestRecordsThatTheServerNames(t *testing.T) {
	by := itemtest.Load(t, itemtest.Numbers)
	server := &itemtest.Server{}
	target := server.Start(t)
	first, err := call(by, target, 8)
	if err != nil || first.Created != 8 || len(first.IDs) != 8 {
		t.Fatalf("the first call: %+v; %v", first, err)
	}
	second, err := call(by, target, 10, first.IDs...)
	if err != nil || second.Found != 8 || second.Created != 2 || len(second.IDs) != 10 {
		t.Errorf("the second call: %+v; %v", second, err)
	}
	if _, err := call(by, target, 8); err != nil || server.Len() != 18 {
		t.Errorf("%d items after a call that knows none, want 18; %v", server.Len(), err)
	}
	gone, err := remove(by, target, second.IDs...)
	if err != nil || gone.Removed != 10 || server.Len() != 8 {
		t.Errorf("removed %d, %d are left; %v", gone.Removed, server.Len(), err)
	}
}

// TestCreationsWithoutAnAnswer seeds an API that does not tell which records it made, and
// fails now and then after it made one.
func TestCreationsWithoutAnAnswer(t *testing.T) {
	server := &itemtest.Server{Flaky: true}
	got, err := call(itemtest.Load(t, itemtest.Numbers), server.Start(t), 8)
	if err != nil || got.Usable != 8 || len(got.Warnings) != 1 || !strings.Contains(got.Warnings[0], "what they made is not known by its id and stays") {
		t.Errorf("%+v; %v", got, err)
	}
	if lost := server.Len() - got.Created; lost == 0 || !strings.HasPrefix(got.Warnings[0], fmt.Sprint(lost)+" creation") {
		t.Errorf("%d items beside the %d created: %q", lost, got.Created, got.Warnings)
	}
}

// TestWithoutSeed counts what is there, and makes nothing.
func TestWithoutSeed(t *testing.T) {
	whole := itemtest.Load(t, itemtest.ETag)
	target := (&itemtest.Server{}).Start(t)
	if _, err := call(whole, target, 10); err != nil {
		t.Fatal(err)
	}
	without := itemtest.Load(t, itemtest.ETag[:strings.Index(itemtest.ETag, "seed:")])
	if got, err := call(without, target, 10); err != nil || got.Usable != 10 || got.Created != 0 {
		t.Errorf("%+v; %v", got, err)
	}
	got, err := call(without, target, 12)
	if err == nil || got.Usable != 1 || exit.CodeOf(err) != exit.BadUsage || !strings.Contains(err.Error(), "API items has no `seed`") {
		t.Errorf("%+v; %v", got, err)
	}
}

// TestATaggedList seeds an API whose list shows the tag.
func TestATaggedList(t *testing.T) {
	by := itemtest.Load(t, strings.Replace(itemtest.Numbers, "id: $.id, token", "id: $.id, tag: $.tag, token", 1))
	server := &itemtest.Server{}
	target := server.Start(t)
	for _, created := range []int{8, 0} {
		if got, err := call(by, target, 8); err != nil || got.Created != created {
			t.Errorf("created %d, want %d; %v", got.Created, created, err)
		}
	}
	if gone, err := remove(by, target); err != nil || gone.Removed != 8 || server.Len() != 0 {
		t.Errorf("removed %d, %d are left; %v", gone.Removed, server.Len(), err)
	}
}

// TestWhatAnAPICannotDo holds that each is one line with what was asked and what was
// answered.
func TestWhatAnAPICannotDo(t *testing.T) {
	for _, c := range []struct {
		name, file string
		server     *itemtest.Server
		most       int // items that may have been made
		messages   []string
	}{
		{"its list never shows what was created", itemtest.Numbers, &itemtest.Server{Hidden: true}, 1,
			[]string{"item 101 was created and is not shown: POST /items answered HTTP 201 {", `; GET /items answered HTTP 200 {"items":[]}`}},
		{"a creation answers no id", itemtest.Numbers, &itemtest.Server{Nameless: true}, 1,
			[]string{`creating an item: POST /items answered HTTP 201 {"created":true}, and it holds no id at $.id`}},
		{"ids that cannot be recorded", itemtest.Numbers, &itemtest.Server{Verbose: true}, 1,
			[]string{"creating an item: POST /items answered HTTP 201 {", "and its id cannot be recorded: it is longer than 1,024 bytes"}},
		{"creations are refused", itemtest.Numbers, &itemtest.Server{Refusing: true}, 0,
			[]string{`creating an item: POST /items answered HTTP 403 {"error":"read_only"}`}},
		{"creations by name are refused", itemtest.ETag, &itemtest.Server{Refusing: true}, 0,
			[]string{`creating an item: PUT /items/occbench-load-1 answered HTTP 403 {"error":"read_only"}`}},
		{"what was made by name is not usable", strings.Replace(itemtest.ETag, `"state":"open"`, `"state":"closed"`, 1), &itemtest.Server{}, 1,
			[]string{"an item was created and is not usable: PUT /items/occbench-load-1 answered HTTP 201; GET /items/occbench-load-1 answered HTTP 200 {"}},
		{"no seed in the file", itemtest.ETag[:strings.Index(itemtest.ETag, "seed:")], &itemtest.Server{}, 0, []string{"API items has no `seed`"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := call(itemtest.Load(t, c.file), c.server.Start(t), 8)
			if err == nil || strings.Contains(err.Error(), "\n") {
				t.Fatalf("the error is %v, want one line", err)
			}
			for _, words := range c.messages {
				if !strings.Contains(err.Error(), words) {
					t.Errorf("the error is %v, want one with %q", err, words)
				}
			}
			if made := c.server.Len(); made > c.most {
				t.Errorf("%d items were made, want at most %d", made, c.most)
			}
		})
	}
}

func TestWhatCannotBeRemoved(t *testing.T) {
	by := itemtest.Load(t, itemtest.ETag)
	target := (&itemtest.Server{Undying: true}).Start(t)
	if _, err := call(by, target, 8); err != nil {
		t.Fatal(err)
	}
	if _, err := remove(by, target); err == nil || !strings.Contains(err.Error(), "answered HTTP 204; 8 are shown all the same: GET /items/") {
		t.Errorf("the error is %v", err)
	}
	without := itemtest.Load(t, strings.Replace(itemtest.ETag, `  delete: "/items/{id}"`, "", 1))
	if _, err := remove(without, target); err == nil || !strings.Contains(err.Error(), "API items has no `delete` below `seed`") {
		t.Errorf("the error is %v", err)
	}
}

func TestRoster(t *testing.T) {
	out, target := t.TempDir(), "http://user:secret@127.0.0.1:1/x"
	for _, ids := range [][]string{{"a", "b"}, {"b", "c"}} {
		if err := seed.KeepRoster(out, target, &seed.Result{API: "items", Tag: "load", IDs: ids}); err != nil {
			t.Fatal(err)
		}
	}
	got, err := seed.ReadRoster(out, "items", target, "load")
	want := seed.Roster{Format: 1, API: "items", Target: client.Redact(target), Tag: "load", IDs: []string{"b", "c"}, Used: []string{"a"}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil || strings.Contains(got.Target, "secret") {
		t.Errorf("(-want +got):\n%s\n%v", diff, err)
	}
	if all := got.All(); !slices.Equal(all, []string{"b", "c", "a"}) {
		t.Errorf("all are %v", all)
	}
}
