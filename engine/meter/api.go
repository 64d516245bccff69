package meter

import (
	"github.com/prometheus/client_golang/prometheus"

	"statehouse/engine/throttle"
)

// API shows what became of the calls of the API. It is a prometheus.Collector.
type API struct{ throttle *throttle.Throttle }

// NewAPI shows what t counts.
func NewAPI(t *throttle.Throttle) API { return API{t} }

var (
	consumedDesc  = apiDesc("consumed_capacity_total", "Calls of API actions that were let through, and state transitions where they have a bucket.", "ConsumedCapacity with ServiceMetric=APIName or StateTransition")
	throttledDesc = apiDesc("throttled_events_total", "Calls of API actions that were throttled, and how often an execution was held back for its state transitions.", "ThrottledEvents with ServiceMetric=APIName or StateTransition; of StartExecution: ExecutionThrottled")
	bucketDesc    = apiDesc("provisioned_bucket_size", "Calls of API actions that may come at once, where there is a bucket.", "ProvisionedBucketSize")
	refillDesc    = apiDesc("provisioned_refill_rate", "Calls of API actions that may come in a second, where there is a bucket.", "ProvisionedRefillRate")
)

func apiDesc(name, help, cloudWatch string) *prometheus.Desc {
	return prometheus.NewDesc(namespace+"_"+name, Help(help, cloudWatch), []string{"action"}, nil)
}

// Describe implements prometheus.Collector.
func (API) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{consumedDesc, throttledDesc, bucketDesc, refillDesc} {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (a API) Collect(out chan<- prometheus.Metric) {
	for _, c := range a.throttle.Counts() {
		out <- prometheus.MustNewConstMetric(consumedDesc, prometheus.CounterValue, float64(c.Passed), c.Action)
		out <- prometheus.MustNewConstMetric(throttledDesc, prometheus.CounterValue, float64(c.Throttled), c.Action)
		if c.Rate != nil {
			out <- prometheus.MustNewConstMetric(bucketDesc, prometheus.GaugeValue, float64(c.Rate.Bucket), c.Action)
			out <- prometheus.MustNewConstMetric(refillDesc, prometheus.GaugeValue, c.Rate.Refill, c.Action)
		}
	}
}
