package k6import

// listUntold lists what a kind of file does not tell.
func listUntold(k Kind) []string {
	list := []string{
		"whether the server broke an invariant: neither versions nor what a read showed are recorded",
		"whether a conflict was recovered from: turns are not recorded",
		"which requests belong to the warm-up: all of them count",
		"how long a request took from its scheduled start, or until it was connected: http_req_duration begins at sending",
	}
	if k == Points {
		return append(list,
			"whether a 409 named a version conflict, and whether a 200 held what it should: bodies are not recorded")
	}
	return append(list,
		"which failures are conflicts: k6 calls every 409 a failed request, and a flawless server refuses stale updates with 409",
		"which requests are updates: reads are blended with them",
		"how long requests without an answer took: k6 counts a refused connection as 0 ms",
		"exact bounds of the p95: only the percentiles that k6 chose to keep; `k6 run --out json=points.ndjson` keeps every request")
}
