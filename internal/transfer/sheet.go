// Package transfer writes tables as files that other programs read: CSV and
// XLSX, row by row, so that memory does not grow with the table.
package transfer

import (
	"encoding/csv"
	"io"
	"strings"
)

// Cell is one value of a row. What is not a number is a text, whatever it looks like.
type Cell struct {
	Text   string
	Number bool // Text is a decimal number
}

// Sheet takes rows and ends with Close, without which the file is not whole.
type Sheet interface {
	Row(cells []Cell) error
	Close() error
}

// The formats.
const (
	CSV  = "csv"
	XLSX = "xlsx"
)

// New begins a file of the format; false when there is no such format.
func New(format string, w io.Writer, name string) (Sheet, bool) {
	switch format {
	case CSV:
		return newCSV(w), true
	case XLSX:
		return newXLSX(w, name), true
	}
	return nil, false
}

// MediaType is the format's media type.
func MediaType(format string) string {
	if format == XLSX {
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "text/csv; charset=utf-8"
}

// csvSheet is CSV as spreadsheets open it: with a byte order mark and CRLF.
type csvSheet struct {
	w     io.Writer
	out   *csv.Writer
	begun bool
}

func newCSV(w io.Writer) *csvSheet {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	return &csvSheet{w: w, out: out}
}

// Row writes one line.
func (s *csvSheet) Row(cells []Cell) error {
	if err := s.begin(); err != nil {
		return err
	}
	line := make([]string, len(cells))
	for i, c := range cells {
		line[i] = c.Text
		if !c.Number {
			line[i] = harmless(c.Text)
		}
	}
	return s.out.Write(line)
}

func (s *csvSheet) begin() error {
	if s.begun {
		return nil
	}
	s.begun = true
	_, err := io.WriteString(s.w, "\ufeff")
	return err
}

// Close writes what is still held.
func (s *csvSheet) Close() error {
	if err := s.begin(); err != nil {
		return err
	}
	s.out.Flush()
	return s.out.Error()
}

// harmless keeps a spreadsheet from taking a text for a formula: a quote goes
// before whatever it would calculate, full-width signs included.
func harmless(text string) string {
	text = strings.ReplaceAll(text, "\x00", "")
	trimmed := strings.TrimLeft(text, " \u00a0\u3000")
	if trimmed != "" && strings.ContainsRune("=+-@\t\r\n|%＝＋－＠", []rune(trimmed)[0]) {
		return "'" + text
	}
	return text
}
