package appointment

import "time"

// Card is an appointment as the board and the single-card call show it. ID is
// a string on the wire even where it is a number in the store.
type Card struct {
	ID           string    `json:"id"`
	CustomerID   string    `json:"customer_id"`
	VehicleID    string    `json:"vehicle_id"`
	Start        time.Time `json:"appt_start"`
	End          time.Time `json:"appt_end"`
	Status       Status    `json:"status"`
	Position     int       `json:"position"`
	Version      int64     `json:"version"`
	Notes        string    `json:"notes"`
	UpdatedAt    time.Time `json:"updated_at"`
	CustomerName string    `json:"customer_name"`
	Make         string    `json:"make"`
	Model        string    `json:"model"`
	Year         int       `json:"year"`
}

// Stats are the counts of one date.
type Stats struct {
	JobsToday    int            `json:"jobsToday"`
	OnPrem       int            `json:"onPrem"`
	StatusCounts map[Status]int `json:"statusCounts"`
}

// MoveRequest is the body of a move.
type MoveRequest struct {
	NewStatus       Status `json:"new_status"`
	ExpectedVersion int64  `json:"expected_version"`
	Position        *int   `json:"position,omitempty"`
}

// MoveResult is the data of an applied move.
type MoveResult struct {
	AppointmentID string    `json:"appointment_id"`
	Status        Status    `json:"status"`
	Position      int       `json:"position"`
	Version       int64     `json:"version"`
	UpdatedAt     time.Time `json:"updated_at"`
}

// Error is the error member of a refusal. The fields after Message are set
// where the code promises them.
type Error struct {
	Code            Code   `json:"code"`
	Message         string `json:"message"`
	Field           string `json:"field,omitempty"`
	AppointmentID   string `json:"appointment_id,omitempty"`
	ExpectedVersion *int64 `json:"expected_version,omitempty"`
	CurrentVersion  *int64 `json:"current_version,omitempty"`
	CurrentStatus   Status `json:"current_status,omitempty"`
	From            Status `json:"from,omitempty"`
	To              Status `json:"to,omitempty"`
}

// Code names a refusal for programs.
type Code string

// The codes of the contract.
const (
	VersionConflict   Code = "version_conflict"
	InvalidTransition Code = "invalid_transition"
	ValidationError   Code = "validation_error"
	NotFound          Code = "not_found"
	StoreBusy         Code = "store_busy"
)
