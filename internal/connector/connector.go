// Package connector is the registry of the vendors that Clew talks to, one
// sub-folder each: wecom, dingtalk and feishu post into groups, oceanengine
// reads pushed clues. The shared words of robots are in connector/robot.
package connector

import (
	"clew.dev/clew/internal/connector/dingtalk"
	"clew.dev/clew/internal/connector/feishu"
	"clew.dev/clew/internal/connector/robot"
	"clew.dev/clew/internal/connector/wecom"
)

// RobotVendors are the messengers whose groups can be posted into, by name.
func RobotVendors() []string { return []string{"dingtalk", "feishu", "wecom"} }

// NewRobot makes the robot of a vendor's group; ok is false for a vendor that
// has none here.
func NewRobot(vendor string, c robot.Config) (r robot.Robot, ok bool) {
	switch vendor {
	case "wecom":
		return wecom.New(c), true
	case "dingtalk":
		return dingtalk.New(c), true
	case "feishu":
		return feishu.New(c), true
	}
	return nil, false
}
