package alarms

// The states of an alarm.
const (
	StateOK           = "OK"
	StateAlarm        = "ALARM"
	StateInsufficient = "INSUFFICIENT_DATA"
)

// States are the states in CloudWatch's order.
var States = []string{StateInsufficient, StateAlarm, StateOK}
