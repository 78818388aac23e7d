// Package match finds out whether something that arrives is new, is another
// touch on an open record, or comes from a party that is already known. It
// normalises the key values that records meet by and decides from the holders
// that the caller found; it does no I/O.
//
// It has no configuration document of its own: the keys are part of an object
// (schema.MatchKey: field, kind, ignore).
package match
