package demo

import (
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/connector/oceanengine"
	"clew.dev/clew/internal/intake"
)

// TestTheGuidesScript sends the literal body that the guide tells people to send.
func TestTheGuidesScript(t *testing.T) {
	script, err := os.ReadFile("../../docs/guide/douyin.sh")
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range []string{"zh-CN", "en"} {
		page, err := os.ReadFile("../../docs/guide/" + language + "/douyin-script.md")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(page), string(script)) {
			t.Errorf("the %s guide shows another script", language)
		}
	}
	body := regexp.MustCompile(`(?m)^body='(.*)'$`).FindSubmatch(script)
	signature := regexp.MustCompile(`(?m)^signature=([0-9a-f]{64})$`).FindSubmatch(script)
	if body == nil || signature == nil {
		t.Fatal("the script has no literal body or signature")
	}
	c := found(t, clewtest.Open(t, clewtest.Embedded(t)), 5)
	if err := Generate(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	var first string
	for range 2 {
		answer, err := c.Intake.Receive(t.Context(), intake.Request{
			Channel: "douyin", Body: body[1], Header: http.Header{oceanengine.SignatureHeader: {string(signature[1])}},
		})
		if err != nil || answer.Record == "" || string(answer.Body) != `{"BaseResp":{"StatusCode":200,"StatusMessage":"ok"}}` {
			t.Fatalf("%+v, %v", answer, err)
		}
		if first == "" {
			first = answer.Record
		}
		if answer.Record != first {
			t.Error("the second time made another lead")
		}
	}
}
