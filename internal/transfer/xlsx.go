package transfer

import (
	"io"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

const (
	sheetRows    = 1 << 20 // the most rows of one sheet
	cellLength   = 32767   // units of UTF-16 of one cell
	nameLength   = 25      // of a sheet's name, with room for a number behind it
	exactDigits  = 15      // of a number that a spreadsheet keeps exactly
	defaultSheet = "Sheet1"
)

// xlsxSheet writes a workbook; rows beyond a sheet's limit go on in a further one.
type xlsxSheet struct {
	w      io.Writer
	name   string
	book   *excelize.File
	stream *excelize.StreamWriter
	head   []Cell
	row    int
	sheets int
	limit  int
}

func newXLSX(w io.Writer, name string) *xlsxSheet {
	return &xlsxSheet{w: w, name: sheetName(name), book: excelize.NewFile(), limit: sheetRows}
}

// sheetName leaves out what a sheet's name must not hold.
func sheetName(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) || r < ' ' {
			return -1
		}
		return r
	}, name)
	if name = strings.TrimSpace(clip(name, nameLength)); name == "" {
		return defaultSheet
	}
	return name
}

// clip is as much of a text as so many units of UTF-16 hold, in which
// spreadsheets count; a character is never split.
func clip(text string, most int) string {
	units := 0
	for i, r := range text {
		if units += max(utf16.RuneLen(r), 1); units > most {
			return text[:i]
		}
	}
	return text
}

// Row writes one row; the first is the head of every sheet.
func (s *xlsxSheet) Row(cells []Cell) error {
	if s.head == nil {
		s.head = cells
	}
	if s.stream == nil || s.row >= s.limit {
		if err := s.turn(); err != nil {
			return err
		}
		if s.row == 1 && s.sheets == 1 {
			return nil // the head was this very row
		}
	}
	return s.write(cells)
}

// turn ends a full sheet and begins the next with its head.
func (s *xlsxSheet) turn() error {
	if s.stream != nil {
		if err := s.stream.Flush(); err != nil {
			return err
		}
	}
	s.sheets++
	name := s.name
	var err error
	if s.sheets == 1 {
		err = s.book.SetSheetName(defaultSheet, name)
	} else {
		name += " " + strconv.Itoa(s.sheets)
		_, err = s.book.NewSheet(name)
	}
	if err != nil {
		return err
	}
	if s.stream, err = s.book.NewStreamWriter(name); err != nil {
		return err
	}
	if err := s.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := s.stream.SetColWidth(1, max(len(s.head), 1), 18); err != nil {
		return err
	}
	s.row = 0
	return s.write(s.head)
}

func (s *xlsxSheet) write(cells []Cell) error {
	values := make([]any, len(cells))
	for i, c := range cells {
		values[i] = valueOf(c)
	}
	s.row++
	return s.stream.SetRow("A"+strconv.Itoa(s.row), values)
}

// valueOf is a cell's value: a number only where a spreadsheet keeps it exactly.
func valueOf(c Cell) any {
	if c.Text == "" {
		return nil
	}
	if c.Number && digits(c.Text) <= exactDigits {
		if n, err := strconv.ParseFloat(c.Text, 64); err == nil {
			return n
		}
	}
	return plain(c.Text)
}

func digits(text string) (n int) {
	for _, r := range strings.TrimLeft(text, "-0.") {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	return n
}

// plain is a text without what XML cannot carry, and no longer than a cell.
func plain(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, text)
	if clip(text, cellLength) == text {
		return text
	}
	return clip(text, cellLength-1) + "…"
}

// Close puts the workbook together and writes it.
func (s *xlsxSheet) Close() error {
	defer s.book.Close()
	if s.stream == nil {
		if err := s.Row([]Cell{{}}); err != nil {
			return err
		}
	}
	if err := s.stream.Flush(); err != nil {
		return err
	}
	_, err := s.book.WriteTo(s.w)
	return err
}
