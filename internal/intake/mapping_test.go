package intake

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/schema"
)

// testObject has one field of each kind that mappings meet.
func testObject() *schema.Object {
	choice := func(name string) schema.Choice { return schema.Choice{ID: "t." + name, Name: name} }
	object := &schema.Object{ID: "t", Name: "t", OwnerField: "owner", Fields: []*schema.Field{
		{ID: "t.company", Name: "company", Type: "text"},
		{ID: "t.phone", Name: "phone", Type: "phone"},
		{ID: "t.region", Name: "region", Type: "choice", Choices: []schema.Choice{choice("华东"), choice("华北")}},
		{ID: "t.source", Name: "source", Type: "choice", Choices: []schema.Choice{choice("抖音")}},
		{ID: "t.budget", Name: "budget", Type: "number", Scale: 0},
		{ID: "t.owner", Name: "owner", Type: "person"},
		{ID: "t.score", Name: "score", Type: "number", ReadOnly: true},
	}}
	return object.Seal()
}

func testChannel(t testing.TB, d Definition) *Channel {
	t.Helper()
	c := &Channel{Name: "test", Definition: d, object: testObject()}
	c.splitPaths()
	var faults fault.Collector
	for _, m := range d.Fields {
		c.rules = append(c.rules, compileRule(c.object, m, "fields", &faults))
	}
	if err := faults.Err(); err != nil {
		t.Fatal(err)
	}
	return c
}

func douyin(t testing.TB) *Channel {
	return testChannel(t, Definition{
		Data: "data", DeliveryKey: "message_id", RecordKey: "clue_id", SourceTime: &SourceTime{Path: "at", Layout: time.DateTime},
		Fields: []Mapping{
			{Field: "company", Paths: []string{"remark_dict.公司名称", "company"}, Transform: []string{"trim"}},
			{Field: "phone", Paths: []string{"telephone"}},
			{Field: "region", Paths: []string{"province"}, Map: map[string]string{"江苏": "华东"}, Only: true, Drop: true},
			{Field: "budget", Paths: []string{"remark_dict.预算"}, Transform: []string{"amount"}, Drop: true},
			{Field: "source", Default: "抖音"},
		},
	})
}

func input() schema.Input {
	return schema.Input{Country: "CN", Zone: time.FixedZone("CST", 8*3600)}
}

func TestMapReadsJSONInAStringAndAppliesEachRule(t *testing.T) {
	body := `{"message_id":77,"data":"{\"clue_id\":\"c1\",\"telephone\":\"139 0000 1111\",\"province\":\"江苏\",\"at\":\"2026-11-24 09:58:00\",\"remark_dict\":\"{\\\"公司名称\\\":\\\" 博锐 \\\",\\\"预算\\\":\\\"30-50万\\\"}\"}"}`
	m, err := douyin(t).Map([]byte(body), input())
	if err != nil {
		t.Fatal(err)
	}
	if m.DeliveryKey != "77" || m.RecordKey != "c1" {
		t.Errorf("keys %q, %q", m.DeliveryKey, m.RecordKey)
	}
	if want := time.Date(2026, 11, 24, 1, 58, 0, 0, time.UTC); m.SourceAt == nil || !m.SourceAt.Equal(want) {
		t.Errorf("source time %v, want %v", m.SourceAt, want)
	}
	got := map[string]string{}
	for id, v := range m.Values {
		f, _ := testObject().FieldByID(id)
		raw, err := json.Marshal(f.Encode(v))
		if err != nil {
			t.Fatal(err)
		}
		got[id] = string(raw)
	}
	want := map[string]string{
		"t.company": `"博锐"`, "t.phone": `"+8613900001111"`, "t.region": `"华东"`, "t.budget": `"300000"`, "t.source": `"抖音"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestMapFaults(t *testing.T) {
	open := testChannel(t, Definition{Passthrough: true, Fields: []Mapping{{Field: "company", Paths: []string{"company"}, Required: true}}})
	for _, c := range []struct {
		name    string
		channel *Channel
		body    string
		kind    fault.Kind
		path    string
	}{
		{"no JSON", open, `{"a":`, fault.Malformed, ""},
		{"an array", open, `[1]`, fault.Malformed, ""},
		{"something behind", open, `{} {}`, fault.Malformed, ""},
		{"a required field is missing", open, `{}`, fault.Invalid, "company"},
		{"an unknown field", open, `{"company":"x","colour":"red"}`, fault.Invalid, "colour"},
		{"a field that the program keeps", open, `{"company":"x","score":99}`, fault.Invalid, "score"},
		{"the owner", open, `{"company":"x","owner":"u1"}`, fault.Invalid, "owner"},
		{"an unknown choice", open, `{"company":"x","region":"火星"}`, fault.Invalid, "region"},
		{"data is no object", douyin(t), `{"message_id":"1","data":"12"}`, fault.Invalid, "data"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := c.channel.Map([]byte(c.body), input())
			f, ok := fault.As(err)
			if !ok || f.Kind != c.kind {
				t.Fatalf("got %v", err)
			}
			if c.path != "" && (len(f.Fields) != 1 || f.Fields[0].Path != c.path) {
				t.Errorf("faults %+v, want one at %s", f.Fields, c.path)
			}
		})
	}
}

// TestWhatARuleReadsIsKnown: a name that is no field is none too many where a
// rule of the channel reads it; one that nobody reads still is.
func TestWhatARuleReadsIsKnown(t *testing.T) {
	open := testChannel(t, Definition{Passthrough: true, Fields: []Mapping{
		{Field: "region", Paths: []string{"region", "address.province", "budget"}, Map: map[string]string{"江苏": "华东"}, Only: true},
	}})
	m, err := open.Map([]byte(`{"address":{"province":"江苏"},"company":"甲","budget":"12"}`), input())
	if err != nil {
		t.Fatal(err)
	}
	if m.Values["t.region"] != "t.华东" || m.Values["t.company"] != "甲" || m.Values["t.budget"] == nil {
		t.Errorf("%v", m.Values)
	}
	_, err = open.Map([]byte(`{"address":{"province":"江苏"},"colour":"red"}`), input())
	if f, ok := fault.As(err); !ok || len(f.Fields) != 1 || f.Fields[0].Path != "colour" {
		t.Errorf("got %v", err)
	}
}

func TestDroppedValuesAreFlagged(t *testing.T) {
	m, err := douyin(t).Map([]byte(`{"message_id":"1","data":{"province":"月球","remark_dict":{"预算":"面议"},"telephone":"12"}}`), input())
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := m.Values["t.region"]; ok {
		t.Error("a province outside the map was kept")
	}
	if m.Flags["t.phone"] == "" {
		t.Errorf("the phone that is none is not flagged: %v", m.Flags)
	}
}

func TestPackIsLossless(t *testing.T) {
	for _, body := range []string{"", "x", `{"a":"客户"}`, string(make([]byte, MaxBody))} {
		got, err := unpack(pack([]byte(body)))
		if err != nil || string(got) != body {
			t.Errorf("%d bytes came back as %d, %v", len(body), len(got), err)
		}
	}
}

func FuzzMap(f *testing.F) {
	f.Add([]byte(`{"message_id":"1","data":"{\"clue_id\":\"c\",\"remark_dict\":{\"预算\":\"3万\"}}"}`))
	f.Add([]byte(`{"data":{"remark_dict":[[{"公司名称":1e999}]],"telephone":{"a":[]}}}`))
	channel := douyin(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		m, err := channel.Map(body, input())
		if err != nil && fault.KindOf(err) == fault.Internal {
			t.Fatalf("not a fault: %v", err)
		}
		for id := range m.Values {
			if _, ok := channel.object.FieldByID(id); !ok {
				t.Fatalf("value for the unknown field %s", id)
			}
		}
	})
}
