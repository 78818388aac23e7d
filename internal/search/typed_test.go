package search_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/search"
)

// found says whether a question finds a record by the fields, both by the tokens
// of the index and by looking into the values; they must agree.
func found(t interface {
	Helper()
	Errorf(format string, args ...any)
}, row query.Row, fields []*schema.Field, typed string,
) bool {
	t.Helper()
	terms := search.Terms(typed)
	if len(terms) == 0 {
		return false
	}
	holds := search.Holds(terms, fields, row)
	answers := search.Answers(search.Tokens(lead(), row), search.MatchOf(terms, fields, search.Begun))
	if holds && !answers {
		t.Errorf("%q is in %v, but its tokens do not answer", typed, row.Values)
	}
	return holds && answers
}

func holding(field, value string) query.Row {
	return query.Row{ID: "r", Values: map[string]any{field: value}}
}

// TestWhatASellerTypes: for each value what is typed on a phone, with a Chinese
// keyboard or by ear, and finds it; and what looks alike and must not.
func TestWhatASellerTypes(t *testing.T) {
	for _, c := range []struct{ field, value, finds, not string }{
		{"company", "苏州恒力液压有限公司", "苏州|恒力|液压有限|苏|力液|szhl|hlyy|yxgs|suzhou|hengli|suzhouhengli|szhlyyyxgs|SZHL|ＳＺＨＬ|suzhouh", "苏恒|州力|szyy|hengzhou|zhousu|lh|gsyx|苏州 上海|l"},
		{"company", "上海汽轮机厂", "上海|汽轮|shqlj|qlj|shanghai|qilunji|qilunjic|轮机厂", "汽机|海上|shqj|jilunqi"},
		{"company", "重庆长安汽车", "重庆|长安|cqca|zhongqing|chongqing|changan|zhangan|caqc", "安长|chang'an qing|qcca"},
		{"company", "厦门航空", "厦门|xmhk|smhk|xiamen|shamen|xiamenhangkong", "门厦|hkxm"},
		{"company", "中国银行股份", "zgyh|zgyx|yinhang|yinxing|中国银行|国银", "yinghang"},
		{"company", "单氏机械", "shanshi|danshi|ssjx|dsjx|单氏", "chanshi"},
		{"company", "女娲科技", "nvwa|nwkj|nvwakeji|女娲", "nuwa"},
		{"company", "吕氏实业", "lvshi|lssy|吕氏", "lushi"},
		{"company", "西安先锋", "xian|xa|xaxf|xianxianfeng|西安", "xiang|fengxi"},
		{"company", "方案设计", "fangan|fanga|fasj|方案", "fangang"},
		{"company", "ACME Robotics (苏州)", "acme|robo|robotics|acme robotics|苏州|ac|a|robotics acme|Acme 苏州", "cme|otics|acme robots|acmer"},
		{"company", "3M中国有限公司", "3m|3M中国|中国有限", "m3|3n"},
		{"company", "株式会社 日立製作所", "日立|製作|株式", "hitachi"},
		{"company", "Müller & Söhne", "müller|MÜLLER|söhne|mül", "muller|hne"},
		{"company", "Ｆｕｌｌ Ｗｉｄｔｈ", "full|width|full width|ｗｉｄ", "idth"},
		{"company", "𠮷野家餐饮", "𠮷野|野家|餐饮|canyin|cy", "吉野"},
		{"company", "한국전력", "한국|한국전력", "국전"},
		{"company", "ООО Ромашка", "ромашка|ООО|ром", "машка"},
		{"contact", "王 小明", "王|小明|王 小明|wang|xiaoming|xm", "王小明|明小"},
		{"contact", "欧阳娜娜", "欧阳|ouyang|oynn|oy|nana|欧阳娜", "娜欧"},
		{"contact", "John O'Neil", "john|o'neil|neil|o'n|jo", "oneil|ohn"},
		{"phone", "+8613900001234", "13900001234|139 0000 1234|139-0000-1234|+86 139 0000 1234|8613900001234|1234|00001234|0001|１３９００００|(139) 0000", "123|13900001235|139a0000|9139"},
		{"phone", "+8651985123456", "0519-85123456|0519 8512|51985123456|85123456|3456|(0519) 8512|051985123456|+86 519 8512 3456", "0519 99|5198512345600|085123456|0985123456"},
		{"phone", "+85223456789", "852 2345 6789|+852-2345-6789|23456789|6789", "86 23456789"},
		{"phone", "+14155550100", "4155550100|415-555-0100|+1 415 555 0100|0100", "141555501000|4155550101"},
		{"email", "wang.lei@heng-li.com.cn", "wang|lei|wang.lei|heng|heng-li|com.cn|wang.lei@heng-li.com.cn|WANG", "ang|eng|lei.wang|li heng x"},
		{"number", "L-2026-0012", "l-2026|2026|0012|l-2026-0012|l20260012|20260012|L2026|2026-0012", "0013|l-2025|12|26-01"},
		{"note", "急需 M8×30 螺栓 500 件，预算 30万", "螺栓|急需|m8|预算|急需 螺栓", "lszb|jixu|8×"},
		{"note", "100% 按图加工 (图号 A-1024/B)", "1024|a-1024|按图|图号|100", "024|加图"},
	} {
		row := holding(c.field, c.value)
		fields := search.Searchable(lead())
		for _, typed := range strings.Split(c.finds, "|") {
			if !found(t, row, fields, typed) && typed != "" {
				t.Errorf("%s %q is not found by %q", c.field, c.value, typed)
			}
		}
		for _, typed := range strings.Split(c.not, "|") {
			if typed != "" && found(t, row, fields, typed) {
				t.Errorf("%s %q is found by %q", c.field, c.value, typed)
			}
		}
	}
}

// TestLetterByLetter: who types a name's pinyin, or its initials, or a word, or a
// number digit by digit never loses the record between two letters.
func TestLetterByLetter(t *testing.T) {
	for _, c := range []struct{ field, value, typed string }{
		{"company", "苏州恒力液压", "suzhouhengliyeya"}, {"company", "苏州恒力液压", "szhlyy"}, {"company", "苏州恒力液压", "苏州恒力液压"}, {"company", "重庆长安", "chongqingchangan"},
		{"company", "上海大众汽车", "shanghaidazhongqiche"}, {"company", "宁波舜宇光电", "ningboshunyuguangdian"}, {"company", "哈尔滨电机厂", "haerbindianjichang"}, {"company", "Acme Robotics", "acme robotics"},
		{"company", "ACME机器人", "acme机器人"}, {"contact", "诸葛亮", "zhugeliang"}, {"contact", "欧阳锋", "ouyangfeng"}, {"contact", "安娜", "anna"}, {"phone", "+8613900001234", "13900001234"},
		{"phone", "+8651985123456", "051985123456"}, {"number", "L-2026-0012", "L-2026-0012"}, {"number", "L-2026-0012", "L20260012"}, {"email", "wang.lei@heng-li.cn", "wang.lei@heng-li.cn"},
	} {
		row, fields := holding(c.field, c.value), search.Searchable(lead())
		least := 2
		if c.field == "phone" {
			least = 5 // what is shorter may be the area's nought and three digits
		}
		letters := []rune(c.typed)
		for n := least; n <= len(letters); n++ {
			if typed := string(letters[:n]); !found(t, row, fields, typed) {
				t.Errorf("%s %q is lost at %q", c.field, c.value, typed)
			}
		}
	}
}

// TestWhatIsHiddenFindsNothing: for any record, what only stands in fields that
// the reader may not see finds nothing, by no word, number or pinyin of it.
func TestWhatIsHiddenFindsNothing(t *testing.T) {
	secret := map[string]string{"company": "苏州恒力液压", "contact": "欧阳锋", "phone": "+8613900001234", "email": "info@acme.cn", "number": "L-2026-7788", "note": "秘密报价 M8"}
	questions := map[string][]string{
		"company": {"苏州", "恒力", "szhl", "suzhou", "hengl", "液压"}, "contact": {"欧阳", "ouyang", "oyf", "锋"}, "phone": {"13900001234", "0000", "1234"},
		"email": {"info", "acme.cn", "info@acme.cn"}, "number": {"L-2026", "7788", "20267788"}, "note": {"秘密", "报价", "m8"},
	}
	row := query.Row{ID: "r", Values: map[string]any{}}
	for id, value := range secret {
		row.Values[id] = value
	}
	all := search.Searchable(lead())
	for _, hidden := range all {
		var seen []*schema.Field
		for _, f := range all {
			if f != hidden {
				seen = append(seen, f)
			}
		}
		for _, typed := range questions[hidden.Name] {
			if !found(t, row, all, typed) {
				t.Errorf("%q does not find %s", typed, hidden.Name)
			}
			if answers := search.Answers(search.Tokens(lead(), row), search.MatchOf(search.Terms(typed), seen, search.Begun)); found(t, row, seen, typed) || answers && search.Holds(search.Terms(typed), seen, row) {
				t.Errorf("%q finds the record though %s is hidden", typed, hidden.Name)
			}
		}
	}
	if m := search.MatchOf(search.Terms("恒力"), nil, search.Begun); !m.Empty() {
		t.Errorf("who may see no field asks for %+v", m)
	}
}

// TestEveryPartOfAValueFindsIt: any stretch of a value, cut out and typed, finds
// it, as long as it begins where a word or a character begins.
func TestEveryPartOfAValueFindsIt(t *testing.T) {
	fields := search.Searchable(lead())
	signs := []rune("苏州恒力液压长重行ABCxyz0123456789 -.@（）·&")
	rapid.Check(t, func(t *rapid.T) {
		value := schema.Clean(rapid.StringOfN(rapid.SampledFrom(signs), 1, 20, -1).Draw(t, "value"))
		row := holding("company", value)
		runes := []rune(value)
		if len(runes) == 0 {
			return
		}
		from := rapid.IntRange(0, len(runes)-1).Draw(t, "from")
		until := rapid.IntRange(from+1, len(runes)).Draw(t, "until")
		if from > 0 && isWord(runes[from]) && isWord(runes[from-1]) {
			return // inside a word
		}
		typed := string(runes[from:until])
		if terms := search.Terms(typed); len(terms) == 0 || onlyNumbers(typed) {
			return
		}
		if !found(t, row, fields, typed) {
			t.Fatalf("%q is not found by its part %q", value, typed)
		}
	})
}

func isWord(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// onlyNumbers are questions that are taken for a number in pieces: "12 34-5".
func onlyNumbers(s string) bool { return strings.Trim(s, "0123456789+-() ") == "" }
