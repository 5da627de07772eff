package settings

import "github.com/occbench/occbench/internal/run"

// CloudWatch says where the metrics and alarms of the move API are, and with which credentials they are asked for.
type CloudWatch struct {
	run.CloudWatch
	Profile string // of the AWS configuration; empty: its default
}

// HasCloudWatch reports whether the settings say where the metrics of a target are. A profile alone says with which
// credentials, not where.
func (s *Settings) HasCloudWatch() bool {
	for _, name := range []string{"aws-region", "aws-endpoint", "namespace", "stage", "function"} {
		if s.IsGiven(name) {
			return true
		}
	}
	return false
}

func metricRows() []setting {
	const section = "CloudWatch"
	notEmpty := run.NewCheckedCodec(run.CheckNotEmpty)
	return []setting{
		newSetting(func(s *Settings) *string { return &s.CloudWatch.Region }, run.NewTextCodec(),
			run.Field{Name: "aws-region", Section: section,
				Env: "AWS_REGION", Example: "eu-central-1", Usage: "AWS `REGION` of the metrics and alarms"}),
		newSetting(func(s *Settings) *string { return &s.CloudWatch.Profile }, run.NewTextCodec(),
			run.Field{Name: "aws-profile", Section: section,
				Env: "AWS_PROFILE", Example: "staging", Usage: "`PROFILE` of the AWS configuration files"}),
		newSetting(func(s *Settings) *string { return &s.CloudWatch.Endpoint }, newEndpointCodec(), run.Field{
			Name: "aws-endpoint", Section: section, Env: "AWS_ENDPOINT_URL_CLOUDWATCH", Example: "http://127.0.0.1:4566",
			Usage: "`URL` of CloudWatch instead of the region's"}),
		newSetting(func(s *Settings) *string { return &s.CloudWatch.Namespace }, notEmpty, run.Field{Name: "namespace", Section: section,
			Default: "EdgarAutoShop/MoveAPI", Usage: "`NAMESPACE` of the metrics"}),
		newSetting(func(s *Settings) *string { return &s.CloudWatch.Stage }, notEmpty, run.Field{Name: "stage", Section: section,
			Default: "prod", Usage: "`STAGE`, the value of the metrics' dimension Environment"}),
		newSetting(func(s *Settings) *string { return &s.CloudWatch.Function }, run.NewTextCodec(),
			run.Field{Name: "function", Section: section,
				Env: "FN", Example: "move-appointment", Usage: "`NAME` of the Lambda function that is the target: its AWS/Lambda metrics " +
					"are pulled " +
					"too"}),
	}
}
