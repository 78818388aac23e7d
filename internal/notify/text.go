package notify

import (
	"fmt"
	"regexp"
	"strings"
)

// sentences by kind: Chinese, English. {name} is a parameter or {record}; a
// part in [ ] is left out when one of its parameters is blank. A kind with the
// suffix .you is what the person named by the parameter owner reads.
var sentences = map[string][2]string{
	"assigned":         {"「{record}」已分给{owner}[（{pool}）]", "{record} was assigned to {owner}[ ({pool})]"},
	"assigned.you":     {"「{record}」分给了你[（{pool}）]", "{record} was assigned to you[ ({pool})]"},
	"needs_completion": {"「{record}」资料不全，需要补全", "{record} lacks information and needs completing"},
	"claim_overdue":    {"「{record}」超时未领取[（{minutes} 个工作分钟）][，负责人 {owner}]", "{record} was not claimed in time[ ({minutes} working minutes)][, owner {owner}]"},
	"silent_72h":       {"「{record}」已 72 小时没有跟进[，负责人 {owner}]", "{record} has had no follow-up for 72 hours[, owner {owner}]"},
	"commitment_due":   {"「{record}」承诺的下一步已到期[，负责人 {owner}]", "The next step promised for {record} is due[, owner {owner}]"},
	"due_soon":         {"「{record}」快到期了[，还有 {minutes} 分钟][，负责人 {owner}]", "{record} is due soon[, {minutes} minutes left][, owner {owner}]"},
	"clock_fired":      {"「{record}」时限提醒：{clock}[（{stage}）][，负责人 {owner}]", "{record}: {clock}[ ({stage})][, owner {owner}]"},
	"clock_fired.you":  {"「{record}」时限提醒：{clock}[（{stage}）]", "{record}: {clock}[ ({stage})]"},
	"touched":          {"「{record}」再次联系了我们[，渠道 {channel}]", "{record} contacted us again[ through {channel}]"},
	"fallback":         {"「{record}」没有合适的人可分，已交给{owner}", "Nobody suitable was found for {record}; it went to {owner}"},
	"fallback.you":     {"「{record}」没有合适的人可分，已交给你", "Nobody suitable was found for {record}; it went to you"},
	"mentioned":        {"{by}在「{record}」提到了你", "{by} mentioned you on {record}"},
	"commented":        {"{by}评论了「{record}」", "{by} commented on {record}"},
	"record_changed":   {"「{record}」{changes}", "{record}: {changes}"},
	// What changed is nothing that the reader may see by now, or it was changed back.
	"record_changed.unseen": {"「{record}」有变动", "{record} was changed"},
	"asked_for_help":        {"{by}请求协助：「{record}」", "{by} asks for help with {record}"},
	"robot_dead":            {"群机器人「{robot}」有 {count} 条消息没有送达[：{reason}]", "{count} messages of the group robot {robot} were not delivered[: {reason}]"},
	"calendar_missing":      {"{year} 年没有节假日数据，请在日历中补充", "There is no holiday data for {year}; please add it to the calendar"},
	"":                      {"「{record}」有新消息", "There is news about {record}"},
}

// words around the sentences: Chinese, English.
var words = map[string][2]string{
	"record": {"一条记录", "a record"},
	"open":   {"打开", "Open"},
	"colon":  {"：", ": "},
	"digest": {"%d 条消息", "%d messages"},
	"title":  {"Clew 提醒", "Clew"},
	"nobody": {"（未知）", "(unknown)"},
}

// people are the parameters that hold user ids.
var people = map[string]bool{"owner": true, "by": true, "former": true}

// documents are the parameters that hold documents' names.
var documents = map[string]bool{"clock": true, "channel": true, "pool": true, "robot": true}

var (
	optional = regexp.MustCompile(`\[[^\[\]]*\]`)
	holder   = regexp.MustCompile(`\{[a-z_]+\}`)
)

// text is a message made for one reader.
type text struct {
	sentence string
	fields   []string // "label: value"
	values   []string
	link     string
}

// line is the whole text on one line, for an inbox and a digest.
func (t text) line() string {
	if len(t.values) == 0 {
		return t.sentence
	}
	return t.sentence + " · " + strings.Join(t.values, " · ")
}

func pick(pair [2]string, language string) string {
	if strings.HasPrefix(strings.ToLower(language), "en") {
		return pair[1]
	}
	return pair[0]
}

// text makes the message of a row.
func (n *Notify) text(who Reader, r row, subject Subject) text {
	out := text{sentence: n.sentence(who, r, subject), link: subject.Link}
	for _, f := range subject.Fields {
		if f.Text == "" || f.Text == subject.Label {
			continue
		}
		out.values = append(out.values, f.Text)
		out.fields = append(out.fields, f.Label+pick(words["colon"], who.Language)+f.Text)
	}
	return out
}

// value is what stands for a placeholder.
func (n *Notify) value(name string, who Reader, r row, subject Subject) string {
	own := plain(r.params[name])
	switch {
	case name == "record" && subject.Label != "":
		return subject.Label
	case name == "record":
		return pick(words["record"], who.Language)
	case people[name]:
		return n.person(r.params[name], who.Language)
	case name == "stage":
		return n.Label("stage", plain(r.params["clock"])+"/"+own, who.Language)
	case documents[name] && own != "":
		if label := n.Label(name, own, who.Language); label != "" {
			return label
		}
	}
	return own
}

func (n *Notify) sentence(who Reader, r row, subject Subject) string {
	value := func(name string) string { return n.value(name, who, r, subject) }
	pattern := n.pattern(who, r)
	pattern = optional.ReplaceAllStringFunc(pattern, func(part string) string {
		for _, name := range holder.FindAllString(part, -1) {
			if value(name[1:len(name)-1]) == "" {
				return ""
			}
		}
		return part[1 : len(part)-1]
	})
	return holder.ReplaceAllStringFunc(pattern, func(name string) string { return value(name[1 : len(name)-1]) })
}

// pattern is the sentence of a kind; the parameter text, a text or a map by
// language, comes before the catalogue.
func (n *Notify) pattern(who Reader, r row) string {
	if own := ownText(r.params["text"], who.Language); own != "" {
		return own
	}
	if r.kind == Changed && plain(r.params["changes"]) == "" {
		return pick(sentences["record_changed.unseen"], who.Language)
	}
	if who.User != "" && r.params["owner"] == who.User {
		if pair, ok := sentences[r.kind+".you"]; ok {
			return pick(pair, who.Language)
		}
	}
	if pair, ok := sentences[r.kind]; ok {
		return pick(pair, who.Language)
	}
	return pick(sentences[""], who.Language)
}

func ownText(v any, language string) string {
	switch v := v.(type) {
	case string:
		return v
	case map[string]any:
		for _, tag := range []string{language, "zh-CN", "en"} {
			if s, ok := v[tag].(string); ok && s != "" {
				return s
			}
		}
	}
	return ""
}

func (n *Notify) person(v any, language string) string {
	id, ok := v.(string)
	if !ok || id == "" {
		return ""
	}
	if name := n.Person(id); name != "" {
		return name
	}
	return pick(words["nobody"], language)
}

func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0")
	}
	return fmt.Sprint(v)
}
