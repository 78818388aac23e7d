// Package clock decides what a promise with a deadline does next: start, warn,
// breach, be satisfied or cancelled, by events on its record and by time
// passing. One mechanism is the claim window, the 72-hour rule, a follow-up's
// commitment and a service level. Next is a pure function; the rows, the
// polling and the messages are elsewhere.
package clock
