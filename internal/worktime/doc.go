// Package worktime is the arithmetic of working time: a Calendar of weekly
// hours, public holidays, make-up days (调休) and single exceptions, in one
// time zone. It reads no clock and does no I/O; the Chinese public days are
// embedded (see the gen directory for where they come from).
package worktime
