package expr_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/schema"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// lead is a small object with a label that two fields share and one that is no plain word.
func lead() *schema.Object {
	label := func(zh, en string) schema.Label { return schema.Label{"zh-CN": zh, "en": en} }
	source := &schema.Field{ID: "crm.lead.source", Name: "source", Type: "choice", Label: label("来源", "Source"), Choices: []schema.Choice{
		{ID: "crm.lead.source.douyin", Name: "抖音", Label: label("抖音", "Douyin")},
		{ID: "crm.lead.source.website", Name: "官网", Label: label("官网", "Website")},
		{ID: "crm.lead.source.old", Name: "旧", Label: label("官网", "Old site")},
	}}
	return (&schema.Object{ID: "crm.lead", Name: "lead", Fields: []*schema.Field{
		source,
		{ID: "crm.lead.budget", Name: "budget", Type: "currency", Scale: 2, Label: label("预算", "Budget")},
		{ID: "crm.lead.score", Name: "score", Type: "number", Label: label("评分", "Score")},
		{ID: "crm.lead.name", Name: "contact_name", Type: "text", Label: label("联系人 [姓名]", "Contact name")},
		{ID: "crm.lead.region_a", Name: "region_a", Type: "text", Label: label("地区", "Region")},
		{ID: "crm.lead.region_b", Name: "region_b", Type: "text", Label: label("地区", "Region")},
		{ID: "crm.lead.tags", Name: "tags", Type: "tags", Label: label("标签", "Tags")},
		{ID: "crm.lead.due", Name: "due", Type: "datetime", Label: label("下次时间", "Next due")},
		{ID: "crm.lead.vip", Name: "vip", Type: "boolean", Label: label("in", "Key account")},
	}}).Seal()
}

func env() expr.Env { return expr.Env{Object: lead()} }

// TestErrors compares every message, with its caret, with testdata/errors.txt:
// an expression after "> ", then the whole message, then an empty line.
func TestErrors(t *testing.T) {
	content, err := os.ReadFile(filepath.Join("testdata", "errors.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, block := range strings.Split(strings.TrimSpace(string(content)), "\n\n") {
		source := strings.TrimPrefix(strings.SplitN(block, "\n", 2)[0], "> ")
		source = strings.ReplaceAll(source, `\n`, "\n")
		_, err := expr.Compile(source, env(), expr.Bool)
		var syntax *expr.SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%s: %v is no SyntaxError", source, err)
			continue
		}
		got.WriteString("> " + strings.ReplaceAll(source, "\n", `\n`) + "\n[" + syntax.Code + "] " + syntax.Error() + "\n\n")
	}
	if diff := cmp.Diff(strings.TrimSpace(string(content)), strings.TrimSpace(got.String())); diff != "" {
		if os.Getenv("CLEW_UPDATE") != "" {
			if err := os.WriteFile(filepath.Join("testdata", "errors.txt"), []byte(got.String()), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		t.Errorf("errors.txt (-want +got):\n%s", diff)
	}
}

// TestHiddenIsUnknown: a hidden field and one that never was give the same bytes.
func TestHiddenIsUnknown(t *testing.T) {
	visible := &schema.Object{ID: "crm.lead", Name: "lead"}
	for _, f := range lead().Fields {
		if f.Name != "budget" {
			visible.Fields = append(visible.Fields, f)
		}
	}
	message := func(object *schema.Object, name string) string {
		_, err := expr.Compile(name+" > 1 AND "+name+" < 3", expr.Env{Object: object}, expr.Bool)
		if err == nil {
			t.Fatalf("%s compiles", name)
		}
		return err.Error()
	}
	without := &schema.Object{ID: "crm.lead", Name: "lead", Fields: visible.Fields}
	for _, name := range []string{"budget", "预算", "[Budget]"} {
		if got, want := message(visible.Seal(), name), message(without.Seal(), name); got != want {
			t.Errorf("%s: hidden %q, unknown %q", name, got, want)
		}
	}
	hidden := message(visible, "source = budget OR budget")
	if strings.Contains(hidden, "currency") {
		t.Errorf("the message tells the type: %s", hidden)
	}
}

func TestStoredForm(t *testing.T) {
	for _, c := range []struct{ source, stored, zh, en string }{
		{`来源=抖音`, `{{crm.lead.source}}={{crm.lead.source#crm.lead.source.douyin}}`, `来源="抖音"`, `Source="Douyin"`},
		{`source IN ( Douyin , "旧" )`, `{{crm.lead.source}} IN ( {{crm.lead.source#crm.lead.source.douyin}} , {{crm.lead.source#crm.lead.source.old}} )`,
			`来源 IN ( "抖音" , "旧" )`, `Source IN ( "Douyin" , "Old site" )`},
		{`ISBLANK([Contact name])`, `ISBLANK({{crm.lead.name}})`, `ISBLANK([联系人 [姓名]]])`, `ISBLANK([Contact name])`},
		{`region_a=region_b`, `{{crm.lead.region_a}}={{crm.lead.region_b}}`, `region_a=region_b`, `region_a=region_b`},
		{`CONTAINS(标签, "{{crm.lead.source}}")`, `CONTAINS({{crm.lead.tags}}, "{{crm.lead.source}}")`, `CONTAINS(标签, "{{crm.lead.source}}")`, `CONTAINS(Tags, "{{crm.lead.source}}")`},
		{`[评分]>1AND vip`, ``, ``, ``},
		{`1<[评分]AND vip`, `1<{{crm.lead.score}}AND {{crm.lead.vip}}`, `1<[评分]AND [in]`, `1<[Score]AND [Key account]`},
		{`创建时间 > "2026-01-01"`, `{{created_at}} > "2026-01-01"`, `创建时间 > "2026-01-01"`, `Created > "2026-01-01"`},
	} {
		p, err := expr.Compile(c.source, env(), expr.Bool)
		if c.stored == "" {
			if err == nil {
				t.Errorf("%s compiles", c.source)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.source, err)
			continue
		}
		again, err := expr.FromStored(p.Stored(), env(), expr.Bool)
		if err != nil {
			t.Errorf("%s: %v", p.Stored(), err)
			continue
		}
		got := []string{p.Stored(), p.Text("zh-CN"), p.Text("en"), again.Stored(), again.Text("en")}
		if diff := cmp.Diff([]string{c.stored, c.zh, c.en, c.stored, c.en}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.source, diff)
		}
	}
}

// TestStoredIsRefusedFromPeople: {{…}} is no syntax of the language.
func TestStoredIsRefusedFromPeople(t *testing.T) {
	if _, err := expr.Compile(`{{crm.lead.vip}}`, env(), expr.Bool); err == nil {
		t.Error("the stored form compiles as a text")
	}
}

// TestRenames: the stored form outlives new names of fields and choices.
func TestRenames(t *testing.T) {
	p, err := expr.Compile(`来源=抖音 AND 预算>1`, env(), expr.Bool)
	if err != nil {
		t.Fatal(err)
	}
	renamed := lead()
	renamed.Fields[0].Name, renamed.Fields[0].Label = "origin", schema.Label{"zh-CN": "渠道"}
	renamed.Fields[0].Choices[0].Name, renamed.Fields[0].Choices[0].Label = "TikTok 中国", nil
	again, err := expr.FromStored(p.Stored(), expr.Env{Object: renamed.Seal()}, expr.Bool)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := again.Text("zh-CN"), `渠道="TikTok 中国" AND 预算>1`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if diff := cmp.Diff([]string{"crm.lead.source", "crm.lead.budget"}, again.Fields()); diff != "" {
		t.Error(diff)
	}
}

// TestRoundTrip: text → stored → text → stored comes back, whatever the labels.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringOfN(rapid.RuneFrom([]rune("ab来源 ]\"AND且_1(")), 1, 6, -1)
		o := &schema.Object{}
		for i, id := range []string{"f.a", "f.b", "f.c"} {
			o.Fields = append(o.Fields, &schema.Field{
				ID: id, Name: []string{"fa", "fb", "and"}[i], Type: "choice",
				Label:   schema.Label{"zh-CN": name.Draw(t, "zh"), "en": name.Draw(t, "en")},
				Choices: []schema.Choice{{ID: id + ".x", Name: "x", Label: schema.Label{"zh-CN": name.Draw(t, "choice")}}, {ID: id + ".y", Name: "y"}},
			})
		}
		e := expr.Env{Object: o.Seal()}
		p, err := expr.Compile(`fa=x AND [fb] IN (x, y) AND NOT [and]=y`, e, expr.Bool)
		if err != nil {
			t.Fatal(err)
		}
		text := p.Text(rapid.SampledFrom([]string{"zh-CN", "en", "fr"}).Draw(t, "language"))
		again, err := expr.Compile(text, e, expr.Bool)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if again.Stored() != p.Stored() {
			t.Fatalf("%s:\n%s\n%s", text, p.Stored(), again.Stored())
		}
	})
}

func TestLimits(t *testing.T) {
	for name, source := range map[string]string{
		"bytes":  strings.Repeat(" ", 9000) + "TRUE",
		"depth":  strings.Repeat("(", 100) + "1" + strings.Repeat(")", 100),
		"nots":   strings.Repeat("NOT ", 2000) + "TRUE",
		"signs":  strings.Repeat("-", 4000) + "1=1",
		"parts":  "1 IN (" + strings.Repeat("1,", 2100) + "1)",
		"chain":  "1" + strings.Repeat("+1", 900) + "=1",
		"digits": strings.Repeat("9", 40) + "=1",
	} {
		if _, err := expr.Compile(source, env(), expr.Bool); err == nil {
			t.Errorf("%s: compiles", name)
		}
	}
	long := "vip" + strings.Repeat(" OR vip", 900)
	if _, err := expr.Compile(long, env(), expr.Bool); err != nil {
		t.Errorf("a long chain of OR: %v", err)
	}
}

func TestOverflowIsAnError(t *testing.T) {
	nine := strings.Repeat("9", 30)
	p, err := expr.Compile(nine+"*"+nine+"*"+nine+"*"+nine, env(), expr.Number)
	if err != nil {
		t.Fatal(err)
	}
	var overflow *expr.EvalError
	if _, err := p.Eval(expr.Input{}); !errors.As(err, &overflow) || overflow.Code != "overflow" {
		t.Errorf("got %v", err)
	}
}

func TestWantedType(t *testing.T) {
	for source, want := range map[string]expr.Type{
		"预算": expr.Number, "预算+1": expr.Money, "BLANK()": expr.Bool, `"2026-01-31"`: expr.Date, "TODAY()": expr.Date, "ME()": expr.Person,
	} {
		if _, err := expr.Compile(source, env(), want); err != nil {
			t.Errorf("%s as %s: %v", source, want, err)
		}
	}
	if _, err := expr.Compile("预算", env(), expr.Text); err == nil {
		t.Error("a currency is no text")
	}
}

// FuzzCompile: no text makes the compiler fail other than by a SyntaxError in the source,
// and what compiles comes back from its stored form.
func FuzzCompile(f *testing.F) {
	content, err := os.ReadFile(filepath.Join("testdata", "scenarios.txt"))
	if err != nil {
		f.Fatal(err)
	}
	for _, line := range strings.Split(string(content), "\n") {
		if source, _, ok := strings.Cut(line, " => "); ok {
			f.Add(source)
		}
	}
	f.Fuzz(func(t *testing.T, source string) {
		p, err := expr.Compile(source, env(), expr.Unknown)
		if err != nil {
			var syntax *expr.SyntaxError
			if !errors.As(err, &syntax) || syntax.Line < 1 || syntax.Column < 1 {
				t.Fatalf("%q: %v", source, err)
			}
			return
		}
		again, err := expr.FromStored(p.Stored(), env(), expr.Unknown)
		if err != nil {
			t.Fatalf("%q → %q: %v", source, p.Stored(), err)
		}
		if again.Stored() != p.Stored() {
			t.Fatalf("%q → %q → %q", source, p.Stored(), again.Stored())
		}
		if _, err := p.Eval(expr.Input{}); err != nil {
			var eval *expr.EvalError
			if !errors.As(err, &eval) {
				t.Fatal(err)
			}
		}
	})
}
