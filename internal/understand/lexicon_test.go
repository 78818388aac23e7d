package understand_test

import (
	"encoding/json"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/understand"
)

func lead() *schema.Object {
	return (&schema.Object{ID: "crm.lead", Name: "lead", Fields: []*schema.Field{
		{ID: "f.title", Name: "title", Type: "text"},
		{ID: "f.message", Name: "message", Type: "long_text"},
		{ID: "f.product", Name: "product", Type: "text"},
		{ID: "f.intent", Name: "intent", Type: "choice", Choices: []schema.Choice{
			{ID: "i.high", Name: "高"}, {ID: "i.middle", Name: "中"}, {ID: "i.low", Name: "低"}}},
		{ID: "f.tags", Name: "tags", Type: "tags"},
		{ID: "f.needs", Name: "needs", Type: "choices", Choices: []schema.Choice{
			{ID: "n.price", Name: "报价"}, {ID: "n.sample", Name: "样品"}}},
		{ID: "f.budget", Name: "budget", Type: "currency", Currency: "CNY", Scale: 2},
	}}).Seal()
}

const words = `{
  "object": "lead", "source": ["message", "title"],
  "entries": [
    {"id": "urgent", "words": ["急需", "加急", "ASAP", "asap"], "set": {"intent": "高"}},
    {"id": "look", "words": ["了解", "看看"], "set": {"intent": "低"}},
    {"id": "price", "words": ["报价", "多少钱"], "set": {"intent": "中"}, "add": {"tags": ["问价"], "needs": ["报价"]}},
    {"id": "valve", "words": ["液压阀"], "set": {"product": "液压阀"}, "add": {"tags": ["工业客户"]}},
    {"id": "valve-block", "words": ["液压阀块"], "set": {"product": "阀块"}, "add": {"tags": ["工业客户"]}},
    {"id": "pump", "words": ["油泵"], "set": {"product": "油泵"}, "priority": 5},
    {"id": "sample", "words": ["样品", "样机"], "add": {"tags": ["要样品"], "needs": ["样品"]}},
    {"id": "kg", "words": ["kg"], "add": {"tags": ["按重量"]}}
  ]
}`

func compile(t testing.TB, document string) *understand.Lexicon {
	t.Helper()
	l, err := build(document)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func build(document string) (*understand.Lexicon, error) {
	var def understand.Definition
	if err := json.Unmarshal([]byte(document), &def); err != nil {
		return nil, err
	}
	return understand.Compile(def, lead())
}

func TestRead(t *testing.T) {
	lexicon := compile(t, words)
	for name, c := range map[string]struct {
		record map[string]any
		want   map[string]any
	}{
		"the seed's example": {
			map[string]any{"f.message": "急需液压阀样品"},
			map[string]any{"f.intent": "i.high", "f.product": "液压阀", "f.tags": []string{"工业客户", "要样品"}, "f.needs": []string{"n.sample"}},
		},
		"the highest intent wins": {
			map[string]any{"f.message": "先了解一下报价，ＡＳＡＰ"},
			map[string]any{"f.intent": "i.high", "f.tags": []string{"问价"}, "f.needs": []string{"n.price"}},
		},
		"the longest word wins": {
			map[string]any{"f.message": "液压阀块"},
			map[string]any{"f.product": "阀块", "f.tags": []string{"工业客户"}},
		},
		"priority beats the place":      {map[string]any{"f.message": "液压阀和油泵"}, map[string]any{"f.product": "油泵", "f.tags": []string{"工业客户"}}},
		"the place decides a tie":       {map[string]any{"f.title": "液压阀", "f.message": "液压阀块"}, map[string]any{"f.product": "阀块", "f.tags": []string{"工业客户"}}},
		"what is there stays":           {map[string]any{"f.message": "急需报价", "f.intent": "i.low", "f.tags": []string{"问价"}}, map[string]any{"f.needs": []string{"n.price"}}},
		"lists grow in order":           {map[string]any{"f.message": "报价", "f.needs": []string{"n.sample"}, "f.tags": []string{"老客户"}}, map[string]any{"f.intent": "i.middle", "f.needs": []string{"n.price", "n.sample"}, "f.tags": []string{"老客户", "问价"}}},
		"no half of a Latin word":       {map[string]any{"f.message": "pkgs of asapx"}, map[string]any{}},
		"a Latin word beside Chinese":   {map[string]any{"f.message": "3㎏，要Kg计"}, map[string]any{"f.tags": []string{"按重量"}}},
		"nothing said, nothing written": {map[string]any{"f.message": nil}, map[string]any{}},
	} {
		if diff := cmp.Diff(c.want, lexicon.Read(c.record).Values()); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

func TestReadNamesItsWords(t *testing.T) {
	got := compile(t, words).Read(map[string]any{"f.title": "请报价", "f.message": "ＡＳＡＰ 急需"})
	want := []understand.Proposal{
		{Field: "f.intent", Value: "i.high", Entry: "urgent", Because: []understand.Word{
			{Field: "f.message", Text: "ＡＳＡＰ", Start: 0, End: 4}, {Field: "f.message", Text: "急需", Start: 5, End: 7}}},
		{Field: "f.tags", Value: []string{"问价"}, Added: []string{"问价"}, Because: []understand.Word{{Field: "f.title", Text: "报价", Start: 1, End: 3}}},
		{Field: "f.needs", Value: []string{"n.price"}, Added: []string{"n.price"}, Because: []understand.Word{{Field: "f.title", Text: "报价", Start: 1, End: 3}}},
	}
	if diff := cmp.Diff(want, got.Proposals); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestReadByManyAtOnce(t *testing.T) {
	lexicon := compile(t, words)
	want := lexicon.Read(map[string]any{"f.message": "急需液压阀样品"})
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 200 {
				if diff := cmp.Diff(want, lexicon.Read(map[string]any{"f.message": "急需液压阀样品"})); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
	group.Wait()
}

func TestCompileFaults(t *testing.T) {
	_, err := build(`{"object": "lead", "source": ["message", "nothing", "budget"], "entries": [
	  {"words": ["a"], "set": {"intent": "极高"}},
	  {"words": [" "], "set": {"unknown": "x"}},
	  {"words": [], "add": {"title": ["x"]}},
	  {"words": ["b"]}
	]}`)
	problem, ok := fault.As(err)
	if !ok {
		t.Fatalf("error %v is no fault", err)
	}
	var got []string
	for _, f := range problem.Fields {
		got = append(got, f.Path)
	}
	want := []string{"source.1", "source.2", "entries.0.set.intent", "entries.1.set.unknown", "entries.1.words.0", "entries.2.add.title", "entries.2.words", "entries.3"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestNoWords(t *testing.T) {
	if got := compile(t, `{"object": "lead", "source": ["message"], "entries": []}`).Read(map[string]any{"f.message": "急需"}); len(got.Proposals) != 0 {
		t.Errorf("an empty lexicon says %v", got)
	}
}
