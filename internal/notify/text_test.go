package notify

import "testing"

func TestSentences(t *testing.T) {
	n := &Notify{Options: Options{Person: func(id string) string { return map[string]string{"u1": "张伟", "u2": "李娜"}[id] },
		Label: func(kind, name, language string) string {
			return map[string]string{"clock claim zh-CN": "30 分钟领取", "stage claim/due zh-CN": "超时", "channel douyin zh-CN": "抖音"}[kind+" "+name+" "+language]
		}}}
	lead := Subject{Label: "恒锐液压", Fields: []FieldText{{"公司", "恒锐液压"}, {"产品", "比例阀"}, {"评分", "82 ★★★★"}}}
	for _, c := range []struct {
		who     Reader
		kind    string
		params  map[string]any
		subject Subject
		want    string
	}{
		{Reader{User: "u1", Language: "zh-CN"}, "assigned", map[string]any{"owner": "u1"}, lead, "「恒锐液压」分给了你 · 比例阀 · 82 ★★★★"},
		{Reader{User: "u2", Language: "en"}, "assigned", map[string]any{"owner": "u1", "pool": "TOP-3"}, Subject{Label: "Hengrui"}, "Hengrui was assigned to 张伟 (TOP-3)"},
		{Reader{Language: "zh-CN"}, "assigned", map[string]any{"owner": "u1"}, Subject{}, "「一条记录」已分给张伟"},
		{Reader{Language: "zh-CN"}, "claim_overdue", map[string]any{"owner": "u2", "minutes": 30.0}, lead, "「恒锐液压」超时未领取（30 个工作分钟），负责人 李娜 · 比例阀 · 82 ★★★★"},
		{Reader{Language: "en"}, "claim_overdue", nil, Subject{}, "a record was not claimed in time"},
		{Reader{Language: "zh-CN"}, "silent_72h", map[string]any{"owner": "gone"}, Subject{Label: "A"}, "「A」已 72 小时没有跟进，负责人 （未知）"},
		{Reader{Language: "zh-CN"}, "commitment_due", nil, Subject{Label: "A"}, "「A」承诺的下一步已到期"},
		{Reader{Language: "zh-CN"}, "touched", map[string]any{"channel": "抖音"}, Subject{Label: "A"}, "「A」再次联系了我们，渠道 抖音"},
		{Reader{Language: "zh-CN"}, "touched", map[string]any{"channel": "douyin"}, Subject{Label: "A"}, "「A」再次联系了我们，渠道 抖音"},
		{Reader{Language: "zh-CN"}, "clock_fired", map[string]any{"clock": "claim", "stage": "due", "owner": "u1"}, Subject{Label: "A"}, "「A」时限提醒：30 分钟领取（超时），负责人 张伟"},
		{Reader{User: "u1", Language: "en"}, "clock_fired", map[string]any{"clock": "claim", "stage": "due", "owner": "u1"}, Subject{Label: "A"}, "A: claim"},
		{Reader{User: "u2", Language: "zh-CN"}, "fallback", map[string]any{"owner": "u2"}, Subject{Label: "A"}, "「A」没有合适的人可分，已交给你"},
		{Reader{Language: "zh-CN"}, "needs_completion", nil, Subject{Label: "{owner} [x]"}, "「{owner} [x]」资料不全，需要补全"},
		{Reader{Language: "en"}, "unheard_of", nil, Subject{Label: "A"}, "There is news about A"},
		{Reader{Language: "en"}, "any", map[string]any{"text": map[string]any{"zh-CN": "请看{record}", "en": "See {record}"}}, Subject{Label: "A"}, "See A"},
		{Reader{Language: "en"}, "robot_dead", map[string]any{"robot": "top3", "count": 3.0, "reason": "93000"}, Subject{}, "3 messages of the group robot top3 were not delivered: 93000"},
	} {
		got := n.text(c.who, row{kind: c.kind, params: c.params}, c.subject).line()
		if got != c.want {
			t.Errorf("%s %v\n got %s\nwant %s", c.kind, c.who, got, c.want)
		}
	}
}
