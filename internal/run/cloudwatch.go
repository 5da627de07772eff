package run

// CloudWatch says where the metrics and alarms of a target are.
type CloudWatch struct {
	Region    string `json:"region,omitempty"`   // absent: what the AWS configuration says
	Endpoint  string `json:"endpoint,omitempty"` // base URL; absent: the region's own
	Namespace string `json:"namespace"`
	Stage     string `json:"stage"`              // the dimension Environment
	Function  string `json:"function,omitempty"` // of AWS Lambda; absent: the target is none
}

// Metrics says where the metrics of a run's target are.
type Metrics struct {
	CloudWatch
	Passing bool `json:"passing,omitempty"` // the endpoint was occbench's own and ended with the run
}
