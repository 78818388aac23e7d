package transfer

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"io"
	"math/big"
	"path"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A reader of workbooks of our own, from the standard library alone: what we
// write must be what others read, not what our own library makes of it.

// sheetXML is as much of a worksheet as we write.
type sheetXML struct {
	Rows []struct {
		Cells []struct {
			Place   string `xml:"r,attr"`
			Type    string `xml:"t,attr"`
			Value   string `xml:"v"`
			Formula string `xml:"f"`
			Inline  struct {
				Text string `xml:"t"`
			} `xml:"is"`
		} `xml:"c"`
	} `xml:"sheetData>row"`
}

// cell is a value as a spreadsheet takes it.
type cell struct {
	text   string
	number bool
}

// unzipped are the parts of a workbook by name.
func unzipped(t failer, raw []byte) map[string][]byte {
	book, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string][]byte{}
	for _, file := range book.File {
		part, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		if parts[file.Name], err = io.ReadAll(part); err != nil {
			t.Fatal(err)
		}
	}
	return parts
}

// failer is a test or a property.
type failer interface {
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// opened are the rows of a workbook's first sheet; a formula is refused.
func opened(t failer, raw []byte) [][]cell {
	parts := unzipped(t, raw)
	var sheet sheetXML
	if err := xml.Unmarshal(parts["xl/worksheets/sheet1.xml"], &sheet); err != nil {
		t.Fatal(err)
	}
	shared := sharedTexts(t, parts["xl/sharedStrings.xml"])
	var rows [][]cell
	for _, row := range sheet.Rows {
		var cells []cell
		for _, c := range row.Cells {
			if c.Formula != "" {
				t.Fatalf("%s is a formula: %s", c.Place, c.Formula)
			}
			for column(c.Place) > len(cells) {
				cells = append(cells, cell{})
			}
			switch c.Type {
			case "s":
				cells = append(cells, cell{text: shared[number(t, c.Value)]})
			case "inlineStr":
				cells = append(cells, cell{text: c.Inline.Text})
			case "str":
				cells = append(cells, cell{text: c.Value})
			default:
				cells = append(cells, cell{text: c.Value, number: c.Value != ""})
			}
		}
		rows = append(rows, cells)
	}
	return rows
}

func sharedTexts(t failer, raw []byte) (texts []string) {
	if len(raw) == 0 {
		return nil
	}
	var table struct {
		Items []struct {
			Text string `xml:"t"`
		} `xml:"si"`
	}
	if err := xml.Unmarshal(raw, &table); err != nil {
		t.Fatal(err)
	}
	for _, item := range table.Items {
		texts = append(texts, item.Text)
	}
	return texts
}

func number(t failer, text string) int {
	n, ok := new(big.Int).SetString(text, 10)
	if !ok {
		t.Fatalf("%q is no number", text)
	}
	return int(n.Int64())
}

// column is the place of a cell such as "C7" in its row, from 0.
func column(place string) (n int) {
	for _, r := range place {
		if r < 'A' || r > 'Z' {
			break
		}
		n = n*26 + int(r-'A') + 1
	}
	return n - 1
}

// cells are what rows hold: texts among characters that mean something to a
// spreadsheet or to XML, and decimals.
func cells() *rapid.Generator[[]Cell] {
	text := rapid.StringOfN(rapid.SampledFrom([]rune("苏州a1 =+-@<>&\"',;\t\n|%😀_x000D_")), 0, 12, -1)
	one := rapid.Custom(func(r *rapid.T) Cell {
		if rapid.Bool().Draw(r, "number") {
			return Cell{Text: rapid.StringMatching(`-?[1-9][0-9]{0,18}(\.[0-9]{1,4})?`).Draw(r, "decimal"), Number: true}
		}
		return Cell{Text: text.Draw(r, "text")}
	})
	return rapid.SliceOfN(one, 3, 3)
}

// Property: each row of a workbook reads back cell by cell, texts to the letter
// and numbers to the digit, and nothing in it is calculated.
func TestAnotherReaderFindsEachCell(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		rows := rapid.SliceOfN(cells(), 1, 5).Draw(r, "rows")
		var out bytes.Buffer
		sheet, _ := New(XLSX, &out, "线索")
		for _, row := range append([][]Cell{texts("a", "b", "c")}, rows...) {
			if err := sheet.Row(row); err != nil {
				r.Fatal(err)
			}
		}
		if err := sheet.Close(); err != nil {
			r.Fatal(err)
		}
		got := opened(r, out.Bytes())
		if len(got) != len(rows)+1 {
			r.Fatalf("%d rows, want %d", len(got), len(rows)+1)
		}
		for i, row := range rows {
			for j, want := range row {
				found := cell{}
				if j < len(got[i+1]) {
					found = got[i+1][j]
				}
				same(r, want, found)
			}
		}
	})
}

func same(r *rapid.T, want Cell, got cell) {
	if want.Number && got.number {
		a, okA := new(big.Rat).SetString(want.Text)
		b, okB := new(big.Rat).SetString(got.text)
		if !okA || !okB || a.Cmp(b) != 0 {
			r.Fatalf("the number %s became %s", want.Text, got.text)
		}
		return
	}
	if got.number || strings.ReplaceAll(got.text, "\r\n", "\n") != want.Text {
		r.Fatalf("%q became %q", want.Text, got.text)
	}
}

// Property: CSV reads back row by row, a text with at most the quote before it.
func TestAnotherReaderFindsEachValue(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		rows := rapid.SliceOfN(cells(), 1, 5).Draw(r, "rows")
		var out bytes.Buffer
		sheet, _ := New(CSV, &out, "")
		for _, row := range rows {
			if err := sheet.Row(row); err != nil {
				r.Fatal(err)
			}
		}
		if err := sheet.Close(); err != nil {
			r.Fatal(err)
		}
		lines, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(out.Bytes(), []byte("\xef\xbb\xbf")))).ReadAll()
		if err != nil || len(lines) != len(rows) {
			r.Fatalf("%d lines, %v", len(lines), err)
		}
		for i, row := range rows {
			for j, want := range row {
				got := lines[i][j]
				if got != want.Text && (want.Number || got != "'"+want.Text) {
					r.Fatalf("%q became %q", want.Text, got)
				}
			}
		}
	})
}

// TestAWorkbookIsOneThatOthersOpen: the parts that a spreadsheet looks for are
// there, well-formed, and nothing points outside the file.
func TestAWorkbookIsOneThatOthersOpen(t *testing.T) {
	parts := unzipped(t, written(t, XLSX, texts("公司", "电话"), texts("博锐", "+8613900001111")))
	for _, name := range []string{"[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml", "xl/styles.xml"} {
		if parts[name] == nil {
			t.Errorf("no %s", name)
		}
	}
	for name, raw := range parts {
		if path.IsAbs(name) || strings.Contains(name, "..") {
			t.Errorf("%s leads out of the file", name)
		}
		decoder := xml.NewDecoder(bytes.NewReader(raw))
		for {
			token, err := decoder.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if start, ok := token.(xml.StartElement); ok {
				for _, a := range start.Attr {
					if a.Name.Local == "TargetMode" && a.Value == "External" {
						t.Errorf("%s points outside", name)
					}
				}
			}
		}
	}
}

// TestNamesOfSheets: what a spreadsheet refuses in a name is left out.
func TestNamesOfSheets(t *testing.T) {
	for given, want := range map[string]string{
		"线索": "线索", "": "Sheet1", "a/b\\c?d*e[f]g:h'i": "abcdefghi", "///": "Sheet1",
		"一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十": "一二三四五六七八九十一二三四五六七八九十一二三四五", "a\x00\nb": "ab",
	} {
		if got := sheetName(given); got != want {
			t.Errorf("%q gives %q, want %q", given, got, want)
		}
	}
}

func TestThereIsNoOtherFormat(t *testing.T) {
	for _, format := range []string{"", "pdf", "CSV", "xls"} {
		if _, ok := New(format, io.Discard, "x"); ok {
			t.Errorf("there is a format %q", format)
		}
	}
	if MediaType(CSV) == MediaType(XLSX) {
		t.Error("both formats have one media type")
	}
}
