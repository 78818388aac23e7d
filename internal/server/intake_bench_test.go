package server_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/demo"
	"clew.dev/clew/internal/intake"
	"clew.dev/clew/internal/server"
	"clew.dev/clew/internal/sqldb"
)

// BenchmarkIntake receives leads of a website from 16 callers, with everything
// on but HTTP and the robots' posts, in the demo company on either database.
// What counts is cpu-ms/lead, the processor time of this process, and
// server-ms/lead, that of PostgreSQL's for it. BENCH_DATA names the data
// directory of a filled company to be used instead of an empty embedded one;
// it is written to. For a profile:
//
//	go test ./internal/server -run - -bench Intake/embedded -benchtime 5000x -cpuprofile cpu.out
//
// PostgreSQL is durable only when named by CLEW_TEST_POSTGRES or started by
// PGFSYNC=on scripts/with-postgres.
func BenchmarkIntake(b *testing.B) {
	b.Run("embedded", func(b *testing.B) {
		if data := os.Getenv("BENCH_DATA"); data != "" {
			benchmarkIntake(b, server.Options{Data: data})
			return
		}
		benchmarkIntake(b, server.Options{Data: b.TempDir()})
	})
	b.Run("server", func(b *testing.B) {
		o := clewtest.PostgreSQL(b)
		benchmarkIntake(b, server.Options{Data: o.Dir, Database: o.URL})
	})
}

func benchmarkIntake(b *testing.B, o server.Options) {
	ctx := context.Background()
	o.Listen, o.Template, o.Demo = "127.0.0.1:0", "crm", true
	app, err := server.Open(ctx, o)
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := app.Close(ctx); err != nil {
			b.Error(err)
		}
	}()
	if os.Getenv("BENCH_DATA") == "" {
		if err := demo.Generate(ctx, demo.Company{
			DB: app.DB, Snapshot: app.Catalog.Current, Accounts: app.Accounts, Intake: app.Intake,
			Records: app.Records, Timer: app.Timer, Notify: app.Notify, Leads: 20,
		}); err != nil {
			b.Fatal(err)
		}
	}
	first := time.Now().UnixMilli() % 10_000_000 // a filled company has heard the numbers of the run before
	var next atomic.Int64
	next.Store(first)
	b.SetParallelism(8)
	b.ReportAllocs()
	own, servers := processor(b), serverProcessor(b, app.DB)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			answer, err := app.Intake.Receive(ctx, websiteLead(next.Add(1)))
			if err != nil || answer.Record == "" {
				b.Errorf("%+v %v", answer, err)
				return
			}
		}
	})
	b.StopTimer()
	b.ReportMetric(milliseconds(processor(b)-own)/float64(b.N), "cpu-ms/lead")
	if spent := serverProcessor(b, app.DB) - servers; spent > 0 {
		b.ReportMetric(milliseconds(spent)/float64(b.N), "server-ms/lead")
	}
}

// websiteLead is the n-th lead of a website, of a person not known yet.
func websiteLead(n int64) intake.Request {
	body, _ := json.Marshal(map[string]any{
		"external_id": fmt.Sprint("web-", n), "company": fmt.Sprintf("苏州精工设备制造第%d有限公司", n), "contact": "王建国", "title": "采购经理",
		"phone": fmt.Sprintf("1701%07d", n%10_000_000), "email": fmt.Sprintf("buyer%d@example.cn", n), "wechat": fmt.Sprintf("wx_buyer_%d", n),
		"source": "官网", "industry": "锂电装备", "region": []string{"江苏", "广东", "湖北", "北京"}[n%4], "city": "苏州",
		"product": "VX-200 视觉检测机", "budget": "300000", "message": "我们工厂准备新上一条产线，想了解设备的检测精度和节拍，需要一份正式报价单，下个月要投产。",
		"tags": []string{"官网询价"}, "next_action": "电话沟通",
	})
	return intake.Request{
		Channel: "website-api", Body: body,
		Header: http.Header{"Authorization": {"Bearer " + demo.WebsiteSecret}, "Content-Type": {"application/json"}},
	}
}

// processor is the time that this process has run.
func processor(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// serverProcessor is the time that PostgreSQL's processes for this database
// have run; 0 on an embedded one.
func serverProcessor(b *testing.B, db *sqldb.DB) (spent time.Duration) {
	if _, ok := db.Pool(); !ok {
		return 0
	}
	err := db.Read(b.Context(), func(tx *sqldb.Tx) error {
		rows, err := tx.Query("SELECT pid FROM pg_stat_activity WHERE datname=current_database()")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var pid int64
			if err := rows.Scan(&pid); err != nil {
				return err
			}
			text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
			if err != nil {
				return err
			}
			fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')'):]))
			for _, field := range fields[12:14] { // user and system time, in hundredths of a second
				ticks, err := strconv.ParseInt(field, 10, 64)
				if err != nil {
					return err
				}
				spent += time.Duration(ticks) * 10 * time.Millisecond
			}
		}
		return rows.Err()
	})
	if err != nil {
		b.Fatal(err)
	}
	return spent
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func signWith(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}
