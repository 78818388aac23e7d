package server_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"runtime"
	"sort"
	"strings"
	"testing"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/sqldb"
	"github.com/xuri/excelize/v2"
)

func export(pairs ...string) string {
	return strings.Replace(ask(pairs...), leads, leads+"/export", 1)
}

// lines are a CSV answer's lines.
func (a answer) lines(t *testing.T) [][]string {
	t.Helper()
	if a.status != http.StatusOK || !bytes.HasPrefix(a.body, []byte("\xef\xbb\xbf")) {
		t.Fatalf("%d %.300s", a.status, a.body)
	}
	lines, err := csv.NewReader(bytes.NewReader(a.body[3:])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// sheet are an XLSX answer's lines.
func (a answer) sheet(t *testing.T) [][]string {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(a.body))
	if err != nil {
		t.Fatalf("%d %.300s: %v", a.status, a.body, err)
	}
	defer book.Close()
	lines, err := book.GetRows(book.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// TestAnExportIsTheListOfItsReader compares both for five people: the same
// records, in the same order, with no field more.
func TestAnExportIsTheListOfItsReader(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		ids := c.make("lead", 700, func(i int) map[string]any {
			return map[string]any{
				"company": fmt.Sprintf("客户%03d", i), "phone": fmt.Sprintf("139%08d", i), "owner": c.ids[fmt.Sprint("s", 1+i%3)],
				"budget": "771133.57", "city": []string{"苏州", "无锡"}[i%2], "intent": "高", "tags": []string{"急", "样品"},
			}
		})
		c.must(c.makeExporters("s1", "service"))
		for _, who := range []string{"s1", "leader", "marketing", "service", "admin"} {
			by := c.as(who)
			list, _ := walk(t, by, 500, "company", "sort", "company", "filter", `city="苏州"`)
			got := by("GET", export("format", "csv", "fields", "id,company", "sort", "company", "filter", `city="苏州"`), nil).lines(t)
			var exported []string
			for _, line := range got[1:] {
				exported = append(exported, line[0])
			}
			if !reflect.DeepEqual(list, exported) || len(list) == 0 {
				t.Errorf("%s: list of %d, export of %d", who, len(list), len(exported))
			}
			for _, format := range []string{"csv", "xlsx"} {
				whole := by("GET", export("format", format), nil)
				lines := whole.body
				if format == "xlsx" {
					lines = []byte(fmt.Sprint(whole.sheet(t)))
				}
				if seen := strings.Contains(string(lines), "771133"); seen == (who == "service") {
					t.Errorf("%s %s: budget seen %t", who, format, seen)
				}
				if who == "service" {
					noTrace(t, format, answer{whole.status, whole.header, lines})
				}
			}
			by("GET", export("format", "pdf"), nil).want(t, "format", 400)
			by("GET", export("format", "csv", "fields", "zzz"), nil).want(t, "unknown field", 400)
			by("GET", export("format", "csv", "filter", "zzz=1"), nil).want(t, "unknown field in the filter", 422)
		}
		service := c.as("service")
		hidden := service("GET", export("format", "csv", "fields", "budget"), nil).want(t, "hidden", 400)
		unknown := service("GET", export("format", "csv", "fields", "budgex"), nil)
		if strings.ReplaceAll(string(unknown.body), "budgex", "budget") != string(hidden.body) {
			t.Errorf("hidden %s, unknown %s", hidden.body, unknown.body)
		}
		c.as("s2")("GET", export("format", "csv"), nil).want(t, "without the right", 403)
		c.as("s1")("GET", "/api/v1/records/payment/export?format=csv&filter=zzz", nil).want(t, "filter", 422)
		c.as("s1")("GET", "/api/v1/records/moon/export?format=csv", nil).want(t, "no such object", 404)
		chosen := c.as("s1")("POST", leads+"/export", map[string]any{"format": "csv", "fields": []string{"company"}, "sort": "company", "ids": ids[:6]}).lines(t)
		if got := fmt.Sprint(chosen); got != "[[公司] [客户000] [客户003]]" {
			t.Errorf("chosen: %s", got)
		}
	})
}

// makeExporters lets people export by a role of its own beside theirs.
func (c *company) makeExporters(names ...string) error {
	put := c.as("admin")("PUT", "/api/v1/config/role/exporter", map[string]any{"label": map[string]string{"zh-CN": "导出", "en": "Export"}, "home": "sales", "rights": []string{"records.export"}, "objects": map[string]any{}})
	if put.status/100 != 2 {
		c.Fatalf("role: %d %s", put.status, put.body)
	}
	for _, name := range names {
		u, _ := c.app.Accounts.Directory().User(c.ids[name])
		roles := append([]string{"exporter"}, u.Roles...)
		if _, err := c.app.Accounts.UpdateUser(context.Background(), u.ID, account.UserChange{Roles: &roles}); err != nil {
			return err
		}
	}
	return nil
}

func TestAnExportReadsAsAPersonWould(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader := c.with("leader")
		c.must(c.app.DB.SetOffset(0))
		id := c.lead(c.as("leader"), map[string]any{
			"company": "=cmd|'/c calc'!A0", "contact": "@SUM(1)", "phone": "13900001111", "budget": "120000.50", "intent": "高",
			"tags": []string{"急", "样品"}, "owner": c.ids["s1"], "message": "一\n二",
		})
		for language, want := range map[string][]string{
			"zh-CN": {"公司", "联系人", "电话", "预算", "预算（币种）", "意向", "需求标签", "负责人", "创建时间", "留言"},
			"en":    {"Company", "Contact", "Phone", "Budget", "Budget (currency)", "Intent", "Demand tags", "Owner", "Created", "Message"},
		} {
			got := leader("GET", export("format", "csv", "fields", "company,contact,phone,budget,intent,tags,owner,created_at,message"), nil, map[string]string{"Accept-Language": language})
			lines := got.lines(t)
			if !reflect.DeepEqual(lines[0], want) {
				t.Errorf("head: %q", lines[0])
			}
			line := lines[1]
			choice := map[string]string{"zh-CN": "高", "en": "High"}[language]
			and := map[string]string{"zh-CN": "、", "en": ", "}[language]
			tags := strings.Split(line[6], and)
			sort.Strings(tags)
			if line[0] != "'=cmd|'/c calc'!A0" || line[1] != "'@SUM(1)" || line[2] != "'+8613900001111" || line[3] != "120000.50" || line[4] != "CNY" ||
				line[5] != choice || line[7] != "s1" || line[9] != "一\n二" || len(tags) < 2 {
				t.Errorf("line: %q", line)
			}
			created := leader("GET", leads+"/"+id, nil, nil).json(t)["created_at"].(string)
			if hour := line[8][11:13]; len(line[8]) != 19 || hour == created[11:13] {
				t.Errorf("created %s is written %s, not in the company's zone", created, line[8])
			}
			if at := got.header.Get("Content-Disposition"); !strings.Contains(at, `filename="lead.csv"`) || !strings.Contains(at, "filename*=UTF-8''") {
				t.Errorf("file name: %s", at)
			}
		}
		lines := leader("GET", export("format", "xlsx", "fields", "company,phone,budget"), nil, nil).sheet(t)
		if want := "=cmd|'/c calc'!A0 +8613900001111 120000.5 CNY"; strings.Join(lines[1], " ") != want {
			t.Errorf("xlsx: %q", lines[1])
		}
		c.expectCount("SELECT COUNT(*) FROM audit_entry WHERE kind='export.made' AND actor='"+c.ids["leader"]+"'", 3)
	})
}

// TestAnExportOf200000RecordsIsStreamed: memory stays bounded, and it all arrives.
func TestAnExportOf200000RecordsIsStreamed(t *testing.T) {
	c := open(t, founded.Embedded(t))
	const n, bound = 200_000, 96 << 20
	o, _ := c.app.Catalog.Current().Object("company")
	name, _ := o.Field("name")
	owner, _ := o.Field("owner")
	c.must(c.app.DB.Write(context.Background(), func(tx *sqldb.Tx) error {
		_, err := tx.Exec(fmt.Sprintf(`INSERT INTO %s (id,created_at,updated_at,revision,thread_seq,%s,%s)
			WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM s WHERE i<%d)
			SELECT printf('01900000-0000-7000-8000-%%012d',i),i,i,1,0,'昆山精密机械有限公司'||i,'%s' FROM s`, o.Table, name.Column, owner.Column, n, c.ids["leader"]))
		return err
	}))
	token, err := c.app.CreateToken(context.Background(), "leader@example.com", "x")
	c.must(err)
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for _, format := range []string{"csv", "xlsx"} {
		request, err := http.NewRequest("GET", c.site.URL+"/api/v1/records/company/export?"+url.Values{"format": {format}, "sort": {"name"}}.Encode(), nil)
		c.must(err)
		request.Header.Set("Authorization", "Bearer "+token)
		response, err := http.DefaultClient.Do(request)
		c.must(err)
		buffer, lines, size, highest := make([]byte, 1<<20), 0, 0, uint64(0)
		for at := 0; ; at++ {
			read, err := response.Body.Read(buffer)
			lines += bytes.Count(buffer[:read], []byte("\n"))
			size += read
			if at%500 == 0 {
				runtime.GC()
				runtime.ReadMemStats(&now)
				highest = max(highest, now.HeapAlloc)
			}
			if err == io.EOF {
				break
			}
			c.must(err)
		}
		c.must(response.Body.Close())
		if highest > before.HeapAlloc+bound {
			t.Errorf("%s: %d MB more", format, (highest-before.HeapAlloc)>>20)
		}
		if format == "csv" && lines != n+1 || size == 0 {
			t.Errorf("%s: %d lines, %d bytes", format, lines, size)
		}
	}
	c.expectCount("SELECT COUNT(*) FROM audit_entry WHERE kind='export.made' AND params LIKE '%\"records\":200000%'", 2)
}
