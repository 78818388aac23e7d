package api

import (
	"strings"
	"time"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/transfer"
	"github.com/cockroachdb/apd/v3"
)

// exportColumn is one column of an exported file.
type exportColumn struct {
	name  string // API name; a money field's two columns have the same
	label string
	cell  func(row query.Row, labels map[string]string) transfer.Cell
}

// exportColumns are the columns for the names asked for, all visible fields when there are none.
func (c *Call) exportColumns(visible *schema.Object, names []string) ([]exportColumn, error) {
	if len(names) == 0 {
		for _, f := range visible.Fields {
			names = append(names, f.Name)
		}
		names = append(names, "created_at")
	}
	var columns []exportColumn
	for _, name := range names {
		f, ok := visible.Field(name)
		switch {
		case ok:
			columns = append(columns, c.fieldColumns(f)...)
		case name == "id":
			columns = append(columns, exportColumn{name, "ID", func(row query.Row, _ map[string]string) transfer.Cell {
				return transfer.Cell{Text: row.ID}
			}})
		case name == "created_at", name == "updated_at":
			columns = append(columns, c.timeColumn(name))
		default:
			return nil, fault.New(fault.Malformed, "unknown_field", fault.Field{Path: "fields", Code: "unknown_field", Params: map[string]any{"name": name}})
		}
	}
	return columns, nil
}

func (c *Call) word(code string) string { return c.server.messages.text(c.Language, code, nil) }

func (c *Call) timeColumn(name string) exportColumn {
	zone := c.exportZone()
	return exportColumn{name, c.word("export_" + name), func(row query.Row, _ map[string]string) transfer.Cell {
		at := row.CreatedAt
		if name == "updated_at" {
			at = row.UpdatedAt
		}
		return transfer.Cell{Text: at.In(zone).Format(exportTime)}
	}}
}

// exportTime is how a moment is written: as spreadsheets read it in any language.
const exportTime = "2006-01-02 15:04:05"

// fieldColumns are a field's columns: money has one for its currency.
func (c *Call) fieldColumns(f *schema.Field) []exportColumn {
	label := c.Label(f.Label)
	if label == "" {
		label = f.Name
	}
	if f.Type != "currency" {
		return []exportColumn{{f.Name, label, func(row query.Row, labels map[string]string) transfer.Cell {
			return c.exportCell(f, row.Values[f.ID], labels)
		}}}
	}
	amount := func(row query.Row, _ map[string]string) transfer.Cell {
		if m, ok := row.Values[f.ID].(schema.Money); ok {
			return transfer.Cell{Text: schema.FormatDecimal(m.Amount, f.Scale), Number: true}
		}
		return transfer.Cell{}
	}
	unit := func(row query.Row, _ map[string]string) transfer.Cell {
		m, _ := row.Values[f.ID].(schema.Money)
		return transfer.Cell{Text: m.Currency}
	}
	return []exportColumn{{f.Name, label, amount}, {f.Name, label + c.word("export_currency"), unit}}
}

// exportCell is a value as a person reads it in a spreadsheet.
func (c *Call) exportCell(f *schema.Field, value any, labels map[string]string) transfer.Cell {
	text, _ := value.(string)
	switch {
	case value == nil:
		return transfer.Cell{}
	case f.Type == "person":
		u, _ := c.Directory.User(text)
		return transfer.Cell{Text: u.Name}
	case f.Type == "reference":
		return transfer.Cell{Text: labels[text]}
	case f.Type == "choice", f.Type == "choices", f.Type == "tags":
		return transfer.Cell{Text: strings.Join(c.choiceLabels(f, value), c.word("export_and"))}
	case f.Type == "datetime":
		at, _ := value.(time.Time)
		return transfer.Cell{Text: at.In(c.exportZone()).Format(exportTime)}
	case f.Type == "boolean":
		if value == true {
			return transfer.Cell{Text: c.word("export_yes")}
		}
		return transfer.Cell{Text: c.word("export_no")}
	}
	if d, ok := value.(*apd.Decimal); ok {
		return transfer.Cell{Text: schema.FormatDecimal(d, f.Scale), Number: true}
	}
	encoded, _ := f.Encode(value).(string)
	return transfer.Cell{Text: encoded}
}

func (c *Call) choiceLabels(f *schema.Field, value any) []string {
	ids, ok := value.([]string)
	if text, one := value.(string); one {
		ids, ok = []string{text}, true
	}
	labels := make([]string, 0, len(ids))
	for _, id := range ids {
		if choice, known := f.Choice(id); known && ok {
			id = c.Label(choice.Label)
		}
		labels = append(labels, id)
	}
	return labels
}

func namesOf(columns []exportColumn) []string {
	var names []string
	for i, column := range columns {
		if i == 0 || columns[i-1].name != column.name {
			names = append(names, column.name)
		}
	}
	return names
}
