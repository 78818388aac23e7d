// Package bulk carries out operations over many records: assign, edit, delete
// and restore all that match a filter, or a list of ids, and undo what was done.
//
// An operation is a row. It goes on in chunks through record.Store.Apply, each
// one unit that holds the writer for some milliseconds and moves the position
// along with what it did: after a crash it goes on right after the last chunk
// that was committed, on whichever node looks first. Every chunk asks for the
// asker's rights anew. A record that cannot be changed is reported, and the
// operation goes on.
package bulk
