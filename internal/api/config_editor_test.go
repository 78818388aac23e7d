package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/config"
)

const config1 = "/api/v1/config/"

// texts are the strings of a list in an answer.
func texts(v any) []string {
	list, _ := v.([]any)
	out := make([]string, 0, len(list))
	for _, one := range list {
		s, _ := one.(string)
		out = append(out, s)
	}
	return out
}

// first is the first entry of a list in an answer.
func (a answer) first(list string) map[string]any {
	items, _ := a.body[list].([]any)
	if len(items) == 0 {
		return map[string]any{}
	}
	one, _ := items[0].(map[string]any)
	return one
}

// copyOf is a document's body that a test may change.
func copyOf(t *testing.T, body map[string]any) map[string]any {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]any{}
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// Every kind's documents go all the way that the editor takes them.
func TestEveryKindGoesRound(t *testing.T) {
	crms(t, func(s *crm) {
		admin := s.logIn("admin")
		index := admin.do("GET", "/api/v1/config", nil, "Accept-Language", "zh-CN")
		s.want("index", index, http.StatusOK, "")
		for _, kind := range config.Kinds() {
			if kind == "field" {
				s.goesRound(kind, map[string]any{"name": "lead.colour", "object": "lead", "type": "text", "label": map[string]any{"zh-CN": "颜色", "en": "Colour"}})
				continue
			}
			listed := index.item("items", map[string]any{"kind": kind})
			documents, _ := listed["items"].([]any)
			if len(documents) == 0 {
				s.t.Errorf("no document of kind %s", kind)
				continue
			}
			for _, one := range documents[:min(len(documents), 3)] {
				document, _ := one.(map[string]any)
				got := admin.do("GET", fmt.Sprintf("%s%s/%s", config1, kind, document["name"]), nil)
				s.want(kind, got, http.StatusOK, "")
				s.goesRound(kind, got.body)
			}
		}
	})
}

// goesRound lays a changed document into a draft, checks, tells, publishes it and goes back.
func (s *crm) goesRound(kind string, body map[string]any) {
	s.t.Helper()
	admin := s.logIn("admin")
	name, _ := body["name"].(string)
	path := config1 + kind + "/" + name
	created := admin.do("PUT", path, body)
	if created.status != http.StatusOK && created.status != http.StatusCreated {
		s.t.Fatalf("%s: %d %s", path, created.status, created.raw)
	}
	base := admin.do("GET", config1+"versions?limit=1", nil).first("items")["version"]

	changed := copyOf(s.t, created.body)
	changed["help"] = map[string]any{"zh-CN": "试一下", "en": "A try"}
	check := admin.do("POST", config1+"check", map[string]any{"kind": kind, "name": name, "body": changed}, "Accept-Language", "en")
	s.want(path+" check", check, http.StatusOK, "")
	if errs, _ := check.body["errors"].([]any); len(errs) > 0 {
		s.t.Errorf("%s: %s", path, check.raw)
	}
	draft, _ := admin.do("POST", config1+"drafts", map[string]any{"label": "round"}).body["id"].(string)
	s.want(path+" put", admin.do("PUT", path+"?draft="+draft, changed), http.StatusOK, "")
	if got := admin.do("GET", path+"?draft="+draft, nil); !cmp.Equal(got.body["help"], changed["help"]) {
		s.t.Errorf("%s in the draft: %s", path, got.raw)
	}
	for language, want := range map[string][]string{
		"en":    {"Help (English) set to “A try”", "Help (Chinese) set to “试一下”"},
		"zh-CN": {"说明（英文）设为“A try”", "说明（中文）设为“试一下”"},
	} {
		diff := admin.do("POST", config1+"drafts/"+draft+"/diff", nil, "Accept-Language", language)
		if got := texts(diff.first("items")["words"]); !cmp.Equal(got, want) {
			s.t.Errorf("%s in %s: %v", path, language, got)
		}
	}
	s.want(path+" validate", admin.do("POST", config1+"drafts/"+draft+"/validate", nil), http.StatusOK, "")
	published := admin.do("POST", config1+"drafts/"+draft+"/publish", nil)
	s.want(path+" publish", published, http.StatusOK, "")
	versions := admin.do("GET", path+"/versions", nil)
	if newest := versions.first("items")["version"]; newest != published.body["version"] {
		s.t.Errorf("%s: the newest version is %v, published was %v", path, newest, published.body["version"])
	}
	told := admin.do("GET", fmt.Sprintf("%sversions/%v/diff?from=%v&kind=%s&name=%s", config1, published.body["version"], base, kind, name), nil, "Accept-Language", "en")
	if got := texts(told.first("items")["words"]); len(got) != 2 {
		s.t.Errorf("%s between versions: %s", path, told.raw)
	}
	s.want(path+" back", admin.do("POST", fmt.Sprintf("%sversions/%v/rollback", config1, base), nil), http.StatusOK, "")
	if got := admin.do("GET", path, nil); !cmp.Equal(got.body, created.body) {
		s.t.Errorf("%s after the roll-back: %s", path, cmp.Diff(created.body, got.body))
	}
}

// edit changes a published document as the test says and gives the sentences in a language.
func (s *crm) edit(path, language string, change func(body map[string]any)) []string {
	s.t.Helper()
	admin := s.logIn("admin")
	body := copyOf(s.t, admin.do("GET", config1+path, nil).body)
	change(body)
	kind, name, _ := strings.Cut(path, "/")
	answer := admin.do("POST", config1+"check", map[string]any{"kind": kind, "name": name, "body": body}, "Accept-Language", language)
	s.want(path, answer, http.StatusOK, "")
	if errs, _ := answer.body["errors"].([]any); len(errs) > 0 {
		s.t.Errorf("%s: %s", path, answer.raw)
	}
	return texts(answer.body["changes"])
}

// with gives the item of a list that has a value under a key.
func with(list any, key, value string) map[string]any {
	items, _ := list.([]any)
	for _, one := range items {
		if item, ok := one.(map[string]any); ok && item[key] == value {
			return item
		}
	}
	return nil
}

func TestDifferencesAreToldInWords(t *testing.T) {
	list := func(v any) []any { l, _ := v.([]any); return l }
	cases := []struct {
		path   string
		change func(body map[string]any)
		zh, en []string
	}{
		{"object/lead", func(b map[string]any) {
			source := with(b["fields"], "name", "source")
			source["choices"] = append(list(source["choices"]), map[string]any{"name": "小红书", "label": map[string]any{"zh-CN": "小红书", "en": "RED"}})
		}, []string{"字段「来源」新增选项「小红书」"}, []string{"Fields “Source”: Choices “RED” added"}},
		{"object/lead", func(b map[string]any) {
			with(b["fields"], "name", "city")["required"] = true
			with(b["fields"], "name", "city")["help"] = map[string]any{"en": "Where"}
		}, []string{"字段「城市」的说明（英文）设为“Where”", "字段「城市」的必填设为是"}, []string{"Fields “City”: Help (English) set to “Where”", "Fields “City”: Required set to yes"}},
		{"routing-table/lead", func(b map[string]any) {
			row := with(b["rows"], "id", "crm.routing.lead.east")
			row["when"], row["then"] = "地区=华南", map[string]any{"pool": "south"}
		}, []string{"规则行「华东」 › 结果的接单组由华东组改为华南组", "规则行「华东」的条件由“地区=\"华东\"”改为“地区=华南”"},
			[]string{"Rows “East China” › Then: Pool changed from East China team to South China team", "Rows “East China”: When changed from “地区=\"华东\"” to “地区=华南”"}},
		{"routing-table/lead", func(b map[string]any) {
			rows := list(b["rows"])
			b["rows"] = append(append([]any{rows[len(rows)-1]}, rows[:len(rows)-1]...), map[string]any{"when": "城市=\"上海\"", "then": map[string]any{"pool": "east"}})
		}, []string{"新增规则行「第 10 行」", "规则行「东北」移到第 1 位"}, []string{"Rows “row 10” added", "Rows “Northeast China” moved to place 1"}},
		{"clock/claim", func(b map[string]any) {
			b["target"] = map[string]any{"hours": 1, "calendar": "working"}
			start, _ := b["start"].(map[string]any)
			start["on"] = append(list(start["on"]), "reopened")
		}, []string{"开始新增事件「重新打开」", "期限由30 分钟 （工作时间）改为1 小时 （工作时间）"},
			[]string{"Start: Events “Reopened” added", "Target changed from 30 min (working time) to 1 h (working time)"}},
		{"form/expo", func(b map[string]any) {
			fields := list(b["fields"])
			b["fields"] = append([]any{fields[2]}, fields[0], fields[1], fields[3], fields[4])
			with(b["fields"], "name", "phone")["required"] = false
		}, []string{"字段「电话」的必填由是改为否", "字段「公司」移到第 1 位"}, []string{"Fields “Phone”: Required changed from yes to no", "Fields “Company” moved to place 1"}},
		{"view/lead.all", func(b map[string]any) { b["columns"] = append(list(b["columns"])[1:], "city") },
			[]string{"删除列「公司」", "新增列「城市」"}, []string{"Columns “Company” removed", "Columns “City” added"}},
		{"role/sales", func(b map[string]any) {
			objects, _ := b["objects"].(map[string]any)
			ticket, _ := objects["ticket"].(map[string]any)
			ticket["delete"] = true
			delete(objects, "payment")
		}, []string{"删除对象权限「回款」", "对象权限「工单」的删除设为是"}, []string{"Objects “Payment” removed", "Objects “Ticket”: Delete set to yes"}},
		{"lexicon/demand", func(b map[string]any) {
			entry := with(b["entries"], "id", "crm.lexicon.demand.urgent")
			entry["words"] = append(list(entry["words"]), "救急")
			delete(entry, "priority")
		}, []string{"词条「急需」的优先级已清空（原为30）", "词条「急需」新增词语「救急」"}, nil},
	}
	crms(t, func(s *crm) {
		for _, c := range cases {
			for language, want := range map[string][]string{"zh-CN": c.zh, "en": c.en} {
				got := s.edit(c.path, language, c.change)
				if want == nil {
					t.Logf("%s %s: %q", c.path, language, got)
					continue
				}
				if !cmp.Equal(got, want) {
					s.t.Errorf("%s in %s:\n%q\nwant\n%q", c.path, language, got, want)
				}
			}
		}
	})
}

func TestWhatIsWrongIsToldWhileWriting(t *testing.T) {
	crms(t, func(s *crm) {
		admin := s.logIn("admin")
		body := copyOf(t, admin.do("GET", config1+"routing-table/lead", nil).body)
		row := with(body["rows"], "id", "crm.routing.lead.east")
		row["when"] = "来源=抖音 AND\n地区=火星"
		wrong := admin.do("POST", config1+"check", map[string]any{"kind": "routing-table", "name": "lead", "body": body}, "Accept-Language", "zh-CN")
		fault := wrong.first("errors")
		message, _ := fault["message"].(string)
		if fault["path"] != "rows.2.when" || fault["line"] != 2.0 || fault["column"] != 4.0 || !strings.Contains(message, "^") {
			s.t.Errorf("%s", wrong.raw)
		}
		object := copyOf(t, admin.do("GET", config1+"object/lead", nil).body)
		fields, _ := object["fields"].([]any)
		object["fields"] = slices.DeleteFunc(fields, func(f any) bool { return f.(map[string]any)["name"] == "region" })
		others := admin.do("POST", config1+"check", map[string]any{"kind": "object", "name": "lead", "body": object})
		if others.item("others", map[string]any{"path": "form/lead.new.fields.0.name"}) != nil || len(others.body["others"].([]any)) == 0 {
			s.t.Errorf("what rests on the field: %s", others.raw)
		}
		s.want("no kind", admin.do("POST", config1+"check", map[string]any{"kind": "x", "name": "y", "body": map[string]any{}}), http.StatusUnprocessableEntity, "unknown_kind")
		for _, who := range []string{"sales", "manager", "service"} {
			s.want(who, s.logIn(who).do("POST", config1+"check", map[string]any{"kind": "routing-table", "name": "lead", "body": body}), http.StatusForbidden, "forbidden")
			s.want(who, s.logIn(who).do("GET", "/api/v1/config", nil), http.StatusForbidden, "forbidden")
			s.want(who, s.logIn(who).do("GET", config1+"pool/east/used", nil), http.StatusForbidden, "forbidden")
			s.want(who, s.logIn(who).do("POST", config1+"channel/douyin/preview", map[string]any{"sample": "{}"}), http.StatusForbidden, "forbidden")
		}
	})
}

func TestWhereUsed(t *testing.T) {
	cases := []struct{ target, document, place string }{
		{"pool/east/used", "routing-table/lead", "规则行「华东」 › 结果 › 接单组"},
		{"robot/feishu-leaders/used", "clock/claim", "超时「30分钟未领取」 › 通知第 2 行"},
		{"role/manager/used", "routing-table/lead", "兜底 › 角色"},
		{"object/lead/used?field=region", "routing-table/lead", "规则行「华东」 › 条件"},
		{"object/lead/used?field=region", "page/lead", "区块「联系」 › 字段第 7 行"},
		{"object/lead/used?field=source&choice=抖音", "routing-table/lead", "规则行「抖音缺预算：市场补全」 › 条件"},
		{"object/lead/used?field=intent&choice=高", "scorecard/lead", ""},
		{"object/lead/used?field=next_due", "clock/commitment", "开始 › 事件第 3 行"},
		{"object/lead/used?field=overdue_since", "view/lead.overdue", "排序"},
		{"object/lead/used?field=status", "role/marketing", ""},
		{"object/lead/used?field=status&choice=已转商机", "conversion/lead", "转换后设定的值「状态」"},
		{"object/project/used?field=stage&choice=需求确认", "conversion/lead", ""},
		{"object/project/used?field=amount", "conversion/lead", ""},
		{"object/lead/used?field=budget", "conversion/lead", ""},
		{"object/lead/used?field=intent&choice=高", "lexicon/demand", "词条「急需」 › 设置字段「意向」"},
		{"object/lead/used?field=intent&choice=低", "lexicon/demand", ""},
		{"object/payment/used?field=amount", "cycle/lead-to-cash", ""},
		{"object/payment/used?field=contract", "cycle/lead-to-cash", ""},
		{"object/contract/used?field=project", "cycle/lead-to-cash", ""},
		{"object/project/used?field=lead", "cycle/lead-to-cash", ""},
		{"object/payment/used?field=contract", "page/contract", ""},
		{"form/expo/used", "channel/expo", "表单"},
		{"calendar/cn/used", "company/company", "工作日历"},
		{"object/contact/used", "role/sales", ""},
	}
	crms(t, func(s *crm) {
		admin := s.logIn("admin")
		for _, c := range cases {
			kind, name, _ := strings.Cut(c.document, "/")
			used := admin.do("GET", config1+c.target, nil, "Accept-Language", "zh-CN")
			found := used.item("items", map[string]any{"kind": kind, "name": name})
			if found == nil || c.place != "" && !slices.Contains(texts(found["places"]), c.place) {
				s.t.Errorf("%s: %v in %s", c.target, found["places"], c.document)
			}
		}
		if items := admin.do("GET", config1+"view/lead.all/used", nil).body["items"].([]any); len(items) > 0 {
			s.t.Errorf("nobody names the view: %v", items)
		}
	})
}

func TestDraftsMeetOthersChanges(t *testing.T) {
	crms(t, func(s *crm) {
		admin := s.logIn("admin")
		label := func(text string) map[string]any {
			body := copyOf(t, admin.do("GET", config1+"pool/east", nil).body)
			body["label"] = map[string]any{"zh-CN": text}
			return body
		}
		draft, _ := admin.do("POST", config1+"drafts", map[string]any{}).body["id"].(string)
		path := config1 + "drafts/" + draft
		put := admin.do("PUT", config1+"pool/east?draft="+draft, label("我的"))
		for name, listed := range map[string]any{"its kind": admin.do("GET", config1+"pool?draft="+draft, nil).body["items"], "all kinds": admin.do("GET", strings.TrimSuffix(config1, "/")+"?draft="+draft, nil).body["items"]} {
			if version := versionListed(listed, "east"); version != 1 {
				t.Errorf("a list of %s: version %v in force of what the draft holds too", name, version)
			}
		}
		s.want("mine", put, http.StatusOK, "")
		stale := admin.do("PUT", config1+"pool/east?draft="+draft, label("别页"), "If-Match", `"d00"`)
		s.want("another window", stale, http.StatusPreconditionFailed, "stale")
		again := admin.do("PUT", config1+"pool/east?draft="+draft, label("我的二"), "If-Match", put.header.Get("ETag"))
		s.want("the same window", again, http.StatusOK, "")

		s.want("theirs", admin.do("PUT", config1+"pool/east", label("别人的")), http.StatusOK, "")
		shown := admin.do("GET", path, nil)
		if held := shown.item("documents", map[string]any{"name": "east", "outdated": true}); held == nil {
			s.t.Errorf("not told: %s", shown.raw)
		}
		s.want("publish", admin.do("POST", path+"/publish", nil), http.StatusConflict, "draft_outdated")
		s.want("not decided", admin.do("POST", path+"/rebase", map[string]any{}), http.StatusConflict, "draft_outdated")
		s.want("mine wins", admin.do("POST", path+"/rebase", map[string]any{"mine": []string{"pool/east"}}), http.StatusOK, "")
		s.want("publish", admin.do("POST", path+"/publish", nil), http.StatusOK, "")
		if got := admin.do("GET", config1+"pool/east", nil); !strings.Contains(got.raw, "我的二") {
			s.t.Errorf("mine is not in force: %s", got.raw)
		}

		other, _ := admin.do("POST", config1+"drafts", map[string]any{}).body["id"].(string)
		admin.do("PUT", config1+"pool/east?draft="+other, label("我的三"))
		admin.do("PUT", config1+"pool/east", label("又一个"))
		s.want("theirs wins", admin.do("POST", config1+"drafts/"+other+"/rebase", map[string]any{"theirs": []string{"pool/east"}}), http.StatusOK, "")
		if got := admin.do("GET", config1+"pool/east?draft="+other, nil); !strings.Contains(got.raw, "又一个") {
			s.t.Errorf("theirs is not in the draft: %s", got.raw)
		}
		admin.do("PUT", config1+"pool/south?draft="+other, map[string]any{"label": map[string]any{"zh-CN": "南"}})
		s.want("forget", admin.do("DELETE", config1+"drafts/"+other+"/documents/pool/south", nil), http.StatusNoContent, "")
		s.want("forgotten", admin.do("DELETE", config1+"drafts/"+other+"/documents/pool/south", nil), http.StatusNotFound, "document_not_found")
	})
}

func TestWhatIsLostIsToldBeforeItIs(t *testing.T) {
	crms(t, func(s *crm) {
		admin := s.logIn("admin")
		draft, _ := admin.do("POST", config1+"drafts", map[string]any{}).body["id"].(string)
		body := copyOf(t, admin.do("GET", config1+"object/lead", nil).body)
		fields, _ := body["fields"].([]any)
		body["fields"] = slices.DeleteFunc(fields, func(f any) bool { return f.(map[string]any)["name"] == "email" })
		source := with(body["fields"], "name", "source")
		choices, _ := source["choices"].([]any)
		source["choices"] = choices[1:]
		admin.do("PUT", config1+"object/lead?draft="+draft, body)
		admin.do("DELETE", config1+"role/service?draft="+draft, nil)
		diff := admin.do("POST", config1+"drafts/"+draft+"/diff", nil, "Accept-Language", "en")
		object := texts(diff.item("items", map[string]any{"kind": "object"})["warnings"])
		if len(object) != 2 || !strings.Contains(object[0], "Field “E-mail” disappears") || !strings.Contains(object[1], "records that have it") {
			s.t.Errorf("%q", object)
		}
		role := texts(diff.item("items", map[string]any{"kind": "role"})["warnings"])
		if len(role) != 1 || !strings.Contains(role[0], "(1)") {
			s.t.Errorf("%q", role)
		}
	})
}

func TestRulesAreTriedBeforeTheyAreSaved(t *testing.T) {
	crms(t, func(s *crm) {
		admin := s.logIn("admin")
		draft, _ := admin.do("POST", config1+"drafts", map[string]any{}).body["id"].(string)
		object := copyOf(t, admin.do("GET", config1+"object/lead", nil).body)
		source := with(object["fields"], "name", "source")
		choices, _ := source["choices"].([]any)
		source["choices"] = append(choices, map[string]any{"name": "小红书"})
		s.want("choice", admin.do("PUT", config1+"object/lead?draft="+draft, object), http.StatusOK, "")

		table := copyOf(t, admin.do("GET", config1+"routing-table/lead", nil).body)
		rows, _ := table["rows"].([]any)
		person := map[string]any{"id": "x.red", "label": map[string]any{"en": "RED"}, "when": "来源=小红书", "then": map[string]any{"person": "sales@example.com"}}
		table["rows"] = append([]any{person}, rows...)
		try := map[string]any{"fields": map[string]any{"source": "小红书"}, "document": table}
		tried := admin.do("POST", "/api/v1/simulate/routing-table/lead?draft="+draft, try, "Accept-Language", "en")
		s.want("with the draft's choice", tried, http.StatusOK, "")
		if row, _ := tried.body["row"].(map[string]any); row["label"] != "RED" {
			s.t.Errorf("%s", tried.raw)
		}
		s.want("today's", admin.do("POST", "/api/v1/simulate/routing-table/lead", map[string]any{"fields": map[string]any{"source": "小红书"}}), http.StatusUnprocessableEntity, "invalid_input")
		s.want("without the choice", admin.do("POST", "/api/v1/simulate/routing-table/lead", try), http.StatusUnprocessableEntity, "does_not_compile")
		if live := admin.do("GET", config1+"routing-table/lead", nil); strings.Contains(live.raw, "x.red") {
			s.t.Error("trying wrote the table")
		}
	})
}

func TestMappingIsTriedOnACapturedDelivery(t *testing.T) {
	crms(t, func(s *crm) {
		s.must(s.intake.Secrets.Set(t.Context(), "website-api", "website-token"))
		sent := s.call("POST", "/in/website-api", map[string]any{"company": "上海一号", "contact": "王", "phone": "13900007777", "region": "上海市"}, "Authorization", "Bearer website-token")
		s.want("deliver", sent, http.StatusOK, "")
		id, _ := sent.body["delivery"].(string)
		admin := s.logIn("admin")
		path := config1 + "channel/website-api/preview"
		value := func(a answer, name string) any { return a.item("fields", map[string]any{"name": name})["value"] }
		now := admin.do("POST", path, map[string]any{"delivery": id})
		s.want("captured", now, http.StatusOK, "")
		if value(now, "region") != "华东" || value(now, "source") != "官网" || value(now, "phone") != "+8613900007777" {
			s.t.Errorf("%s", now.raw)
		}
		body := copyOf(t, admin.do("GET", config1+"channel/website-api", nil).body)
		region := with(body["fields"], "field", "region")
		mapped, _ := region["map"].(map[string]any)
		mapped["上海市"] = "华南"
		draft := admin.do("POST", path, map[string]any{"delivery": id, "document": body})
		if value(draft, "region") != "华南" {
			s.t.Errorf("%s", draft.raw)
		}
		body["fields"] = append(body["fields"].([]any), map[string]any{"field": "product", "paths": []string{"want"}, "required": true})
		missing := admin.do("POST", path, map[string]any{"sample": `{"company":"x"}`, "document": body}, "Accept-Language", "en")
		if missing.item("errors", map[string]any{"path": "product", "code": "required"}) == nil || value(missing, "company") != "x" {
			s.t.Errorf("%s", missing.raw)
		}
		s.want("no JSON", admin.do("POST", path, map[string]any{"sample": "hello"}), http.StatusOK, "")
		s.want("another channel's", admin.do("POST", config1+"channel/douyin/preview", map[string]any{"delivery": id}), http.StatusNotFound, "not_found")
		s.want("role", admin.do("PUT", config1+"role/builder", map[string]any{
			"label": map[string]any{"en": "Builder"}, "home": "sales", "rights": []string{"config.write"}, "objects": map[string]any{"lead": map[string]any{"read": true, "scope": "own"}},
		}), http.StatusCreated, "")
		s.want("without the right to deliveries", s.logIn("builder").do("POST", path, map[string]any{"delivery": id}), http.StatusForbidden, "forbidden")
		if n := len(s.leads()); n != 1 {
			s.t.Errorf("%d leads after trying", n)
		}
	})
}

func TestDocumentsAreTextBothWays(t *testing.T) {
	crms(t, func(s *crm) {
		admin := s.logIn("admin")
		body := admin.do("GET", config1+"clock/claim", nil).body
		text := admin.do("POST", config1+"convert", map[string]any{"kind": "clock", "name": "claim", "body": body})
		yaml, _ := text.body["yaml"].(string)
		if !strings.HasPrefix(yaml, "document: clock\n") {
			s.t.Fatalf("%s", text.raw)
		}
		back := admin.do("POST", config1+"convert", map[string]any{"kind": "clock", "name": "claim", "yaml": yaml})
		if !cmp.Equal(back.body["body"], any(body)) {
			s.t.Errorf("%s", cmp.Diff(any(body), back.body["body"]))
		}
		wrong := admin.do("POST", config1+"convert", map[string]any{"kind": "clock", "name": "claim", "yaml": "a: [1\nb: 2"})
		s.want("broken", wrong, http.StatusBadRequest, "malformed_yaml")
		if fault := wrong.first("errors"); fault["line"] == nil {
			s.t.Errorf("no place: %s", wrong.raw)
		}
		s.want("sales", s.logIn("sales").do("POST", config1+"convert", map[string]any{"kind": "clock", "name": "claim", "body": body}), http.StatusForbidden, "forbidden")
	})
}

// The editor offers the rights that there are.
func TestEveryRightHasATitle(t *testing.T) {
	shape, err := config.ShapeOf("role")
	if err != nil {
		t.Fatal(err)
	}
	titles := shape.Properties["rights"].Item.Choices
	for _, right := range append(access.Rights(), "*") {
		if titles[right]["zh-CN"] == "" || titles[right]["en"] == "" {
			t.Errorf("%s has no title in schemas/role.json", right)
		}
	}
}

// versionListed is the version of the pool of a name in a list of documents, or of kinds.
func versionListed(items any, name string) any {
	list, _ := items.([]any)
	for _, one := range list {
		row, _ := one.(map[string]any)
		if inner, ok := row["items"]; ok && row["kind"] == "pool" {
			return versionListed(inner, name)
		}
		if version, ok := row["version"].(float64); ok && row["name"] == name {
			return int(version)
		}
	}
	return nil
}
