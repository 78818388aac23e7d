package bundle

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/intake"
	"clew.dev/clew/internal/reaction"
	"clew.dev/clew/internal/route"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/score"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what happens now into the files of rules")

// template decides as the CRM template says.
type template struct {
	*testing.T
	s    *catalog.Snapshot
	lead *schema.Object
}

// TestRules plays the files of testdata/rules; see testdata/README.
func TestRules(t *testing.T) {
	s := installed(t)
	lead, _ := s.Object("lead")
	files, err := filepath.Glob("testdata/rules/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files of rules: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) { (&template{t, s, lead}).play(file) })
	}
}

func (p *template) play(file string) {
	raw, err := os.ReadFile(file)
	if err != nil {
		p.Fatal(err)
	}
	want := strings.Split(strings.TrimSuffix(string(raw), "\n"), "\n")
	var got []string
	for _, line := range want {
		if strings.HasPrefix(line, "  ") {
			continue
		}
		got = append(got, line)
		if line != "" && !strings.HasPrefix(line, "#") {
			for _, outcome := range p.decide(line) {
				got = append(got, "  "+outcome)
			}
		}
	}
	if *update {
		if err := os.WriteFile(file, []byte(strings.Join(got, "\n")+"\n"), 0o600); err != nil {
			p.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		p.Errorf("%s (-as written +as it is)\n%s", file, diff)
	}
}

func (p *template) decide(line string) []string {
	what, rest, _ := strings.Cut(line, ":")
	rest = strings.TrimSpace(rest)
	switch what {
	case "text":
		return p.read("demand", map[string]any{"crm.lead.message": rest})
	case "product":
		return p.read("demand", map[string]any{"crm.lead.product": rest})
	case "said":
		return p.read("competitors", map[string]any{"crm.interaction.text": rest})
	case "score":
		return p.score(p.values(rest))
	case "route":
		return p.route(p.values(rest))
	case "uses":
		return p.uses(strings.Fields(rest))
	case "douyin":
		return p.receive(what, p.clue(rest))
	}
	body := map[string]any{}
	for name, value := range settings(rest) {
		body[name] = value
	}
	return p.receive(what, body)
}

// settings reads "name=value; name=value".
func settings(text string) map[string]string {
	found := map[string]string{}
	for part := range strings.SplitSeq(text, ";") {
		if name, value, ok := strings.Cut(part, "="); ok {
			found[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
	}
	return found
}

func (p *template) clue(text string) map[string]any {
	vendors := []string{"clue_id", "name", "telephone", "weixin", "province_name", "city_name", "remark", "create_time_detail"}
	fields, remarks := map[string]any{}, map[string]any{}
	for name, value := range settings(text) {
		if slices.Contains(vendors, name) {
			fields[name] = value
		} else {
			remarks[name] = value
		}
	}
	fields["remark_dict"] = remarks
	return clue(p.T, fields)
}

// receive tells what a channel makes of a body.
func (p *template) receive(channel string, body map[string]any) []string {
	raw, err := json.Marshal(body)
	if err != nil {
		p.Fatal(err)
	}
	c, ok := catalog.Compiled[*intake.Channel](p.s, "channel", channel)
	if !ok {
		p.Fatalf("no channel %s", channel)
	}
	m, err := c.Map(raw, p.s.Input(false))
	lines := p.tell(m.Values)
	for _, id := range slices.Sorted(maps.Keys(m.Flags)) {
		lines = append(lines, "doubtful "+strings.TrimPrefix(id, "crm.lead.")+": "+m.Flags[id])
	}
	if m.RecordKey != "" {
		lines = append(lines, "key "+m.RecordKey)
	}
	if m.SourceAt != nil {
		lines = append(lines, "at the source "+m.SourceAt.Format(time.RFC3339))
	}
	if problem, ok := fault.As(err); ok {
		for _, f := range problem.Fields {
			lines = append(lines, "refused "+f.Path+": "+f.Code)
		}
	}
	return lines
}

// tell writes values as "name = value", in the order of the lead's fields.
func (p *template) tell(values map[string]any) (lines []string) {
	shown := named(p.s, values)
	for _, f := range p.lead.Fields {
		if v, ok := shown[f.Name]; ok {
			lines = append(lines, f.Name+" = "+plain(v))
		}
	}
	return lines
}

func plain(v any) string {
	switch v := v.(type) {
	case []string:
		return strings.Join(v, ", ")
	case map[string]any:
		return fmt.Sprint(v["amount"], " ", v["currency"])
	}
	return fmt.Sprint(v)
}

// read tells what a lexicon proposes, and by which words.
func (p *template) read(name string, values map[string]any) (lines []string) {
	lexicon, ok := catalog.Compiled[*reaction.Lexicon](p.s, "lexicon", name)
	if !ok {
		p.Fatalf("no lexicon %s", name)
	}
	for _, proposal := range lexicon.Lexicon.Read(values).Proposals {
		var words []string
		for _, w := range proposal.Because {
			words = append(words, fmt.Sprintf("%s at %d", w.Text, w.Start))
		}
		field := proposal.Field[strings.LastIndexByte(proposal.Field, '.')+1:]
		value := proposal.Value
		if f, ok := p.lead.FieldByID(proposal.Field); ok {
			value = f.Encode(value)
		}
		lines = append(lines, fmt.Sprintf("%s = %s, by %s", field, plain(value), strings.Join(words, ", ")))
	}
	if len(lines) == 0 {
		return []string{"(nothing)"}
	}
	return lines
}

// values reads a lead's fields as a person would give them.
func (p *template) values(text string) map[string]any {
	values := map[string]any{}
	for name, raw := range settings(text) {
		f, ok := p.lead.Field(name)
		if !ok {
			p.Fatalf("no field %s", name)
		}
		v, bad := f.Parse(raw, p.s.Input(true))
		if bad != nil {
			p.Fatalf("%s=%s: %s", name, raw, bad.Code)
		}
		values[f.ID] = v
	}
	return values
}

func (p *template) score(values map[string]any) []string {
	card, ok := catalog.Compiled[*reaction.Scorecard](p.s, "scorecard", "lead")
	if !ok {
		p.Fatal("no scorecard")
	}
	got := score.Compute(card.Card, expr.Input{Field: func(id string) any { return values[id] }})
	lines := []string{fmt.Sprintf("%d points, %d stars, %s", got.Total, got.Stars, got.Band)}
	sum := 0
	for _, c := range got.Contributions {
		sum += c.Points
		lines = append(lines, fmt.Sprintf("%+d %s", c.Points, card.Parts[c.Rule].Label.In("zh-CN")))
	}
	if max(0, min(100, sum)) != got.Total {
		p.Errorf("%d is not the sum of the contributions, %d", got.Total, sum)
	}
	return lines
}

// route tells which row decides for a lead when each pool has one member, and
// that the record of the decision decides alike.
func (p *template) route(values map[string]any) (lines []string) {
	table, ok := catalog.Compiled[*reaction.RoutingTable](p.s, "routing-table", "lead")
	if !ok {
		p.Fatal("no routing table")
	}
	in := route.Input{
		Values: values, Now: time.Date(2026, 3, 3, 2, 0, 0, 0, time.UTC), Pools: map[string]route.PoolState{},
		Fallback: []route.Member{{User: "the manager", Active: true, InHours: true}},
	}
	for _, name := range table.Table.Needs(in).Pools {
		in.Pools[name] = route.PoolState{Members: []route.Member{{User: "somebody of " + name, Active: true, InHours: true}}}
	}
	decision := route.Decide(table.Table, in)
	for _, add := range decision.Adds {
		lines = append(lines, fmt.Sprintf("%s adds %v", add.Row, add.Values))
	}
	return append(lines, fmt.Sprintf("%s decides: %s", orFallback(decision.Row), decision.Owner))
}

func orFallback(row string) string {
	if row == "" {
		return "the fallback"
	}
	return row
}

// uses tells which places of the template's documents name a kind's document,
// a field of an object or a choice of a field.
func (p *template) uses(words []string) (lines []string) {
	words = append(words, "", "")
	found, err := p.s.Uses(catalog.Target{Kind: words[0], Name: words[1], Field: words[2], Choice: words[3]})
	if err != nil {
		p.Fatal(err)
	}
	for _, u := range found {
		lines = append(lines, fmt.Sprintf("%s at %s: %s", u.Document.Reference(), u.Leaf.Path, u.Leaf.Text))
	}
	if len(lines) == 0 {
		return []string{"(nowhere)"}
	}
	return lines
}
