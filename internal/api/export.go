package api

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/audit"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/transfer"
)

func (s *Server) exportRoutes() []Route {
	const path = Prefix + "/records/{object}/export"
	return []Route{
		{
			Method: http.MethodGet, Path: path, Tag: "records", Summary: "The list as a CSV or XLSX file.", Policy: Needs(access.RecordsExport), Handle: s.exportList,
			Query: []Parameter{{"format", "csv or xlsx"}, {"filter", "expression"}, {"sort", "-created_at,name"}, {"fields", "API names, in the order of the columns"}},
		},
		{
			Method: http.MethodPost, Path: path, Tag: "records", Summary: "Chosen records as a CSV or XLSX file.", Policy: Needs(access.RecordsExport), In: ExportWish{}, Anew: true, Handle: s.exportChosen,
		},
	}
}

// ExportWish names records to take away one by one.
type ExportWish struct {
	Format string   `json:"format"`
	Sort   string   `json:"sort,omitempty"`
	Fields []string `json:"fields,omitempty"`
	IDs    []string `json:"ids"`
}

// exportLimit is the most records that can be named one by one.
const exportLimit = 5000

func (s *Server) exportList(c *Call) error {
	l, err := s.listing(c)
	if err != nil {
		return err
	}
	l.After, l.Count, l.Deleted = nil, false, false
	return s.export(c, c.Query("format"), l, nil)
}

func (s *Server) exportChosen(c *Call) error {
	var wish ExportWish
	if err := c.Decode(&wish); err != nil {
		return err
	}
	if len(wish.IDs) > exportLimit {
		return fault.New(fault.Malformed, "too_many_items", fault.Field{Path: "ids", Code: "too_many"}).With("max", exportLimit)
	}
	in := query.In{System: "id"}
	for _, id := range wish.IDs {
		in.Values = append(in.Values, id)
	}
	return s.export(c, wish.Format, record.Listing{Object: c.Param("object"), Sort: wish.Sort, Fields: eachOnce(wish.Fields), Also: in}, wish.IDs)
}

// export writes the file page by page: each page is a short read of its own,
// with the rights that the caller has by then.
func (s *Server) export(c *Call, format string, l record.Listing, ids []string) error {
	_, visible, err := s.seen(c, access.Read)
	if err != nil {
		return err
	}
	columns, err := c.exportColumns(visible, l.Fields)
	if err != nil {
		return err
	}
	if l.Fields = namesOf(columns); len(l.Fields) == 0 {
		l.Fields = []string{"id"}
	}
	l.Limit = record.MaxLimit
	file := &exportFile{server: s, call: c, columns: columns, listing: l}
	if err := file.begin(format, visible, ids); err != nil {
		return err
	}
	if c.R.Method == http.MethodHead {
		return nil // only asked whether it can be had
	}
	if err := file.note(c.R.Context(), "export.started"); err != nil {
		return err
	}
	err = file.write()
	file.log(err)
	if err != nil && file.out.begun {
		s.Log.Error("an export broke off", "request", c.RequestID, "error", err)
		panic(http.ErrAbortHandler) // the client must not take half a file for a whole one
	}
	return err
}

// exportFile is one file on its way.
type exportFile struct {
	server   *Server
	call     *Call
	columns  []exportColumn
	listing  record.Listing
	sheet    transfer.Sheet
	out      *begunWriter
	question map[string]any
	rows     int64
}

// begunWriter knows whether anything was written.
type begunWriter struct {
	http.ResponseWriter
	begun bool
}

// Write passes on.
func (w *begunWriter) Write(p []byte) (int, error) {
	w.begun = true
	return w.ResponseWriter.Write(p)
}

// begin reads a first record, so that a wrong question is answered as such, and begins the file.
func (f *exportFile) begin(format string, visible *schema.Object, ids []string) error {
	c := f.call
	f.out = &begunWriter{ResponseWriter: c.W}
	sheet, ok := transfer.New(format, f.out, c.Label(visible.Plural))
	if !ok {
		return fault.New(fault.Malformed, "unknown_format", fault.Field{Path: "format", Code: "unknown_choice"})
	}
	f.sheet = sheet
	f.question = map[string]any{
		"format": format, "filter": f.listing.Filter, "sort": f.listing.Sort, "fields": f.listing.Fields, "ids": len(ids),
	}
	err := f.server.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		first := f.listing
		first.Limit = 1
		_, err := f.server.reader(c, tx).List(first)
		return err
	})
	if err != nil {
		return err
	}
	name := c.Label(visible.Plural) + "." + format
	h := c.W.Header()
	h.Set("Content-Type", transfer.MediaType(format))
	h.Set("Content-Disposition", `attachment; filename="`+visible.Name+"."+format+`"; filename*=UTF-8''`+url.PathEscape(name))
	return nil
}

// write writes the head and every page.
func (f *exportFile) write() error {
	head := make([]transfer.Cell, 0, len(f.columns))
	for _, column := range f.columns {
		head = append(head, transfer.Cell{Text: column.label})
	}
	if err := f.sheet.Row(head); err != nil {
		return err
	}
	for {
		more, err := f.page()
		if err != nil {
			return err
		}
		if !more {
			return f.sheet.Close()
		}
	}
}

// page reads and writes the next page.
func (f *exportFile) page() (more bool, err error) {
	c := f.call
	if err := c.R.Context().Err(); err != nil {
		return false, err
	}
	if f.rows > 0 { // rights may have changed since the page before
		c.Snapshot = f.server.Snapshot()
		c.grant()
		if !c.Grants.Has(access.RecordsExport) {
			return false, fault.New(fault.Forbidden, "forbidden")
		}
	}
	var page record.Page
	var labels map[string]string
	err = f.server.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		r := f.server.reader(c, tx)
		if page, err = r.List(f.listing); err != nil {
			return err
		}
		labels, err = f.server.referenceLabels(r, page.Fields, page.Rows)
		return err
	})
	if err != nil {
		return false, err
	}
	for _, row := range page.Rows {
		cells := make([]transfer.Cell, 0, len(f.columns))
		for _, column := range f.columns {
			cells = append(cells, column.cell(row, labels))
		}
		if err := f.sheet.Row(cells); err != nil {
			return false, err
		}
	}
	f.rows += int64(len(page.Rows))
	f.listing.After = page.Next
	return page.Next != nil, nil
}

// log notes how it ended; a client that left does not keep it from being noted.
func (f *exportFile) log(failure error) {
	kind := "export.made"
	if failure != nil {
		kind = "export.failed"
	}
	f.question["records"] = f.rows
	if err := f.note(context.WithoutCancel(f.call.R.Context()), kind); err != nil {
		f.server.Log.Error("the end of an export was not noted", "request", f.call.RequestID, "error", err)
	}
}

// note writes into the audit who takes what.
func (f *exportFile) note(ctx context.Context, kind string) error {
	return f.server.DB.Write(ctx, func(tx *sqldb.Tx) error {
		return audit.Write(tx, audit.Entry{Kind: kind, Target: audit.Target{Kind: "object", ID: f.listing.Object}, Params: f.question})
	})
}

// exportZone is the caller's zone for dates and times.
func (c *Call) exportZone() *time.Location { return c.zone(c.companyZone()) }
