// Package record is the one way in which records are written, and the one way
// in which they are read with a reader's rights.
//
// Every write of any origin goes through Store.Apply, inside the caller's
// transaction. Apply finds what the change meets (match), runs the ordered
// reactions that the server set (compute, score, route, clocks, messages,
// figures), and writes the record, its thread entries and its keys. What must
// happen later is a row that a reaction wrote in the same transaction.
package record
