package metric_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/clewtest/office"
	"clew.dev/clew/internal/metric"
	"clew.dev/clew/internal/query"
)

type queryRow = query.Row

// milestones are those of a lead, "deal signed paid", as days; - for none.
func milestones(c *office.Company, lead string) string {
	c.Helper()
	out := []string{"-", "-", "-"}
	for i, name := range []string{"deal_at", "signed_on", "paid_on"} {
		if v := c.Value("lead", lead, name); v != "" {
			out[i] = v[5:min(len(v), 10)]
		}
	}
	return strings.Join(out, " ")
}

// TestMilestonesAreTheEarliest: of all that hangs on a lead, over one, two and
// three references, whatever is added, changed, moved, deleted or restored.
func TestMilestonesAreTheEarliest(t *testing.T) {
	onBoth(t, func(c *office.Company) {
		lead, other := c.Create("eve", "lead", map[string]any{"name": "a"}), c.Create("eve", "lead", map[string]any{"name": "b"})
		is := func(what, want string) {
			t.Helper()
			if got := milestones(c, lead) + " | " + milestones(c, other); got != want {
				t.Errorf("%s: %s, want %s", what, got, want)
			}
		}
		is("nothing", "- - - | - - -")
		deal := c.Create("eve", "deal", map[string]any{"lead": lead})
		is("a deal", "03-03 - - | - - -")
		c.Clock.Advance(48 * time.Hour)
		second := c.Create("eve", "deal", map[string]any{"lead": lead})
		is("a later deal", "03-03 - - | - - -")
		contract := c.Create("eve", "contract", map[string]any{"deal": second, "on": "2026-04-10"})
		is("a contract of the second", "03-03 04-10 - | - - -")
		early := c.Create("eve", "contract", map[string]any{"deal": deal, "on": "2026-04-01"})
		is("an earlier one of the first", "03-03 04-01 - | - - -")
		payment := c.Create("eve", "payment", map[string]any{"contract": contract, "on": "2026-05-05", "amount": "5"})
		c.Create("eve", "payment", map[string]any{"contract": contract, "on": "2026-05-01", "amount": "-5"})
		c.Create("eve", "payment", map[string]any{"contract": contract, "on": "2026-05-02"})
		is("money, a refund and a blank", "03-03 04-01 05-05 | - - -")
		c.Edit("eve", "payment", payment, map[string]any{"on": "2026-05-20"})
		is("its day changed", "03-03 04-01 05-20 | - - -")
		c.Edit("eve", "payment", payment, map[string]any{"amount": "-1"})
		is("it becomes a refund", "03-03 04-01 - | - - -")
		c.Edit("eve", "payment", payment, map[string]any{"amount": "1"})
		c.Edit("eve", "contract", early, map[string]any{"on": nil})
		is("a contract without a day", "03-03 04-10 05-20 | - - -")
		c.Edit("eve", "contract", contract, map[string]any{"deal": nil})
		is("a contract without a deal", "03-03 - - | - - -")
		c.Edit("eve", "contract", contract, map[string]any{"deal": second})
		c.Edit("eve", "deal", second, map[string]any{"lead": other})
		is("the deal moves on with all that hangs on it", "03-03 - - | 03-05 04-10 05-20")
		c.Delete("eve", "deal", second)
		is("it is deleted", "03-03 - - | - - -")
		c.Restore("eve", "deal", second)
		is("it comes back", "03-03 - - | 03-05 04-10 05-20")
		c.Delete("eve", "payment", payment)
		is("the payment is deleted", "03-03 - - | 03-05 04-10 -")
		c.Delete("eve", "lead", other)
		c.Restore("eve", "payment", payment)
		c.Restore("eve", "lead", other)
		c.Edit("eve", "payment", payment, map[string]any{"on": "2026-05-21"})
		is("a lead that was away meanwhile", "03-03 - - | 03-05 04-10 05-21")
		c.Same("it is told by the program", strings.Count(fmt.Sprint(c.Kinds(lead)), "changed") > 0, true)
	})
}

// TestCyclesAreRefusedWithTheirPlace: each name that there is not, and each
// field that cannot hold what it should.
func TestCyclesAreRefusedWithTheirPlace(t *testing.T) {
	onBoth(t, func(c *office.Company) {
		for _, one := range []struct{ name, from, to, want string }{
			{"the object", "object: lead\nfrom", "object: moon\nfrom", "object unknown_object"},
			{"the beginning", "from: created_at", "from: moon", "from unknown_field"},
			{"a beginning that is no moment", "from: created_at", "from: name", "from wrong_field_type"},
			{"a milestone", "until: first_at", "until: moon", "steps.0.until unknown_field, steps.0.until unknown_field"},
			{"a milestone that is no moment", "until: first_at", "until: name", "steps.0.until wrong_field_type"},
			{"a milestone that nobody writes", "until: first_at", "until: created_at", "steps.0.until unknown_field"},
			{"an object on the way", "object: deal, at", "object: moon, at", "steps.1.of.object unknown_object"},
			{"a reference on the way", "through: [deal, lead]", "through: [moon, lead]", "steps.2.of.through.0 unknown_field"},
			{"a field that is no reference", "through: [deal, lead]", "through: [name, lead]", "steps.2.of.through.0 unknown_field"},
			{"a way that leads elsewhere", "through: [deal, lead]", "through: [deal]", "steps.2.of.through wrong_object"},
			{"a way that goes on too far", "through: [lead]", "through: [lead, owner]", "steps.1.of.through.1 unknown_field"},
			{"a moment that there is not", "at: 'on', through: [deal, lead]", "at: moon, through: [deal, lead]", "steps.2.of.at unknown_field, steps.2.of.at wrong_field_type"},
			{"a day for a moment", "at: created_at, through: [lead]", "at: name, through: [lead]", "steps.1.of.at wrong_field_type, steps.1.of.at wrong_field_type"},
			{"a moment for a day", "at: 'on', through: [deal, lead]", "at: created_at, through: [deal, lead]", "steps.2.of.at wrong_field_type"},
			{"a condition's field", "when: 'amount > 0'", "when: 'moon > 0'", "steps.3.of.when unknown_field"},
			{"half a condition", "when: 'amount > 0'", "when: 'amount >'", "steps.3.of.when syntax"},
			{"no condition", "when: 'amount > 0'", "when: 'amount'", "steps.3.of.when wrong_type"},
			{"nothing", "when: 'amount > 0'", "when: 'amount > 1'", ""},
		} {
			text := strings.Replace(documents, one.from, one.to, 1)
			if text == documents {
				t.Fatalf("%s: nothing was changed", one.name)
			}
			for _, d := range c.Documents(text) {
				if d.Kind == "cycle" {
					_, err := metric.CompileCycle(c.Catalog.Current(), d)
					_, got, _ := strings.Cut(office.Fault(err), ": ")
					c.Same(one.name, got, one.want)
				}
			}
		}
	})
}
