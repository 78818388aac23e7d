package demo

// service checks that some machines broke down: a signed-off repair has a
// score, one under way has none, and both know their customer.
func (s *scene) service() {
	ticket, _ := s.Snapshot().Object("ticket")
	score, _ := ticket.Field("score")
	rows := s.all("ticket")
	if len(rows) == 0 {
		s.Error("nothing broke down in half a year")
	}
	for _, row := range rows {
		done := value(ticket, row, "status") == "crm.ticket.status.closed"
		if scored := row.Values[score.ID] != nil; scored != done {
			s.Errorf("ticket %s in %s has a score: %v", row.ID, value(ticket, row, "status"), scored)
		}
		if value(ticket, row, "serial") == "" || value(ticket, row, "company") == "" {
			s.Errorf("ticket %v", row.Values)
		}
	}
}
