package history

import "testing"

// TestTokens splits texts into numbers and others, and joins them again.
func TestTokens(t *testing.T) {
	for _, test := range []struct {
		text   string
		number int64
	}{
		{"", None}, {"0", 0}, {"7", 7}, {"9223372036854775807", 1<<63 - 1},
		{"9223372036854775808", None}, {"99999999999999999999", None}, {"007", None}, {"-1", None}, {"4.0", None}, {`"5f"`, None}, {"٣", None},
	} {
		o := New()
		o.SetToken(test.text)
		o.SetExpected(test.text)
		if o.Token != test.number || o.Expected != test.number {
			t.Errorf("%q is the number %d, want %d", test.text, o.Token, test.number)
		}
		if o.ShownToken() != test.text || o.SentToken() != test.text || o.HasToken() != (test.text != "") || o.HasExpected() != (test.text != "") {
			t.Errorf("%q comes back as %q and %q", test.text, o.ShownToken(), o.SentToken())
		}
		if text := string(appendToken(nil, o.Token, o.TokenText)); o.Token != None && text != test.text+"," {
			t.Errorf("%q is written as %q", test.text, text)
		}
	}
}
