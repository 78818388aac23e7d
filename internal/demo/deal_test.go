package demo

import (
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

// deals checks that serious leads went on: each converted one has a project in
// a stage of its own, each signed one a contract, and payments came in.
func (s *scene) deals() {
	projects, contracts, payments := s.all("project"), s.all("contract"), s.all("payment")
	if len(projects) == 0 || int(s.count("SELECT COUNT(*) FROM conversion")) != len(projects) {
		s.Errorf("%d projects of %d conversions", len(projects), s.count("SELECT COUNT(*) FROM conversion"))
	}
	signed := 0
	project, _ := s.Snapshot().Object("project")
	for _, row := range projects {
		stage := value(project, row, "stage")
		if stage == "crm.project.stage.won" {
			signed++
		}
		if value(project, row, "lead") == "" || stage == "" || value(project, row, "owner") == "" {
			s.Errorf("project %v", row.Values)
		}
		if n := s.count("SELECT COUNT(*) FROM stage_visit WHERE record=$1", row.ID); n == 0 {
			s.Errorf("project %s has no stage history", row.ID)
		}
	}
	if len(contracts) != signed || len(payments) == 0 || signed == 0 {
		s.Errorf("%d signed, %d contracts, %d payments", signed, len(contracts), len(payments))
	}
	paid, won := 0, 0
	on, _ := s.object().Field("paid_on")
	for _, row := range s.rows {
		if row.Values[on.ID] != nil {
			paid++
		}
		if s.text(row, "status") == "crm.lead.status.won" {
			won++
		}
	}
	if paid == 0 || won != signed {
		s.Errorf("%d leads are paid for, %d won, %d projects signed", paid, won, signed)
	}
}

func (s *scene) all(name string) (rows []query.Row) {
	object, _ := s.Snapshot().Object(name)
	s.read(func(tx *sqldb.Tx) (err error) {
		rows, err = record.Select(tx, query.Select{Object: object, Fields: object.Fields})
		return err
	})
	return rows
}

func value(o *schema.Object, row query.Row, name string) string {
	f, _ := o.Field(name)
	text, _ := row.Values[f.ID].(string)
	return text
}
