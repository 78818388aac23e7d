package query_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/sqldb"
	"github.com/google/go-cmp/cmp"
)

// TestRendered compares what conditions become for each database with
// testdata/rendered.NAME.txt: a condition after "> ", the SQL, the arguments.
// No value of a condition ever stands in the SQL itself.
func TestRendered(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		path := filepath.Join("testdata", "rendered."+filepath.Base(t.Name())+".txt")
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		for _, source := range []string{
			`来源=抖音`, `来源<>抖音`, `来源 IN (抖音, 官网)`, `来源 NOT IN (抖音)`, `ISBLANK(来源)`, `NOT ISBLANK(来源)`,
			`评分>5`, `评分>=5.5`, `评分<-1`, `评分 IN (1, 2)`, `评分+1=8`, `评分*评分>4`, `预算>100000`, `预算=99.99`, `费率=0.125`, `MIN(评分, 5)=5`, `ROUND(费率, 2)=0.13`,
			`公司="abc"`, `公司="x' OR 1=1 --"`, `CONTAINS(公司, "100%_\")`, `STARTSWITH(公司, "恒")`, `ENDSWITH(公司, "Ltd")`, `LEN(公司)>2`, `LOWER(公司)="abc"`, `公司 & "!"="a!"`,
			`CONTAINS(标签, "a")`, `CONTAINS(需求, 样品)`, `ISBLANK(标签)`, `大客户`, `NOT 大客户`, `大客户=FALSE`,
			`负责人=ME()`, `负责人 IN TEAM()`, `负责人 IN NOBODY()`, `电话="139 0000 1111"`, `拜访日="2026-02-28"`, `拜访日<TODAY()`, `拜访日+10=TODAY()`,
			`下次时间>NOW()`, `下次时间=TODAY()`, `下次时间<"2026-03-10 18:00"`, `DATEADD(下次时间, 1, "month")<NOW()`, `DATEDIFF(NOW(), 下次时间, "hour")=7`, `HOUR(下次时间)=18`,
			`来源=抖音 AND 评分>5`, `来源=抖音 OR 评分>5 AND 大客户`, `NOT (来源=抖音 OR 评分>5)`, `IF(大客户, 评分>5, 评分<0)`, `TRUE`, `FALSE`,
		} {
			program, err := expr.Compile(source, env(t), expr.Bool)
			if err != nil {
				t.Fatalf("%s: %v", source, err)
			}
			in := input(query.Row{})
			in.Params["NOBODY"] = []string{}
			sql, args, err := query.Select{Object: lead(), Where: query.Expr{Program: program, Input: in}, Limit: 7}.Render(db.Dialect())
			if err != nil {
				t.Fatalf("%s: %v", source, err)
			}
			if strings.Contains(sql, "1=1") || strings.Contains(sql, "恒") {
				t.Errorf("%s: a value stands in %s", source, sql)
			}
			_, where, ok := strings.Cut(sql, " WHERE ")
			if !ok {
				t.Errorf("%s has no WHERE: %s", source, sql)
			}
			fmt.Fprintf(&got, "> %s\n%s\n%v\n\n", source, where, args)
		}
		if diff := cmp.Diff(string(content), got.String()); diff != "" {
			if os.Getenv("CLEW_UPDATE") != "" {
				if err := os.WriteFile(path, []byte(got.String()), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	})
}
