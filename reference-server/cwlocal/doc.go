// Package cwlocal answers Amazon CloudWatch's metric and alarm calls on this
// machine, in the three protocols that AWS clients speak.
//
// It is a local stand-in, and it would rather refuse than guess: a member, a
// statistic or an operation it does not know is an error, and a window whose
// data it no longer holds is PartialData. An empty answer with the status
// Complete therefore means that nothing was published there, as it does on AWS.
//
// It cannot show what only the service has: credentials, permissions and
// signatures (none are checked), quotas and prices, how late data appears on a
// given day, the sketch behind CloudWatch's percentiles (here they are exact,
// by nearest rank), the actions of alarms (kept and described, never carried
// out), and how many periods beyond its own an alarm looks back (two here; AWS
// does not publish the number). docs/cloudwatch-local.md has the whole list.
package cwlocal
