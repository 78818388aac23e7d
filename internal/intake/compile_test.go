package intake

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/fault"
)

// published is a catalog with one object whose channels are compiled.
func published(t *testing.T) *catalog.Catalog {
	t.Helper()
	db := clewtest.Open(t, clewtest.Embedded(t))
	c, err := catalog.New(db, config.New(db), map[string]catalog.Compiler{"channel": Compile})
	if err != nil {
		t.Fatal(err)
	}
	documents, err := config.ParseYAML([]byte(`
document: object
id: t.lead
name: lead
label: {zh-CN: 线索}
title: company
owner: owner
fields:
  - {id: t.lead.company, name: company, type: text}
  - {id: t.lead.phone, name: phone, type: phone}
  - {id: t.lead.owner, name: owner, type: person}
  - {id: t.lead.source, name: source, type: choice, choices: [{id: t.lead.source.web, name: 官网}, {id: t.lead.source.dy, name: 抖音}]}
`), "", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Apply(t.Context(), documents, config.Note{}); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestWhatIsWrongWithAChannel: every mistake of a document is told with its path,
// before a single delivery comes.
func TestWhatIsWrongWithAChannel(t *testing.T) {
	s := published(t).Current()
	for name, c := range map[string]struct {
		body string
		want string // paths and codes in order, "" for none
	}{
		"nothing wrong":           {`{"kind":"bearer","object":"lead","passthrough":true}`, ""},
		"no such object":          {`{"kind":"bearer","object":"nothing"}`, "object unknown_object"},
		"no such kind":            {`{"kind":"fax","object":"lead"}`, "kind unknown_choice"},
		"a signature without its": {`{"kind":"hmac-sha256","object":"lead"}`, "signature_header required"},
		"a signature with its":    {`{"kind":"hmac-sha256","object":"lead","signature_header":"X-Sign"}`, ""},
		"a form without its":      {`{"kind":"form","object":"lead"}`, "form required"},
		"no such field":           {`{"kind":"bearer","object":"lead","fields":[{"field":"company","paths":["a"]},{"field":"fax","paths":["b"]}]}`, "fields[1].field unknown_field"},
		"no such transform":       {`{"kind":"bearer","object":"lead","fields":[{"field":"company","paths":["a"],"transform":["trim","shout"]}]}`, "fields[0].transform[1] unknown_transform"},
		"a path of nothing":       {`{"kind":"bearer","object":"lead","fields":[{"field":"company","paths":["a","..[]"]}]}`, "fields[0].paths[1] bad_path"},
		"all of it at once":       {`{"kind":"fax","object":"lead","fields":[{"field":"fax","transform":["x"],"paths":[""]}]}`, "kind unknown_choice fields[0].field unknown_field fields[0].transform[0] unknown_transform fields[0].paths[0] bad_path"},
		"no JSON":                 {`{"kind":`, "!bad_document"},
	} {
		_, err := Compile(s, config.Document{Kind: "channel", Name: "c", Body: json.RawMessage(c.body)})
		got := ""
		if problem, ok := fault.As(err); ok {
			var all []string
			for _, f := range problem.Fields {
				all = append(all, f.Path+" "+f.Code)
			}
			got = strings.Join(all, " ")
			if len(all) == 0 {
				got = "!" + problem.Code
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestAChannelFollowsItsObject: a field's and a choice's new name reach the channel
// that is already there; a delivery of before and one of after mean the same.
func TestAChannelFollowsItsObject(t *testing.T) {
	c := published(t)
	apply := func(text string) {
		t.Helper()
		documents, err := config.ParseYAML([]byte(text), "", "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Apply(t.Context(), documents, config.Note{}); err != nil {
			t.Fatal(err)
		}
	}
	apply(`
document: channel
id: t.channel.web
name: web
label: {zh-CN: 官网}
kind: bearer
object: lead
record_key: id
fields:
  - {field: company, paths: [corp, name], transform: [trim]}
  - {field: source, paths: [from], map: {site: 官网, video: 抖音}, only: true, default: 官网, drop: true}
  - {field: phone, paths: ["contacts[0].tel"]}
`)
	body := []byte(`{"id":"7","corp":" 恒锐 ","from":"video","contacts":[{"tel":"139 0000 1234"}]}`)
	mapped := func() string {
		channel, ok := catalog.Compiled[*Channel](c.Current(), "channel", "web")
		if !ok {
			t.Fatal("no channel")
		}
		m, err := channel.Map(body, c.Current().Input(false))
		if err != nil || len(m.Flags) > 0 || m.RecordKey != "7" {
			t.Fatalf("%+v, %v", m, err)
		}
		var out []string
		for id, v := range m.Values {
			out = append(out, id+"="+v.(string))
		}
		slices.Sort(out)
		return strings.Join(out, " ")
	}
	before := mapped()
	if before != "t.lead.company=恒锐 t.lead.phone=+8613900001234 t.lead.source=t.lead.source.dy" {
		t.Fatal(before)
	}
	apply(`
document: object
id: t.lead
name: inquiry
label: {zh-CN: 询盘}
title: firm
owner: owner
fields:
  - {id: t.lead.company, name: firm, type: text}
  - {id: t.lead.phone, name: mobile, type: phone}
  - {id: t.lead.owner, name: owner, type: person}
  - {id: t.lead.source, name: origin, type: choice, choices: [{id: t.lead.source.web, name: 网站}, {id: t.lead.source.dy, name: 抖音号}]}
`)
	if after := mapped(); after != before {
		t.Errorf("was %s, is %s", before, after)
	}
}
