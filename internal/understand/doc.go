// Package understand turns free text into proposals for fields, without a
// language model: words of a lexicon, and patterns for phone numbers. Every
// proposal names the words that it rests on. It does no I/O.
package understand
