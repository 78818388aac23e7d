package search

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/mozillazg/go-pinyin"
)

// readingsOf are how a character is read, without tones: the usual reading
// and, for a few that companies and families read otherwise, a second.
func readingsOf(r rune) []string {
	if list, ok := manyReadings[r]; ok {
		return list
	}
	tones, ok := pinyin.PinyinDict[int(r)]
	if !ok {
		return nil
	}
	first, _, _ := strings.Cut(tones, ",")
	if reading := plain(first); reading != "" {
		return []string{reading}
	}
	return nil
}

var manyReadings = map[rune][]string{
	'长': {"chang", "zhang"}, '重': {"zhong", "chong"}, '厦': {"sha", "xia"}, '行': {"hang", "xing"}, '乐': {"le", "yue"},
	'单': {"dan", "shan"}, '曾': {"zeng", "ceng"}, '仇': {"chou", "qiu"}, '解': {"jie", "xie"}, '查': {"cha", "zha"},
	'盛': {"sheng", "cheng"}, '都': {"du", "dou"}, '覃': {"qin", "tan"}, '朴': {"pu", "piao"}, '尉': {"wei", "yu"},
	'区': {"qu", "ou"}, '石': {"shi", "dan"}, '会': {"hui", "kuai"}, '传': {"chuan", "zhuan"}, '蔚': {"wei", "yu"},
	'调': {"diao", "tiao"}, '降': {"jiang", "xiang"}, '大': {"da"}, '车': {"che"}, '贾': {"jia"}, '翟': {"zhai", "di"},
}

var toneless = strings.NewReplacer(
	"ā", "a", "á", "a", "ǎ", "a", "à", "a", "ē", "e", "é", "e", "ě", "e", "è", "e", "ế", "e", "ề", "e",
	"ī", "i", "í", "i", "ǐ", "i", "ì", "i", "ō", "o", "ó", "o", "ǒ", "o", "ò", "o",
	"ū", "u", "ú", "u", "ǔ", "u", "ù", "u", "ü", "v", "ǖ", "v", "ǘ", "v", "ǚ", "v", "ǜ", "v",
	"ń", "n", "ň", "n", "ǹ", "n", "ḿ", "m",
)

// plain is a syllable in the letters of a keyboard.
func plain(syllable string) string {
	var letters strings.Builder
	for _, r := range toneless.Replace(syllable) {
		if r >= 'a' && r <= 'z' {
			letters.WriteRune(r)
		}
	}
	return letters.String()
}

// syllables are all that characters are read as.
var syllables = sync.OnceValue(func() map[string]bool {
	known := map[string]bool{}
	for _, tones := range pinyin.PinyinDict {
		first, _, _ := strings.Cut(tones, ",")
		known[plain(first)] = true
	}
	for _, list := range manyReadings {
		for _, reading := range list {
			known[reading] = true
		}
	}
	delete(known, "")
	return known
})

const (
	longestSyllable = 6
	mostLetters     = 48
	mostReadings    = 32 // ways to read what was typed as syllables
)

// spellings are the ways to read typed letters as syllables, the last of which
// may be only begun.
func spellings(letters string) [][]string {
	known := syllables()
	if len(letters) > mostLetters {
		return nil
	}
	dead := map[string]bool{} // rests that are no syllables
	var found [][]string
	var walk func(rest string, before []string)
	walk = func(rest string, before []string) {
		if len(found) >= mostReadings || dead[rest] {
			return
		}
		if rest == "" {
			found = append(found, append([]string(nil), before...))
			return
		}
		had := len(found)
		for n := min(longestSyllable, len(rest)); n > 0; n-- {
			if known[rest[:n]] || n == len(rest) && isBegun(rest) {
				walk(rest[n:], append(before, rest[:n]))
			}
		}
		dead[rest] = len(found) == had
	}
	walk(letters, nil)
	return found
}

// isBegun tells whether a syllable begins with the letters.
func isBegun(letters string) bool { return len(syllablesThatBegin(letters)) > 0 }

// syllablesThatBegin are those that begin with the letters, the letters
// themselves among them if they are one.
func syllablesThatBegin(letters string) []string {
	list := orderedSyllables()
	from, _ := slices.BinarySearch(list, letters)
	until := from
	for until < len(list) && strings.HasPrefix(list[until], letters) {
		until++
	}
	return list[from:until]
}

var orderedSyllables = sync.OnceValue(func() []string { return slices.Sorted(maps.Keys(syllables())) })
