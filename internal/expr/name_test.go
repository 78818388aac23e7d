package expr_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/schema"
	"pgregory.net/rapid"
)

// wording is an object whose field "f" is called what a test likes, with a choice
// called what a test likes.
func wording(label, choice string) expr.Env {
	f := &schema.Field{ID: "t.f", Name: "f", Type: "choice", Label: schema.Label{"zh-CN": label}, Choices: []schema.Choice{
		{ID: "t.f.a", Name: "a", Label: schema.Label{"zh-CN": choice}}, {ID: "t.f.b", Name: "b", Label: schema.Label{"en": "B"}},
	}}
	return expr.Env{Object: (&schema.Object{ID: "t.o", Name: "o", Fields: []*schema.Field{f}}).Seal()}
}

// TestWordsOfEveryScript: a label that people type on any keyboard, with any
// signs in it, is written so that it reads back as the same field and choice.
func TestWordsOfEveryScript(t *testing.T) {
	for _, word := range []string{
		"来源", "Lead source", "naïve", "Ｆｕｌｌ", "الحالة", "สถานะ", "źródło", "ποιο", "a]b", "]]", "[x]", "x[", `5" 管`, "5＂ 管", "“引号”", "it's", "A&B", "100%", "a=b", "a,b",
		"AND", "且", "或者", "NOT", "TRUE", "in", "1号", "第１组", "a\tb", "{{t.f}}", "t.f", "e\u0301", "é", "㈱恒锐", "😀", "a　b", "－1", "＝", "／", "half（a）", "x_y", "_", "ISBLANK", "f2", "B.",
	} {
		e := wording(word, word)
		p, err := expr.Compile("f=a", e, expr.Bool)
		if err != nil {
			t.Fatal(err)
		}
		for _, language := range []string{"zh-CN", "en", "fr", ""} {
			text := p.Text(language)
			again, err := expr.Compile(text, e, expr.Bool)
			if err != nil {
				t.Errorf("%q is written %s, which is refused: %v", word, text, err)
				continue
			}
			if again.Stored() != p.Stored() {
				t.Errorf("%q is written %s, which means %s", word, text, again.Stored())
			}
		}
	}
}

// TestAnyLabelReadsBack draws labels of fields and choices, also such as a paste brings.
func TestAnyLabelReadsBack(t *testing.T) {
	signs := []rune("ab来源１ ]［］[\"＂'“”「」\\/|=<>＝(){},.;:!？&#@%+-*－×　\t\u00a0\u0301é😀ﬁ½²٣_")
	rapid.Check(t, func(t *rapid.T) {
		label := rapid.StringOfN(rapid.RuneFrom(signs), 1, 8, -1).Draw(t, "label")
		choice := rapid.StringOfN(rapid.RuneFrom(signs), 1, 8, -1).Draw(t, "choice")
		e := wording(label, choice)
		for _, source := range []string{"f=a", "f IN (a, b) AND NOT ISBLANK(f)", "NOT f=b OR f=a"} {
			p, err := expr.Compile(source, e, expr.Bool)
			if err != nil {
				return // the label is the other choice's name
			}
			again, err := expr.Compile(p.Text("zh-CN"), e, expr.Bool)
			if err != nil {
				t.Fatalf("%s with %q and %q is written %s: %v", source, label, choice, p.Text("zh-CN"), err)
			}
			if again.Stored() != p.Stored() {
				t.Fatalf("%s is written %s, which means %s", source, p.Text("zh-CN"), again.Stored())
			}
		}
	})
}

// TestWhatANameMeans: an API name before a label, a field before a system column,
// an id of a choice before a name, a name before a label; two of one rank are refused.
func TestWhatANameMeans(t *testing.T) {
	field := func(id, name, zh, en string) *schema.Field {
		return &schema.Field{ID: id, Name: name, Type: "choice", Label: schema.Label{"zh-CN": zh, "en": en}, Choices: []schema.Choice{
			{ID: id + ".1", Name: "one", Label: schema.Label{"zh-CN": "一", "en": "two"}},
			{ID: id + ".2", Name: "two", Label: schema.Label{"zh-CN": "二", "en": "Both"}},
			{ID: id + ".3", Name: "three", Label: schema.Label{"zh-CN": id + ".1", "en": "Both"}},
		}}
	}
	e := expr.Env{Object: (&schema.Object{Fields: []*schema.Field{
		field("x.status", "status", "状态", "stage"), field("x.stage", "stage", "阶段", "Status"), field("x.made", "made", "创建时间", "Made"),
		field("x.created_by", "created_by", "谁", "Who"), field("x.a", "a", "同名", "A"), field("x.b", "b", "同名", "B"),
	}}).Seal()}
	for _, c := range []struct{ source, want string }{
		{"stage=one", "{{x.stage}}={{x.stage#x.stage.1}}"},                     // the API name, though it is the other's label
		{"Status=one", "{{x.stage}}={{x.stage#x.stage.1}}"},                    // names are told apart by their letters
		{"status=one", "{{x.status}}={{x.status#x.status.1}}"},                 //
		{"状态=two", "{{x.status}}={{x.status#x.status.2}}"},                     // a choice's name, though it is the first's label
		{"状态=一", "{{x.status}}={{x.status#x.status.1}}"},                       //
		{`状态="x.status.1"`, "{{x.status}}={{x.status#x.status.1}}"},            // an id, though it is the third's label
		{"状态=Both", "ambiguous_choice"},                                        //
		{"创建时间=one", "{{x.made}}={{x.made#x.made.1}}"},                         // a field's label before a system column's
		{"created_by=one", "{{x.created_by}}={{x.created_by#x.created_by.1}}"}, // an API name of the builder's own
		{"同名=one", "ambiguous_field"}, {"A=one", "{{x.a}}={{x.a#x.a.1}}"},
		{"STATUS=one", "unknown_field"}, {"状态=ONE", "unknown_choice"}, {"状态=One", "unknown_choice"},
	} {
		p, err := expr.Compile(c.source, e, expr.Bool)
		var syntax *expr.SyntaxError
		got := ""
		if errors.As(err, &syntax) {
			got = syntax.Code
		} else if err == nil {
			got = p.Stored()
		}
		if got != c.want {
			t.Errorf("%s means %s, want %s", c.source, got, c.want)
		}
	}
}

// TestWhatMayHaveBeenMeant: a slip of the finger is answered with the right word,
// nonsense with none.
func TestWhatMayHaveBeenMeant(t *testing.T) {
	for _, c := range []struct{ source, suggestion string }{
		{"scorre > 1", "score"}, {"scroe > 1", "score"}, {"socre > 1", "score"}, {"分评 > 1", "评分"}, {"udget > 1", "budget"}, {"bugdet > 1", "budget"}, {"erocs > 1", ""}, {"Score1 > 1", "score"}, {"评份 > 1", "评分"}, {"contactname = 'x'", "contact_name"}, {"[Contact nam] = 'x'", "[Contact name]"}, {"BUDGET > 1", "budget"}, {"预 算 > 1", ""},
		{"created = NOW()", "Created"}, {"created_att = NOW()", "created_at"}, {"zzzzzzzz > 1", ""}, {"完全不同的东西 > 1", ""}, {"xy > 1", ""}, {"vp OR vip", "vip"},
		{"来源=抖因", "抖音"}, {"来源=douyin", "Douyin"}, {"来源=Duoyin", "Douyin"}, {"来源='zzzzzz'", "抖音, 官网, 旧"}, {"来源='ol site'", "Old site"},
		{"ISBLANC(vip)", "ISBLANK"}, {"TODY()=due", "TODAY"}, {"TODYA()=due", "TODAY"}, {"MEE()=created_by", "ME"}, {"DATEAD(due,1,'day')=due", "DATEADD"}, {"XYZZY(1)=1", ""}, {"ROUNDDWN(1)=1", "ROUNDDOWN"}, {"CONTAIN(tags,'a')", "CONTAINS"},
	} {
		_, err := expr.Compile(c.source, env(), expr.Bool)
		var syntax *expr.SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%s compiles", c.source)
			continue
		}
		if syntax.Suggestion != c.suggestion {
			t.Errorf("%s: meant may be %q, want %q", c.source, syntax.Suggestion, c.suggestion)
		}
		if hinted := strings.Contains(syntax.Error(), "did you mean"); hinted != (c.suggestion != "") {
			t.Errorf("%s: %s", c.source, syntax.Error())
		}
		entry := expr.FieldOf(syntax, "where[2].when")
		if entry.Path != "where[2].when" || entry.Code != syntax.Code || entry.Line != 1 || entry.Column != syntax.Column || entry.Params["name"] != any(syntax.Name) && syntax.Name != "" {
			t.Errorf("%s as a fault: %+v", c.source, entry)
		}
	}
}

// TestRetiredChoices: one that is not offered any more can still be asked for, but
// is not suggested.
func TestRetiredChoices(t *testing.T) {
	o := lead()
	o.Fields[0].Choices[1].Retired = true
	e := expr.Env{Object: o.Seal()}
	if _, err := expr.Compile("来源=Website", e, expr.Bool); err != nil {
		t.Errorf("an old record's choice cannot be asked for: %v", err)
	}
	_, err := expr.Compile("来源=火星人来了", e, expr.Bool)
	var syntax *expr.SyntaxError
	if !errors.As(err, &syntax) || syntax.Suggestion != "抖音, 旧" {
		t.Errorf("suggested: %v", err)
	}
}

// TestFieldsThatAreRead: each once, in the order of first use, whatever the spelling;
// they are what a rights check asks about.
func TestFieldsThatAreRead(t *testing.T) {
	for _, c := range []struct {
		source string
		fields []string
	}{
		{"TRUE", nil}, {"NOW() > TODAY()", nil},
		{"vip", []string{"crm.lead.vip"}},
		{"score > 1 AND Score < 9 OR 评分 = 5", []string{"crm.lead.score"}},
		{"7 < score AND NOT vip", []string{"crm.lead.score", "crm.lead.vip"}},
		{"抖音 = 来源", []string{"crm.lead.source"}},
		{"CURRENCY(预算) = 'CNY'", []string{"crm.lead.budget"}},
		{"IF(vip, budget, score) > 1", []string{"crm.lead.vip", "crm.lead.budget", "crm.lead.score"}},
		{"ISBLANK(due) OR created_at < due", []string{"crm.lead.due", "created_at"}},
		{"score IN (budget, 1) AND CONTAINS(tags, contact_name)", []string{"crm.lead.score", "crm.lead.budget", "crm.lead.tags", "crm.lead.name"}},
		{"DATEADD(due, score, 'day') > DATE(score, 1, 1)", []string{"crm.lead.due", "crm.lead.score"}},
		{"MIN(budget, MAX(score, 1)) = 1 AND created_by = ME()", []string{"crm.lead.budget", "crm.lead.score", "created_by"}},
	} {
		p, err := expr.Compile(c.source, env(), expr.Bool)
		if err != nil {
			t.Errorf("%s: %v", c.source, err)
			continue
		}
		if got := p.Fields(); !slices.Equal(got, c.fields) {
			t.Errorf("%s reads %v, want %v", c.source, got, c.fields)
		}
		again, err := expr.FromStored(p.Stored(), env(), expr.Bool)
		if err != nil || !slices.Equal(again.Fields(), c.fields) {
			t.Errorf("%s stored reads %v, %v", c.source, again.Fields(), err)
		}
	}
}
