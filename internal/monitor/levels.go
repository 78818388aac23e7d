package monitor

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"
)

// level is one gauge and where its value lies.
type level struct {
	description *prometheus.Desc
	value       func(Levels) float64
}

// levels reads the database once a scrape; without an answer, clew_up is 0.
type levels struct {
	read func(ctx context.Context) (Levels, error)
	up   *prometheus.Desc
	list []level
}

func newLevels(read func(ctx context.Context) (Levels, error)) *levels {
	gauge := func(name, help string, value func(Levels) float64) level {
		return level{prometheus.NewDesc("clew_"+name, help, nil, nil), value}
	}
	return &levels{read: read, up: prometheus.NewDesc("clew_up", "1 while the database answers.", nil, nil), list: []level{
		gauge("jobs_waiting", "Background jobs that wait.", func(l Levels) float64 { return float64(l.JobsWaiting) }),
		gauge("jobs_dead", "Background jobs given up.", func(l Levels) float64 { return float64(l.JobsDead) }),
		gauge("messages_waiting", "Group messages that wait.", func(l Levels) float64 { return float64(l.MessagesWaiting) }),
		gauge("messages_dead", "Group messages given up.", func(l Levels) float64 { return float64(l.MessagesGivenUp) }),
		gauge("deliveries_failed", "Failed deliveries that nobody has replayed.", func(l Levels) float64 { return float64(l.DeliveriesFailed) }),
		gauge("clocks_late_seconds", "How long the oldest clock has been due.", func(l Levels) float64 { return l.ClocksLate.Seconds() }),
		gauge("database_bytes", "Size of the database.", func(l Levels) float64 { return float64(l.DatabaseBytes) }),
		gauge("disk_free_bytes", "Free on the data directory's disk.", func(l Levels) float64 { return float64(l.DiskFree) }),
		gauge("backup_last_success_timestamp_seconds", "When the last good backup began; 0 for none.", func(l Levels) float64 {
			if l.LastBackup.IsZero() {
				return 0
			}
			return float64(l.LastBackup.Unix())
		}),
	}}
}

// Describe implements prometheus.Collector.
func (l *levels) Describe(to chan<- *prometheus.Desc) {
	to <- l.up
	for _, one := range l.list {
		to <- one.description
	}
}

// Collect implements prometheus.Collector.
func (l *levels) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), readWait)
	defer cancel()
	found, err := l.read(ctx)
	up := 1.0
	if err != nil {
		up = 0
	}
	to <- prometheus.MustNewConstMetric(l.up, prometheus.GaugeValue, up)
	if err != nil {
		return
	}
	for _, one := range l.list {
		to <- prometheus.MustNewConstMetric(one.description, prometheus.GaugeValue, one.value(found))
	}
}
