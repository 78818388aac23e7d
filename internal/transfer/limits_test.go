package transfer_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"clew.dev/clew/internal/transfer"
)

// broken is a file that takes so many bytes and no more: a full disk, or a
// browser that left.
type broken struct{ room int }

var errFull = errors.New("no space left")

func (b *broken) Write(p []byte) (int, error) {
	if len(p) > b.room {
		n := b.room
		b.room = 0
		return n, errFull
	}
	b.room -= len(p)
	return len(p), nil
}

// TestAFileThatCannotBeWrittenSaysSo: at the latest when it is closed, so that
// nobody takes half a file for a whole one.
func TestAFileThatCannotBeWrittenSaysSo(t *testing.T) {
	for _, format := range []string{transfer.CSV, transfer.XLSX} {
		for _, room := range []int{0, 1, 100, 3000} {
			sheet, ok := transfer.New(format, &broken{room}, "线索")
			if !ok {
				t.Fatal(format)
			}
			var err error
			for i := 0; i < 500 && err == nil; i++ {
				err = sheet.Row([]transfer.Cell{{Text: strings.Repeat("words ", 20)}, {Text: "12.50", Number: true}})
			}
			if err = errors.Join(err, sheet.Close()); !errors.Is(err, errFull) {
				t.Errorf("%s with room for %d bytes: %v", format, room, err)
			}
		}
	}
}

// TestEveryObjectsNameIsASheets: whatever a builder calls his object, the export opens.
func TestEveryObjectsNameIsASheets(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		name := rapid.OneOf(
			rapid.StringOfN(rapid.SampledFrom([]rune("线索a1 :\\/?*[]'!\"\n\x00😀𠮷\u200b.")), 0, 60, -1),
			rapid.SampledFrom([]string{"", " ", "'", "''", "Sheet1", "History", "历史", strings.Repeat("😀", 40), strings.Repeat("长", 40), "\xff\xfe", "[]"}),
		).Draw(r, "name")
		var out bytes.Buffer
		sheet, _ := transfer.New(transfer.XLSX, &out, name)
		if err := sheet.Row([]transfer.Cell{{Text: "公司"}}); err != nil {
			r.Fatalf("%q: %v", name, err)
		}
		if err := sheet.Close(); err != nil {
			r.Fatalf("%q: %v", name, err)
		}
		book, err := excelize.OpenReader(&out)
		if err != nil {
			r.Fatalf("%q: %v", name, err)
		}
		defer book.Close()
		got := book.GetSheetList()
		if len(got) != 1 || len(utf16.Encode([]rune(got[0]))) > 31 || strings.ContainsAny(got[0], `:\/?*[]`) || strings.HasPrefix(got[0], "'") || strings.TrimSpace(got[0]) == "" {
			r.Fatalf("%q became %q", name, got)
		}
	})
}

// TestALongTextIsCutWhereASpreadsheetEnds: at 32,767 units of UTF-16, between
// characters, and it says so.
func TestALongTextIsCutWhereASpreadsheetEnds(t *testing.T) {
	for _, one := range []struct {
		name, text string
		cut        bool
	}{
		{"just so long", strings.Repeat("x", 32767), false},
		{"a letter more", strings.Repeat("x", 32768), true},
		{"Chinese", strings.Repeat("长", 32767), false},
		{"pictures", strings.Repeat("😀", 20_000), true},
		{"a picture at the end", strings.Repeat("x", 32766) + "😀", true},
	} {
		var out bytes.Buffer
		sheet, _ := transfer.New(transfer.XLSX, &out, "x")
		if err := errors.Join(sheet.Row([]transfer.Cell{{Text: "head"}}), sheet.Row([]transfer.Cell{{Text: one.text}}), sheet.Close()); err != nil {
			t.Fatal(err)
		}
		book, err := excelize.OpenReader(&out)
		if err != nil {
			t.Fatal(err)
		}
		got, err := book.GetCellValue("x", "A2")
		if err != nil {
			t.Fatal(err)
		}
		if units := len(utf16.Encode([]rune(got))); units > 32767 || strings.ContainsRune(got, '\ufffd') || strings.HasSuffix(got, "…") != one.cut || !one.cut && got != one.text {
			t.Errorf("%s: %d units, ends with %q", one.name, units, got[max(0, len(got)-6):])
		}
		_ = book.Close()
	}
}

// Property: what is written as CSV is read by any reader as the same cells, but
// for the quote before what a spreadsheet would calculate.
func TestCSVIsReadAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		width := rapid.IntRange(1, 5).Draw(r, "width")
		cell := rapid.StringOf(rapid.SampledFrom([]rune("线索a1,;\"'\t =+-@|%＝＠\u3000😀.")))
		var rows [][]transfer.Cell
		for range rapid.IntRange(1, 6).Draw(r, "rows") {
			row := make([]transfer.Cell, width)
			for i := range row {
				row[i].Text = cell.Draw(r, "cell")
			}
			rows = append(rows, row)
		}
		var out bytes.Buffer
		sheet, _ := transfer.New(transfer.CSV, &out, "")
		for _, row := range rows {
			if err := sheet.Row(row); err != nil {
				r.Fatal(err)
			}
		}
		if err := sheet.Close(); err != nil {
			r.Fatal(err)
		}
		text, marked := strings.CutPrefix(out.String(), "\ufeff")
		if !marked {
			r.Fatal("no byte order mark: Excel would take it for GBK")
		}
		reader := csv.NewReader(strings.NewReader(text))
		for _, row := range rows {
			line, err := reader.Read()
			if err != nil && width == 1 && errors.Is(err, io.EOF) {
				return // lines of one blank cell are blank lines, which readers leave out
			}
			if err != nil || len(line) != width {
				r.Fatalf("%v %q", err, line)
			}
			for i, got := range line {
				if want := row[i].Text; got != want && got != "'"+want {
					if width == 1 {
						return // a blank line before it was left out
					}
					r.Fatalf("%q became %q", want, got)
				}
				if first := strings.TrimLeft(got, " \u00a0\u3000"); first != "" && strings.ContainsRune("=+-@\t|%＝＋－＠", []rune(first)[0]) {
					r.Fatalf("%q would be calculated", got)
				}
			}
		}
	})
}
