// Package monitor counts what the program does and shows it as Prometheus
// reads it. Labels are route patterns, statuses and channel names, never an
// address, an id or anything else of a record.
package monitor

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// readWait is how long a scrape waits for the database.
const readWait = 5 * time.Second

// Levels are what is read from the database when somebody asks.
type Levels struct {
	JobsWaiting, JobsDead             int64
	MessagesWaiting                   int64
	ClocksLate                        time.Duration
	DatabaseBytes                     int64
	DiskFree                          uint64
	LastBackup                        time.Time // zero for none
	DeliveriesFailed, MessagesGivenUp int64
}

// Monitor counts. Its methods are safe for concurrent use.
type Monitor struct {
	registry   *prometheus.Registry
	requests   *prometheus.HistogramVec
	deliveries *prometheus.CounterVec
	units      prometheus.Histogram
	commits    prometheus.Histogram
}

// New makes the counters of one company; read gives its levels at each scrape.
func New(version string, read func(ctx context.Context) (Levels, error)) *Monitor {
	m := &Monitor{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "clew_http_request_seconds", Help: "Time to answer, by route pattern and status.",
			Buckets: []float64{.002, .005, .01, .02, .04, .06, .1, .2, .5, 1, 2, 5},
		}, []string{"route", "method", "status"}),
		deliveries: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "clew_deliveries_total", Help: "Deliveries to channels, by what became of them.",
		}, []string{"channel", "status"}),
		units: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "clew_commit_units", Help: "Units of work that shared a commit.", Buckets: []float64{1, 2, 5, 10, 20, 50, 100},
		}),
		commits: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "clew_commit_seconds", Help: "Time from a group's begin to its durable commit.",
			Buckets: []float64{.0005, .001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 5},
		}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{Name: "clew_build_info", Help: "The program.", ConstLabels: prometheus.Labels{"version": version}})
	build.Set(1)
	m.registry.MustRegister(m.requests, m.deliveries, m.units, m.commits, build, newLevels(read),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Request notes an answer; route is the pattern, "" for files of the app.
func (m *Monitor) Request(route, method string, status int, took time.Duration) {
	if route == "" {
		route = "app"
	}
	m.requests.WithLabelValues(route, methodLabel(method), strconv.Itoa(status)).Observe(took.Seconds())
}

// methodLabel is a request's method where it is one of the usual ones: any word
// may stand there, and each would be kept for ever.
func methodLabel(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}

// Delivery notes what became of a delivery.
func (m *Monitor) Delivery(channel, status string) {
	m.deliveries.WithLabelValues(channel, status).Inc()
}

// Commit notes a group's commit.
func (m *Monitor) Commit(units int, took time.Duration) {
	m.units.Observe(float64(units))
	m.commits.Observe(took.Seconds())
}

// Handler answers scrapes.
func (m *Monitor) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError})
}
