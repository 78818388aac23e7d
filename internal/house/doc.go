// Package house holds the tests of the source itself: which package may import
// which, that each says what it is for, and that the databases' names stay where
// they belong. floors.txt is the list to change, with a reason in the commit.
package house
