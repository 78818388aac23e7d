// Package route decides who owns a record: an ordered table of conditions, a
// strategy inside each pool, and a named fallback, with every reason kept, so
// that a decision can be explained and decided again from its recorded
// inputs. It does no I/O.
package route
