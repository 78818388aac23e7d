// Package search finds records by what people remember of them: a part of a
// Chinese name, its pinyin initials or the beginning of its pinyin, the
// beginning of a word, some digits of a phone number.
//
// Each searchable field of a record gives tokens (token.go); every token names
// its field, so that a question is only ever put to the fields that the reader
// may read. Index takes records in a moment after their change (a row written
// in the change's transaction says which) and hands old records over in steps.
// Finder asks the index, within the reader's scope in the same statement, and
// then looks at each record's readable values: what it gives really holds the words.
package search
