package catalog

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// leadAndVisit refers to the lead in every way: by a field of its own, a reference,
// another object's view, a view of its own.
const leadAndVisit = `
document: field
name: lead.note
object: lead
type: text
label: {zh-CN: 备注}
---
document: object
id: t.visit
name: visit
label: {zh-CN: 拜访}
title: topic
fields:
  - {id: t.visit.topic, name: topic, label: {zh-CN: 主题}, type: text}
  - {id: t.visit.lead, name: lead, label: {zh-CN: 线索}, type: reference, object: lead}
---
document: view
id: t.view.rich
name: lead.rich
label: {zh-CN: 大单}
object: lead
filter: 预算 > 100000 AND 备注="x"
columns: [company, budget]
`

// brokenLead does not have the shape of an object.
var brokenLead = strings.Replace(strings.Split(company, "---")[0], "type: currency", "type: [currency]", 1)

func TestABrokenObjectIsToldAlone(t *testing.T) {
	each(t, func(b bench) {
		b.apply(leadAndVisit)
		if got := b.refused(brokenLead); len(got) == 0 || slices.ContainsFunc(got, func(f string) bool {
			return !strings.HasPrefix(f, "fields.1.type ") && !strings.HasPrefix(f, "object/lead.fields.1.type ")
		}) {
			b.Errorf("told: %v", got)
		}
	})
}

func TestWhatIsWrongByItselfIsToldBesideABrokenObject(t *testing.T) {
	each(t, func(b bench) {
		b.apply(leadAndVisit)
		other := strings.Replace(strings.Split(leadAndVisit, "---")[2], "[company, budget]", "[company, colour]", 1)
		got := b.refused(brokenLead + "---" + other)
		got = slices.DeleteFunc(got, func(f string) bool { return strings.Contains(f, "fields.1.type ") })
		if diff := cmp.Diff([]string{"view/lead.rich.columns.1 unknown_field"}, got); diff != "" {
			b.Error(diff)
		}
	})
}

func TestABrokenNewObjectIsToldAlone(t *testing.T) {
	each(t, func(b bench) {
		got := b.refused(strings.Replace(strings.Split(leadAndVisit, "---")[1], "type: text", "type: [text]", 1) + `---
document: field
name: lead.visit
object: lead
type: reference
points_to: visit
label: {zh-CN: 拜访}
`)
		if len(got) == 0 || slices.ContainsFunc(got, func(f string) bool { return !strings.HasPrefix(f, "object/visit.fields.0.type ") }) {
			b.Errorf("told: %v", got)
		}
	})
}

func TestAMendedObjectTellsTheRest(t *testing.T) {
	each(t, func(b bench) {
		b.apply(leadAndVisit)
		without := strings.Replace(strings.Split(company, "---")[0], "  - {id: t.lead.budget, name: budget, label: {zh-CN: 预算}, type: currency}\n", "", 1)
		got := b.refused(without)
		if !slices.ContainsFunc(got, func(f string) bool { return strings.HasPrefix(f, "view/lead.rich.") }) {
			b.Errorf("a field that views need was taken away: %v", got)
		}
	})
}

func TestWhatABrokenObjectIsToBringIsNotMissed(t *testing.T) {
	each(t, func(b bench) {
		b.apply(leadAndVisit)
		more := brokenLead + "  - {id: t.lead.city, name: city, label: {zh-CN: 城市}, type: text}\n"
		other := strings.Replace(strings.Split(leadAndVisit, "---")[2], "[company, budget]", "[company, city]", 1)
		if got := b.refused(more + "---" + other); slices.ContainsFunc(got, func(f string) bool { return strings.HasPrefix(f, "view/") }) {
			b.Errorf("told: %v", got)
		}
	})
}
