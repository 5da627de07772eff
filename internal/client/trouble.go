package client

// Trouble is a kind of reason why an answer is missing or cannot be read, in
// words that are the same for every answer of the kind. A history has the
// outcome alone.
type Trouble string

// Error returns the words.
func (t Trouble) Error() string { return string(t) }

// Closed is the end of a connection that came after it was last looked at: no
// client can tell whether the server got the request.
const Closed Trouble = "connection closed by the peer while the request was on its way"
