package bundle

import (
	"encoding/json"
	"testing"
	"time"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/conversion"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/intake"
	"clew.dev/clew/internal/metric"
	"clew.dev/clew/internal/reaction"
	"clew.dev/clew/internal/score"
	"github.com/google/go-cmp/cmp"
)

// installed is the CRM template compiled by every engine.
func installed(t *testing.T) *catalog.Snapshot {
	t.Helper()
	return catalogued(t).Current()
}

// compilers are those of every engine, as the server names them.
func compilers() map[string]catalog.Compiler {
	return map[string]catalog.Compiler{
		"scorecard": reaction.CompileScorecard, "routing-table": reaction.CompileRoutingTable,
		"lexicon": reaction.CompileLexicon, "clock": reaction.CompileClock, "channel": intake.Compile,
		"conversion": conversion.Compile, "cycle": metric.CompileCycle,
		"role": func(s *catalog.Snapshot, d config.Document) (any, error) {
			return access.Compile(d.Name, d.Body, s.Objects, s.Env)
		},
	}
}

// mapped sends a body through a channel and gives the values by API name, as JSON carries them.
func mapped(t *testing.T, s *catalog.Snapshot, channel string, body any) (map[string]any, intake.Mapped) {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	c, ok := catalog.Compiled[*intake.Channel](s, "channel", channel)
	if !ok {
		t.Fatalf("no channel %s", channel)
	}
	m, err := c.Map(raw, s.Input(false))
	if err != nil {
		t.Fatal(err)
	}
	return named(s, m.Values), m
}

func named(s *catalog.Snapshot, values map[string]any) map[string]any {
	lead, _ := s.Object("lead")
	out := map[string]any{}
	for _, f := range lead.Fields {
		if v, ok := values[f.ID]; ok {
			out[f.Name] = f.Encode(v)
		}
	}
	return out
}

func clue(t *testing.T, fields map[string]any) map[string]any {
	t.Helper()
	data, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]any{"message_id": "m1", "service_label": "clue", "data": string(data), "timestamp": 1}
}

func TestADouyinClueBecomesALead(t *testing.T) {
	s := installed(t)
	got, m := mapped(t, s, "douyin", clue(t, map[string]any{
		"clue_id": "7300000000000000001", "name": "王强", "telephone": "139 0000 7777", "weixin": "wq-1", "province_name": "江苏省",
		"city_name": "常州市", "remark": "急需液压阀样品", "create_time_detail": "2026-01-06 09:58:12",
		"remark_dict": map[string]any{"意向机型": "比例阀 X200", "公司名称": "恒锐智能", "预算": "30-50万", "行业": "汽车", "职位": "采购总监"},
	}))
	want := map[string]any{
		"company": "恒锐智能", "contact": "王强", "title": "采购总监", "phone": "+8613900007777", "wechat": "wq-1", "source": "抖音",
		"industry": "汽车零部件", "region": "华东", "city": "常州市", "product": "比例阀 X200", "message": "急需液压阀样品",
		"budget": map[string]any{"amount": "300000.00", "currency": "CNY"}, "external_id": "7300000000000000001",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	at := time.Date(2026, 1, 6, 1, 58, 12, 0, time.UTC)
	if m.DeliveryKey != "m1" || m.RecordKey != "7300000000000000001" || m.SourceAt == nil || !m.SourceAt.Equal(at) {
		t.Errorf("%+v", m)
	}
}

func TestAClueWithWhatNobodyForesawIsStillALead(t *testing.T) {
	s := installed(t)
	got, m := mapped(t, s, "douyin", clue(t, map[string]any{
		"clue_id": "1", "telephone": "微信同号", "province_name": "火星", "remark_dict": map[string]any{"行业": "占星", "预算": "面议"},
	}))
	want := map[string]any{"phone": "微信同号", "source": "抖音", "external_id": "1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if m.Flags["crm.lead.phone"] != "invalid_phone" || m.Flags["crm.lead.industry"] == "" {
		t.Errorf("%v", m.Flags)
	}
}

func TestTheOtherChannelsSayWhereALeadComesFrom(t *testing.T) {
	s := installed(t)
	for channel, source := range map[string]string{"website-api": "官网", "website": "官网", "expo": "展会"} {
		got, _ := mapped(t, s, channel, map[string]any{"company": "甲", "contact": "乙", "phone": "13900007777"})
		want := map[string]any{"company": "甲", "contact": "乙", "phone": "+8613900007777", "source": source}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", channel, diff)
		}
	}
	got, _ := mapped(t, s, "website-api", map[string]any{"source": "百度", "region": "广东", "budget": "120000"})
	if got["source"] != "百度" || got["region"] != "华南" {
		t.Errorf("%v", got)
	}
}

func TestWordsSayIntentAndDemand(t *testing.T) {
	s := installed(t)
	lexicon, ok := catalog.Compiled[*reaction.Lexicon](s, "lexicon", "demand")
	if !ok {
		t.Fatal("no lexicon")
	}
	for message, want := range map[string]map[string]any{
		"急需液压阀样品":    {"intent": "高", "product": "液压阀", "tags": []string{"液压阀", "工业客户"}},
		"想了解一下价格":    {"intent": "中", "tags": []string{"询价"}},
		"先随便看看":      {"intent": "低"},
		"高清电子胃镜多少钱？": {"intent": "中", "product": "高清电子胃镜", "industry": "医疗器械", "tags": []string{"询价", "内窥镜"}},
		"你好":         {},
	} {
		got := named(s, lexicon.Lexicon.Read(map[string]any{"crm.lead.message": message}).Values())
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", message, diff)
		}
	}
}

func TestTheScoreTellsGoodLeadsFromPoorOnes(t *testing.T) {
	s := installed(t)
	card, ok := catalog.Compiled[*reaction.Scorecard](s, "scorecard", "lead")
	if !ok {
		t.Fatal("no scorecard")
	}
	lead, _ := s.Object("lead")
	for _, c := range []struct {
		values       map[string]any
		total, stars int
	}{
		{map[string]any{}, 0, 1},
		{map[string]any{"company": "甲", "contact": "乙", "phone": "13900007777", "product": "液压阀"}, 25, 1},
		{map[string]any{"company": "甲", "phone": "13900007777", "product": "液压阀", "intent": "高", "title": "采购总监", "budget": "500000", "industry": "汽车零部件", "source": "展会"}, 100, 3},
	} {
		values := map[string]any{}
		for name, raw := range c.values {
			f, _ := lead.Field(name)
			v, bad := f.Parse(raw, s.Input(true))
			if bad != nil {
				t.Fatal(bad)
			}
			values[f.ID] = v
		}
		got := score.Compute(card.Card, expr.Input{Field: func(id string) any { return values[id] }})
		if got.Total != c.total || got.Stars != c.stars || len(got.Failed) > 0 {
			t.Errorf("%v: %+v", c.values, got)
		}
	}
}

func TestTheNewLeadFormHasAtMostFiveFields(t *testing.T) {
	s := installed(t)
	form, ok := catalog.Compiled[*catalog.Form](s, "form", "lead.new")
	if !ok || form.Key != "new" || len(form.Fields) > 5 {
		t.Errorf("%+v", form)
	}
	for _, name := range []string{"expo", "website"} {
		if form, ok := catalog.Compiled[*catalog.Form](s, "form", name); !ok || !form.Public || form.Channel != name {
			t.Errorf("%s: %+v", name, form)
		}
	}
}

func TestEveryRobotAndPoolThatIsNamedExists(t *testing.T) {
	s := installed(t)
	robots := map[string]bool{}
	for _, r := range catalog.All[*catalog.Robot](s, "robot") {
		robots[r.Name] = true
	}
	for _, kind := range []string{"pool", "routing-table", "clock"} {
		for _, d := range s.Documents(kind) {
			var body any
			if err := d.Decode(&body); err != nil {
				t.Fatal(err)
			}
			for _, name := range robotsIn(body) {
				if !robots[name] {
					t.Errorf("%s names the robot %q", d.Reference(), name)
				}
			}
		}
	}
}

// robotsIn finds the names under "robots" and behind "robot:".
func robotsIn(v any) []string {
	var out []string
	switch v := v.(type) {
	case map[string]any:
		for key, one := range v {
			if list, ok := one.([]any); ok && key == "robots" {
				for _, name := range list {
					out = append(out, name.(string))
				}
			}
			out = append(out, robotsIn(one)...)
		}
	case []any:
		for _, one := range v {
			out = append(out, robotsIn(one)...)
		}
	case string:
		if len(v) > 6 && v[:6] == "robot:" {
			out = append(out, v[6:])
		}
	}
	return out
}
