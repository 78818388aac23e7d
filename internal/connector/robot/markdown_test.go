package robot_test

import (
	"strings"
	"testing"

	"clew.dev/clew/internal/connector/robot"
)

func TestInertLeavesNoMarkup(t *testing.T) {
	got := robot.Inert("[点这里](http://evil) <@all>\n# 标题 **粗** `x` <font color=\"red\">\\")
	if strings.ContainsAny(got, "<>[]*`#\n\\") {
		t.Error(got)
	}
	if got := robot.Inert("恒锐液压（苏州）有限公司 +86 512-0000"); got != "恒锐液压（苏州）有限公司 +86 512-0000" {
		t.Error(got)
	}
}

func TestWithKeyword(t *testing.T) {
	for _, c := range [][3]string{{"新线索", "", "新线索"}, {"新线索", "线索", "新线索"}, {"新线索", "Clew", "Clew · 新线索"}} {
		if got := robot.WithKeyword(c[0], c[1]); got != c[2] {
			t.Errorf("%v: %s", c, got)
		}
	}
}
