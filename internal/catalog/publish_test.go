package catalog

import (
	"slices"
	"strings"
	"testing"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
	"github.com/google/go-cmp/cmp"
)

// company is a small configuration to start each test from.
const company = `
document: object
id: t.lead
name: lead
label: {zh-CN: 线索}
title: company
owner: owner
fields:
  - {id: t.lead.company, name: company, label: {zh-CN: 公司}, type: text}
  - {id: t.lead.budget, name: budget, label: {zh-CN: 预算}, type: currency}
  - {id: t.lead.owner, name: owner, label: {zh-CN: 负责人}, type: person}
  - id: t.lead.source
    name: source
    label: {zh-CN: 来源}
    type: choice
    choices:
      - {id: t.lead.source.web, name: 官网}
      - {id: t.lead.source.expo, name: 展会}
---
document: view
id: t.view.web
name: lead.web
label: {zh-CN: 官网线索}
object: lead
filter: 来源=官网 AND 预算 > 100
columns: [company, budget]
`

type bench struct {
	*testing.T
	db    *sqldb.DB
	store *config.Store
	*Catalog
}

func each(t *testing.T, fn func(b bench)) {
	t.Helper()
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		store := config.New(db)
		c, err := New(db, store, nil)
		if err != nil {
			t.Fatal(err)
		}
		b := bench{t, db, store, c}
		b.apply(company)
		fn(b)
	})
}

func (b bench) parse(text string) []config.Document {
	b.Helper()
	documents, err := config.ParseYAML([]byte(text), "", "")
	if err != nil {
		b.Fatal(err)
	}
	return documents
}

func (b bench) apply(text string) int64 {
	b.Helper()
	version, err := b.Apply(b.Context(), b.parse(text), config.Note{})
	if err != nil {
		b.Fatal(err)
	}
	return version
}

// refused applies and gives "path code line:column" of each fault.
func (b bench) refused(text string) []string {
	b.Helper()
	before := b.Current().Version
	_, err := b.Apply(b.Context(), b.parse(text), config.Note{})
	if b.Current().Version != before {
		b.Error("a refused document was published")
	}
	return faults(b.T, err)
}

func faults(t *testing.T, err error) []string {
	t.Helper()
	problem, ok := fault.As(err)
	if !ok {
		t.Fatalf("no fault: %v", err)
	}
	var out []string
	for _, f := range problem.Fields {
		out = append(out, f.Path+" "+f.Code)
	}
	return out
}

func (b bench) object(name string) *schema.Object {
	b.Helper()
	o, ok := b.Current().Object(name)
	if !ok {
		b.Fatalf("no object %s", name)
	}
	return o
}

func (b bench) exec(sql string, args ...any) {
	b.Helper()
	err := b.db.Write(b.Context(), func(tx *sqldb.Tx) error { _, err := tx.Exec(sql, args...); return err })
	if err != nil {
		b.Fatal(err)
	}
}

func (b bench) insert(table, id, column, value string) {
	b.Helper()
	b.exec("INSERT INTO "+table+" (id, created_at, updated_at, revision, thread_seq, "+column+") VALUES ($1, 0, 0, 1, 1, $2)", id, value)
}

const leadWith = `
document: object
id: t.lead
name: lead
label: {zh-CN: 线索}
title: company
owner: owner
fields:
`

func TestAFieldIsAddedInTheTableAndKeepsItsColumnWhenRenamed(t *testing.T) {
	each(t, func(b bench) {
		lead := b.object("lead")
		company, _ := lead.Field("company")
		b.insert(lead.Table, "r1", company.Column, "恒锐")
		b.apply(strings.Replace(strings.Split(company0(), "---")[0], "name: company, label: {zh-CN: 公司}", "name: firm, label: {zh-CN: 单位}", 1))
		b.apply("document: field\nname: lead.budget2\nobject: lead\nlabel: {zh-CN: 追加预算}\ntype: number\nscale: 1\n")
		lead = b.object("lead")
		firm, ok := lead.Field("firm")
		if !ok || firm.Column != company.Column || firm.ID != company.ID {
			b.Fatalf("renamed: %+v", firm)
		}
		extra, ok := lead.Field("budget2")
		if !ok || extra.Scale != 1 {
			b.Fatalf("added: %+v", extra)
		}
		b.exec("UPDATE " + lead.Table + " SET " + extra.Column + " = 15 WHERE " + firm.Column + " = '恒锐'")
		view, _ := Compiled[*View](b.Current(), "view", "lead.web")
		if view.Columns[0] != "firm" {
			b.Errorf("the view still shows %v", view.Columns)
		}
	})
}

// company0 is the configuration with the title following the renamed field.
func company0() string { return strings.Replace(company, "title: company", "title: firm", 1) }

func TestExpressionsFollowRenames(t *testing.T) {
	each(t, func(b bench) {
		b.apply(strings.NewReplacer("zh-CN: 来源", "zh-CN: 渠道", "name: 官网}", "name: 网站}").Replace(strings.Split(company, "---")[0]))
		d, err := b.Current().Document("view", "lead.web")
		if err != nil {
			b.Fatal(err)
		}
		view, _ := Compiled[*View](b.Current(), "view", "lead.web")
		if want := `渠道="网站" AND 预算 > 100`; view.Filter != want || !strings.Contains(string(d.Body), "渠道") {
			b.Errorf("filter %q, want %q", view.Filter, want)
		}
	})
}

func TestWhatDoesNotCompileIsRefusedWithAllFaultsAtOnce(t *testing.T) {
	each(t, func(b bench) {
		got := b.refused(leadWith + `
  - {id: t.lead.company, name: company, type: text}
  - {id: t.lead.a, name: id, type: text}
  - {id: t.lead.b, name: colour, type: choice}
  - {id: t.lead.c, name: other, type: reference, object: nothing}
  - {id: t.lead.owner, name: owner, type: person}
`)
		want := []string{"fields.1.name reserved_name", "fields.2.choices required", "fields.3.object unknown_object",
			"view/lead.web.filter unknown_field"}
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			b.Error(diff)
		}
	})
}

func TestAnExpressionFaultPointsIntoTheFile(t *testing.T) {
	each(t, func(b bench) {
		_, err := b.Apply(b.Context(), b.parse(`document: view
name: lead.bad
label: {zh-CN: 坏}
object: lead
columns: [company]
filter: '来源=官网 AND 预算额 > 100'
`), config.Note{})
		problem, _ := fault.As(err)
		if problem == nil || len(problem.Fields) != 1 {
			b.Fatalf("%v", err)
		}
		f := problem.Fields[0]
		if f.Path != "filter" || f.Code != "unknown_field" || f.Line != 6 || f.Column != 20 {
			b.Errorf("%+v", f)
		}
	})
}

func TestAFieldInUseCannotBeDeleted(t *testing.T) {
	each(t, func(b bench) {
		got := b.refused(leadWith + "  - {id: t.lead.company, name: company, type: text}\n  - {id: t.lead.owner, name: owner, type: person}\n")
		if len(got) != 1 || !strings.HasPrefix(got[0], "view/lead.web.filter ") {
			b.Errorf("%v", got)
		}
	})
}

func TestTheTypeOfAFieldIsFixed(t *testing.T) {
	each(t, func(b bench) {
		got := b.refused(strings.Replace(strings.Split(company, "---")[0], "type: currency", "type: currency, scale: 4", 1))
		if diff := cmp.Diff([]string{"fields.budget.type type_is_fixed"}, got); diff != "" {
			b.Error(diff)
		}
		b.apply(strings.Replace(strings.Split(company, "---")[0], "type: text", "type: long_text", 1))
	})
}

func TestRollbackKeepsColumnsAndBringsThemBack(t *testing.T) {
	each(t, func(b bench) {
		with := b.apply("document: field\nid: t.lead.note\nname: lead.note\nobject: lead\ntype: text\n")
		note, _ := b.object("lead").Field("note")
		b.insert(b.object("lead").Table, "r1", note.Column, "留着")
		if _, err := b.Rollback(b.Context(), 1, config.Note{}); err != nil {
			b.Fatal(err)
		}
		if _, ok := b.object("lead").Field("note"); ok {
			b.Error("the field outlived the roll-back")
		}
		if _, err := b.Rollback(b.Context(), with, config.Note{}); err != nil {
			b.Fatal(err)
		}
		again, _ := b.object("lead").Field("note")
		if again == nil || again.Column != note.Column {
			b.Errorf("came back as %+v", again)
		}
		var kept string
		err := b.db.Read(b.Context(), func(tx *sqldb.Tx) error {
			return tx.QueryRow("SELECT " + again.Column + " FROM " + b.object("lead").Table).Scan(&kept)
		})
		if err != nil || kept != "留着" {
			b.Errorf("%q, %v", kept, err)
		}
		err = b.db.Read(b.Context(), func(tx *sqldb.Tx) error {
			versions, err := b.store.Versions(tx, 10)
			if len(versions) != 4 || versions[0].RestoredFrom != with || versions[1].RestoredFrom != 1 {
				b.Errorf("%+v", versions)
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	})
}

func TestAnInterruptedPublicationIsTakenUpAgain(t *testing.T) {
	each(t, func(b bench) {
		lead := b.object("lead")
		// As if the process had died after the tables changed: a column that no document knows.
		err := b.db.Alter(b.Context(), b.db.Statements([]schema.Change{{
			Kind: schema.AddColumn, Table: lead.Table, Columns: []schema.Column{{Name: "c_5", Storage: schema.Text}},
		}}))
		if err != nil {
			b.Fatal(err)
		}
		b.apply("document: field\nname: lead.note\nobject: lead\ntype: text\n")
		note, _ := b.object("lead").Field("note")
		if note.Column != "c_5" {
			b.Fatalf("the test expects the next column, got %s", note.Column)
		}
		b.insert(lead.Table, "r1", note.Column, "x")
	})
}

func TestUniqueIsRefusedWhileValuesRepeatAndEnforcedAfter(t *testing.T) {
	each(t, func(b bench) {
		lead := b.object("lead")
		field, _ := lead.Field("company")
		b.insert(lead.Table, "r1", field.Column, "甲")
		b.insert(lead.Table, "r2", field.Column, "甲")
		unique := strings.Replace(strings.Split(company, "---")[0], "type: text}", "type: text, unique: true}", 1)
		if got := b.refused(unique); len(got) != 1 || !strings.HasSuffix(got[0], "values_not_unique") {
			b.Errorf("%v", got)
		}
		b.exec("UPDATE "+lead.Table+" SET "+field.Column+" = $1 WHERE id = 'r2'", "乙")
		b.apply(unique)
		err := b.db.Write(b.Context(), func(tx *sqldb.Tx) error {
			_, err := tx.Exec("UPDATE "+lead.Table+" SET "+field.Column+" = $1 WHERE id = 'r2'", "甲")
			return err
		})
		if _, taken := sqldb.IsUnique(err); !taken {
			b.Errorf("%v", err)
		}
		b.apply(strings.Split(company, "---")[0])
		b.exec("UPDATE "+lead.Table+" SET "+field.Column+" = $1 WHERE id = 'r2'", "甲")
	})
}

func TestAnotherProcessSeesWhatWasPublished(t *testing.T) {
	each(t, func(b bench) {
		other, err := New(b.db, b.store, nil)
		if err != nil {
			b.Fatal(err)
		}
		heard := 0
		other.OnPublish(func(_, _ *Snapshot) { heard++ })
		if err := other.Load(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.apply("document: field\nname: lead.note\nobject: lead\ntype: text\n")
		for range 2 {
			if err := other.Refresh(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
		lead, _ := other.Current().Object("lead")
		if _, ok := lead.Field("note"); !ok || heard != 2 {
			b.Errorf("heard %d times", heard)
		}
		if _, err := other.Apply(b.Context(), b.parse("document: field\nname: lead.more\nobject: lead\ntype: text\n"), config.Note{}); err != nil {
			b.Fatal(err)
		}
	})
}

func TestRemovingWhatIsUsedIsRefusedAndWhatIsNotGoes(t *testing.T) {
	each(t, func(b bench) {
		if _, err := b.Remove(b.Context(), "object", "lead", config.Note{}); fault.KindOf(err) != fault.Invalid {
			b.Errorf("%v", err)
		}
		if _, err := b.Remove(b.Context(), "view", "lead.web", config.Note{}); err != nil {
			b.Error(err)
		}
		if _, err := b.Remove(b.Context(), "view", "lead.web", config.Note{}); fault.KindOf(err) != fault.NotFound {
			b.Errorf("%v", err)
		}
	})
}

func TestAnOlderVersionOfADocumentReadsWithTodaysNames(t *testing.T) {
	each(t, func(b bench) {
		view := strings.Split(company, "---")[1]
		b.apply(strings.Replace(view, "> 100", "> 200", 1))
		b.apply(strings.Replace(strings.Split(company, "---")[0], "zh-CN: 来源", "zh-CN: 渠道", 1))
		err := b.db.Read(b.Context(), func(tx *sqldb.Tx) error {
			d, err := b.DocumentAt(tx, "view", "lead.web", 1)
			if !strings.Contains(string(d.Body), `渠道=\"官网\" AND 预算 > 100`) {
				b.Errorf("%s", d.Body)
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	})
}
