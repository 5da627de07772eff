package run

// The screenshots of the first conflict, in ScreensFolder.
const (
	ScreenBefore = "before.png"
	ScreenToast  = "toast.png"
	ScreenAfter  = "after.png"
)
