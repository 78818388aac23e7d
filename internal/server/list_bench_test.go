package server_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"clew.dev/clew/internal/demo"
	"clew.dev/clew/internal/server"
)

// BenchmarkList answers a page of 50 leads over the whole handler, on the embedded
// database: with the columns that the browser asks for in the usual view, and with
// all that a person may read of them. For a profile:
//
//	go test ./internal/server -run - -bench List -benchtime 2000x -cpuprofile cpu.out
func BenchmarkList(b *testing.B) {
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
		Records: app.Records, Timer: app.Timer, Notify: app.Notify, Leads: 200,
	}); err != nil {
		b.Fatal(err)
	}
	if err := app.Accounts.Load(ctx); err != nil {
		b.Fatal(err)
	}
	token, err := app.CreateToken(ctx, "manager@demo.example", "bench")
	if err != nil {
		b.Fatal(err)
	}
	for name, fields := range map[string]string{
		"view": "&fields=company,contact,phone,source,product,intent,score,stars,status,owner,next_due,created_at", "all": "",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				q := httptest.NewRequest(http.MethodGet, "/api/v1/records/lead?limit=50&sort=-created_at"+fields, nil)
				q.Header.Set("Authorization", "Bearer "+token)
				w := httptest.NewRecorder()
				app.Handler().ServeHTTP(w, q)
				if w.Code != http.StatusOK || w.Body.Len() < 10_000 {
					b.Fatal(w.Code, w.Body.String())
				}
			}
		})
	}
}
