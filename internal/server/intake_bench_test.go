package server_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"

	"clew.dev/clew/internal/demo"
	"clew.dev/clew/internal/intake"
	"clew.dev/clew/internal/server"
)

// BenchmarkIntake receives Douyin clues with everything on but HTTP and the
// robots' posts, in the demo company on the embedded database. For a profile:
//
//	go test ./internal/server -run - -bench Intake -benchtime 5000x -cpuprofile cpu.out
func BenchmarkIntake(b *testing.B) {
	ctx := context.Background()
	app, err := server.Open(ctx, server.Options{Data: b.TempDir(), Listen: "127.0.0.1:0", Template: "crm", Demo: true})
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := app.Close(ctx); err != nil {
			b.Error(err)
		}
	}()
	if err := demo.Generate(ctx, demo.Company{
		DB: app.DB, Snapshot: app.Catalog.Current, Accounts: app.Accounts, Intake: app.Intake,
		Records: app.Records, Timer: app.Timer, Notify: app.Notify, Leads: 20,
	}); err != nil {
		b.Fatal(err)
	}
	var next atomic.Int64
	b.SetParallelism(8)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			n := next.Add(1)
			body := clue(fmt.Sprint("m", n), fmt.Sprint("c", n), fmt.Sprintf("1701%07d", n), nil)
			header := http.Header{"X-Open-Signature": {signWith(demo.DouyinSecret, body)}}
			answer, err := app.Intake.Receive(ctx, intake.Request{Channel: "douyin", Header: header, Body: body})
			if err != nil || answer.Record == "" {
				b.Errorf("%+v %v", answer, err)
				return
			}
		}
	})
}

func signWith(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}
