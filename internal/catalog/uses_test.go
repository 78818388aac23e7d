package catalog

import (
	"slices"
	"strings"
	"testing"
)

// users name the fields of an object in every notation that a document has for
// them: in lists, as keys, with a sign, with a calendar's step, in conditions.
const users = `
document: object
id: t.deal
name: deal
label: {zh-CN: 商机}
title: name
owner: owner
fields:
  - {id: t.deal.name, name: name, label: {zh-CN: 名称}, type: text}
  - {id: t.deal.city, name: city, label: {zh-CN: 城市}, type: text}
  - {id: t.deal.amount, name: amount, label: {zh-CN: 金额}, type: currency}
  - {id: t.deal.signed, name: signed, label: {zh-CN: 签约日}, type: date}
  - {id: t.deal.owner, name: owner, label: {zh-CN: 负责人}, type: person}
  - {id: t.deal.lead, name: lead, label: {zh-CN: 线索}, type: reference, object: lead}
  - id: t.deal.stage
    name: stage
    label: {zh-CN: 阶段}
    type: choice
    choices: [{id: t.deal.stage.a, name: 初步, label: {zh-CN: 初步, en: First}}, {id: t.deal.stage.b, name: 成交}]
---
document: view
id: t.view.deals
name: deal.all
label: {zh-CN: 全部商机}
object: deal
filter: 阶段=成交 AND 金额 > 100
columns: [name, city]
sort: -signed,name
group: "signed:month, owner"
widths: {city: 200}
---
document: page
id: t.page.deal
name: deal
label: {zh-CN: 商机}
object: deal
sections: [{label: {zh-CN: 基本}, fields: [amount]}]
---
document: role
id: t.role.seller
name: seller
label: {zh-CN: 销售}
home: sales
objects:
  deal: {read: true, scope: '城市 = "苏州"', fields: {amount: hidden}}
`

// TestWhereAFieldIsUsed: whatever notation a document names a field in, it is
// among those that use it; who does not name it is not.
func TestWhereAFieldIsUsed(t *testing.T) {
	each(t, func(b bench) {
		b.apply(users)
		for _, one := range []struct {
			target Target
			want   string
		}{
			{Target{Kind: "object", Name: "deal", Field: "name"}, "object/deal title; view/deal.all columns; view/deal.all sort"},
			{Target{Kind: "object", Name: "deal", Field: "city"}, "role/seller objects; view/deal.all columns; view/deal.all widths"},
			{Target{Kind: "object", Name: "deal", Field: "signed"}, "view/deal.all group; view/deal.all sort"},
			{Target{Kind: "object", Name: "deal", Field: "owner"}, "object/deal owner; view/deal.all group"},
			{Target{Kind: "object", Name: "deal", Field: "amount"}, "page/deal sections; role/seller objects; view/deal.all filter"},
			{Target{Kind: "object", Name: "deal", Field: "stage"}, "view/deal.all filter"},
			{Target{Kind: "object", Name: "deal", Field: "stage", Choice: "成交"}, "view/deal.all filter"},
			{Target{Kind: "object", Name: "deal", Field: "stage", Choice: "初步"}, ""},
			{Target{Kind: "object", Name: "deal", Field: "lead"}, ""},
			{Target{Kind: "object", Name: "deal", Field: "moon"}, ""},
			{Target{Kind: "object", Name: "lead", Field: "company"}, "object/lead title; view/lead.web columns"},
			{Target{Kind: "object", Name: "moon"}, ""},
		} {
			found, err := b.Current().Uses(one.target)
			if err != nil {
				b.Fatal(err)
			}
			got := []string{}
			for _, usage := range found {
				property, _, _ := strings.Cut(usage.Leaf.Path, ".")
				got = append(got, usage.Document.Reference()+" "+property)
			}
			slices.Sort(got)
			if text := strings.Join(slices.Compact(got), "; "); text != one.want {
				b.Errorf("%+v is used at %q, want %q", one.target, text, one.want)
			}
		}
		whole, err := b.Current().Uses(Target{Kind: "object", Name: "lead"})
		if err != nil || len(whole) == 0 {
			b.Errorf("nobody uses the leads: %v", err)
		}
	})
}
