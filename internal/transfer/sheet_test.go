package transfer

import (
	"bytes"
	"encoding/csv"
	"io"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func texts(line ...string) []Cell {
	cells := make([]Cell, len(line))
	for i, text := range line {
		cells[i].Text = text
	}
	return cells
}

func written(t *testing.T, format string, rows ...[]Cell) []byte {
	t.Helper()
	var out bytes.Buffer
	sheet, ok := New(format, &out, "线索")
	if !ok {
		t.Fatal(format)
	}
	for _, row := range rows {
		if err := sheet.Row(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := sheet.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestAFormulaIsNeverWrittenIntoCSV(t *testing.T) {
	for in, want := range map[string]string{
		`=HYPERLINK("http://x","y")`: `'=HYPERLINK("http://x","y")`, "+8613900001111": "'+8613900001111", "-2+3": "'-2+3", "@SUM(1)": "'@SUM(1)",
		"\t=1": "'\t=1", "  =1": "'  =1", "\r=1": "'=1", "|calc": "'|calc", "%0A": "'%0A", "＝1+1": "'＝1+1", "＋1": "'＋1", "－1": "'－1", "＠x": "'＠x",
		"\u3000=1": "'\u3000=1", "a=b": "a=b", "苏州": "苏州", "": "", "a\x00b": "ab", "'=1": "'=1", `a"b,c`: `a"b,c`,
	} {
		raw := written(t, CSV, texts("h"), texts(in))
		if !bytes.HasPrefix(raw, []byte("\xef\xbb\xbf")) {
			t.Fatal("no byte order mark")
		}
		lines, err := csv.NewReader(bytes.NewReader(raw[3:])).ReadAll()
		if err != nil {
			t.Fatalf("%q: %v", in, err)
		}
		got := ""
		if len(lines) > 1 {
			got = lines[1][0]
		}
		if strings.ReplaceAll(got, "\n", "\r") != strings.ReplaceAll(want, "\n", "\r") {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func FuzzCSVHoldsNoFormula(f *testing.F) {
	for _, seed := range []string{"=1", " +1", "\t@x", "苏州", "'=", "\"=1\"", "\n=1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		safe := harmless(text)
		trimmed := strings.TrimLeft(safe, " \u00a0\u3000")
		if trimmed != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(trimmed)[0]) {
			t.Errorf("%q stays a formula: %q", text, safe)
		}
		if strings.TrimPrefix(safe, "'") != strings.ReplaceAll(text, "\x00", "") && safe != strings.ReplaceAll(text, "\x00", "") {
			t.Errorf("%q was changed to %q", text, safe)
		}
	})
}

func TestNumbersStayNumbersAndTextsTexts(t *testing.T) {
	rows := [][]Cell{
		texts("公司", "预算", "电话"),
		{{Text: "=1+1"}, {Text: "-120000.50", Number: true}, {Text: "+8613900001111"}},
		{{Text: "b\x01c"}, {Text: "12345678901234567.89", Number: true}, {Text: strings.Repeat("长", 40000)}},
	}
	lines, err := csv.NewReader(bytes.NewReader(written(t, CSV, rows...)[3:])).ReadAll()
	if err != nil || !reflect.DeepEqual(lines[1], []string{"'=1+1", "-120000.50", "'+8613900001111"}) {
		t.Errorf("csv: %q %v", lines, err)
	}
	book, err := excelize.OpenReader(bytes.NewReader(written(t, XLSX, rows...)))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	for cell, want := range map[string]struct {
		text string
		kind excelize.CellType
	}{
		"A1": {"公司", excelize.CellTypeInlineString}, "A2": {"=1+1", excelize.CellTypeInlineString}, "B2": {"-120000.5", excelize.CellTypeNumber},
		"C2": {"+8613900001111", excelize.CellTypeInlineString}, "A3": {"bc", excelize.CellTypeInlineString}, "B3": {"12345678901234567.89", excelize.CellTypeInlineString},
	} {
		text, err := book.GetCellValue("线索", cell)
		kind, _ := book.GetCellType("线索", cell)
		formula, _ := book.GetCellFormula("线索", cell)
		if err != nil || text != want.text || formula != "" || kind != want.kind && (want.kind != excelize.CellTypeNumber || kind != excelize.CellTypeUnset) {
			t.Errorf("%s = %q (%v) %q, want %q (%v): %v", cell, text, kind, formula, want.text, want.kind, err)
		}
	}
	if long, _ := book.GetCellValue("线索", "C3"); len([]rune(long)) != cellLength {
		t.Errorf("a long text has %d characters", len([]rune(long)))
	}
}

func TestAFullSheetGoesOnInTheNext(t *testing.T) {
	var out bytes.Buffer
	sheet := newXLSX(&out, "a/b:线索")
	sheet.limit = 3
	for i := range 6 {
		if err := sheet.Row(texts("r" + strconv.Itoa(i))); err != nil {
			t.Fatal(err)
		}
	}
	if err := sheet.Close(); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	got := map[string][][]string{}
	for _, name := range book.GetSheetList() {
		if got[name], err = book.GetRows(name); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string][][]string{"ab线索": {{"r0"}, {"r1"}, {"r2"}}, "ab线索 2": {{"r0"}, {"r3"}, {"r4"}}, "ab线索 3": {{"r0"}, {"r5"}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("sheets: %v", got)
	}
}

func TestAnEmptyTableIsStillAFile(t *testing.T) {
	if raw := written(t, CSV); string(raw) != "\xef\xbb\xbf" {
		t.Errorf("csv: %q", raw)
	}
	if _, err := excelize.OpenReader(bytes.NewReader(written(t, XLSX))); err != nil {
		t.Error(err)
	}
	if _, ok := New("pdf", io.Discard, ""); ok {
		t.Error("a format that there is not")
	}
}

// TestMemoryDoesNotGrowWithTheTable writes 200,000 rows of twelve columns.
func TestMemoryDoesNotGrowWithTheTable(t *testing.T) {
	const rows, bound = 200_000, 48 << 20
	for _, format := range []string{CSV, XLSX} {
		var before, now runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		sheet, _ := New(format, io.Discard, "线索")
		line, highest := make([]Cell, 12), uint64(0)
		for i := range rows {
			for column := range line {
				line[column] = Cell{Text: "昆山精密机械有限公司" + strconv.Itoa(i*column)}
			}
			if err := sheet.Row(line); err != nil {
				t.Fatal(err)
			}
			if i%40_000 == 0 {
				runtime.GC()
				runtime.ReadMemStats(&now)
				highest = max(highest, now.HeapAlloc)
			}
		}
		if err := sheet.Close(); err != nil {
			t.Fatal(err)
		}
		if highest > before.HeapAlloc+bound {
			t.Errorf("%s holds %d MB", format, (highest-before.HeapAlloc)>>20)
		}
	}
}
