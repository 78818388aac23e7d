// Package access turns role documents into grants. A grant answers what one
// person may do with an object, which fields he may read or write, and which
// records he reaches; the last answer is a query condition that becomes part
// of WHERE, never a loop after fetching. Nothing is allowed unless a role
// says so; several roles of one person add up, the widest wins.
package access

import (
	"encoding/json"
	"fmt"
)

// Definition is the body of a configuration document of kind "role".
//
//	label: {zh-CN: 销售, en: Sales}
//	home: sales
//	rights: [dashboard.read]
//	objects:
//	  lead:
//	    create: true
//	    read: true
//	    update: true
//	    scope: own
//	    fields: {budget: hidden}
//	  "*": {read: true, scope: all}
type Definition struct {
	Label   map[string]string     `json:"label"`
	Home    string                `json:"home"`             // sales, manager, marketing, service or administrator
	Rights  []string              `json:"rights,omitempty"` // see Rights; "*" is every right
	Objects map[string]ObjectRule `json:"objects"`          // by API name; "*" stands for the objects that are not named
}

// ObjectRule is what a role allows on the records of one object.
type ObjectRule struct {
	Create bool `json:"create,omitempty"`
	Read   bool `json:"read,omitempty"`
	Update bool `json:"update,omitempty"`
	Delete bool `json:"delete,omitempty"` // also restores

	// Scope says which records are read: own, team (the own department), tree
	// (the own department and all below it), all, or an expression of the
	// object ("ISBLANK(owner)"), or a list of these that adds up.
	Scope Scopes `json:"scope,omitempty"`
	// UpdateScope and DeleteScope narrow Scope for those acts; without
	// them Scope holds. They never widen what is read.
	UpdateScope Scopes `json:"update_scope,omitempty"`
	DeleteScope Scopes `json:"delete_scope,omitempty"`

	// Fields is the level by API name: hidden, read or write. "*" is the level of
	// the fields that are not named; without it that is write.
	Fields map[string]string `json:"fields,omitempty"`
}

// Scopes is one scope or several that add up; in JSON a string or a list of strings.
type Scopes []string

// The scopes that are words; everything else is an expression.
const (
	ScopeOwn  = "own"
	ScopeTeam = "team"
	ScopeTree = "tree"
	ScopeAll  = "all"
)

// UnmarshalJSON accepts "own" as well as ["own", "ISBLANK(owner)"].
func (s *Scopes) UnmarshalJSON(raw []byte) error {
	var one string
	if err := json.Unmarshal(raw, &one); err == nil {
		*s = Scopes{one}
		return nil
	}
	var many []string
	if err := json.Unmarshal(raw, &many); err != nil {
		return fmt.Errorf("a scope is a text or a list of texts: %w", err)
	}
	*s = many
	return nil
}

// MarshalJSON writes a single scope as a text.
func (s Scopes) MarshalJSON() ([]byte, error) {
	if len(s) == 1 {
		return json.Marshal(s[0])
	}
	return json.Marshal([]string(s))
}

// The rights that are not about records.
const (
	UsersRead       = "users.read"       // see e-mail addresses, leave and roles of others
	UsersWrite      = "users.write"      // create and change users, departments, pool members, leave
	ConfigRead      = "config.read"      // read configuration documents
	ConfigWrite     = "config.write"     // draft, publish, roll back
	ChannelsWrite   = "channels.write"   // set a channel's or a robot's secret
	DeliveriesRead  = "deliveries.read"  // see raw deliveries
	DeliveriesWrite = "deliveries.write" // replay deliveries
	DashboardRead   = "dashboard.read"   // open dashboards, answered within the own record scope
	HealthRead      = "health.read"      // the health page
	RecordsAssign   = "records.assign"   // make any active person the owner of a record in one's scope
	AuditRead       = "audit.read"       // the audit of administration and security
	SecurityWrite   = "security.write"   // password rules, sessions of others, second factors, log-in by a provider
	ViewsShare      = "views.share"      // share saved views with any department
	RecordsBulk     = "records.bulk"     // change many records at once, each within one's scope
	OperationsAll   = "operations.all"   // see and stop the operations of others
	RecordsExport   = "records.export"   // take a list away as a file, within one's scope and fields
)

// Rights lists every right there is, in the order in which they are shown.
func Rights() []string {
	return []string{
		UsersRead, UsersWrite, ConfigRead, ConfigWrite, ChannelsWrite, DeliveriesRead, DeliveriesWrite,
		DashboardRead, HealthRead, RecordsAssign, RecordsBulk, OperationsAll, RecordsExport, ViewsShare, AuditRead, SecurityWrite,
	}
}

// Homes lists the home pages a role may open on, the widest first: a person
// of several roles gets the first of them.
func Homes() []string { return []string{"administrator", "manager", "marketing", "service", "sales"} }
