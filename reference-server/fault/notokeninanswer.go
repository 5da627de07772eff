package fault

var noTokenInAnswer = Fault{
	Name: "no-token-in-answer",
	Sentence: "the answer of an applied update has no ETag, so that its client must read again, which is correct where the API " +
		"file says so (token: none)",
	Rate:   1,
	lacks:  inShop,
	answer: serveWithoutTag,
}
