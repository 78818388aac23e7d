// Package score computes a scorecard: points by rule, bounded to a range,
// with stars and a band, and every contribution kept. It does no I/O.
package score
