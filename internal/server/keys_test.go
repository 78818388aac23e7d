package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"clew.dev/clew/internal/intake"
)

// TestWhoIsMetByOneKeyIsMetByAllFromThenOn: of several keys some are new and
// some are held; whoever holds one gets the rest.
func TestWhoIsMetByOneKeyIsMetByAllFromThenOn(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		n := 0
		arrive := func(fields map[string]any) (record, delivery string) {
			t.Helper()
			n++
			fields["company"], fields["message"] = "恒力精工", fmt.Sprint("第", n, "次")
			body, err := json.Marshal(fields)
			c.must(err)
			answer, err := c.app.Intake.Receive(context.Background(), intake.Request{
				Channel: "website-api", Body: body, Header: map[string][]string{"Authorization": {"Bearer " + websiteToken}},
			})
			c.must(err)
			return answer.Record, answer.Delivery
		}
		first, _ := arrive(map[string]any{"phone": "13812345678", "wechat": "hengli"})
		for name, fields := range map[string]map[string]any{
			"all keys held":             {"phone": "13812345678", "wechat": "hengli"},
			"one held, one new":         {"phone": "13812345678", "wechat": "hengli-2", "email": "a@example.cn"},
			"one held, the channel's":   {"external_id": "x1", "wechat": "hengli"},
			"the same number otherwise": {"phone": "+86 138 1234 5678"},
		} {
			if got, _ := arrive(fields); got != first {
				t.Errorf("%s: met %s, want %s", name, got, first)
			}
		}
		for name, fields := range map[string]map[string]any{
			"by a key that came later": {"email": "a@example.cn"}, "by the channel's": {"external_id": "x1"},
		} {
			if got, _ := arrive(fields); got != first {
				t.Errorf("%s: met %s, want %s", name, got, first)
			}
		}
		if other, _ := arrive(map[string]any{"phone": "13912345678"}); other == first {
			t.Error("another person met the first one's record")
		}
		c.expectCount("SELECT COUNT(*) FROM match_key WHERE scope='crm.lead' AND record='"+first+"'", 4)
	})
}

// TestKeysThatOthersBroughtStay: a record goes on being met by what a touch
// brought, also when another of its keyed fields is filled or changed; its own
// former value is given back.
func TestKeysThatOthersBroughtStay(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		website := func(fields map[string]any) string {
			t.Helper()
			fields["company"] = "恒力精工"
			return c.send("POST", "/in/website-api", fields, map[string]string{"Authorization": "Bearer " + websiteToken}).want(t, "website", 200).header.Get("Clew-Record")
		}
		first := website(map[string]any{"phone": "13812345678", "wechat": "hengli"})
		// A second WeChat id and, in the same breath, the e-mail that was blank.
		website(map[string]any{"phone": "13812345678", "wechat": "hengli-2", "email": "a@example.cn"})
		if got := website(map[string]any{"wechat": "hengli-2"}); got != first {
			t.Errorf("by what a touch brought: %s, want %s", got, first)
		}
		c.as("leader")("PATCH", leads+"/"+first, map[string]any{"email": "b@example.cn"}).want(t, "a new e-mail", 200)
		for _, fields := range []map[string]any{{"wechat": "hengli-2"}, {"wechat": "hengli"}, {"email": "b@example.cn"}, {"phone": "13812345678"}} {
			if got := website(fields); got != first {
				t.Errorf("%v after an edit: %s, want %s", fields, got, first)
			}
		}
		if got := website(map[string]any{"email": "a@example.cn"}); got == first || got == "" {
			t.Errorf("the former e-mail still meets the record: %s", got)
		}
	})
}

// TestTheSameBodyIsOneDelivery: what was claimed by the first is told to the second.
func TestTheSameBodyIsOneDelivery(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		request := fromWebsite(1)
		var first intake.Answer
		for i := range 3 {
			answer, err := c.app.Intake.Receive(context.Background(), request)
			c.must(err)
			if i == 0 {
				first = answer
			}
			if answer.Record != first.Record || answer.Delivery != first.Delivery || answer.Record == "" {
				t.Errorf("time %d: %+v, first %+v", i, answer, first)
			}
		}
		c.expectCount("SELECT COUNT(*) FROM delivery", 1)
		c.expectCount("SELECT COUNT(*) FROM delivery WHERE repeats=2", 1)
		c.expectCount("SELECT COUNT(*) FROM delivery_key", 1)
	})
}
