package main

import (
	"fmt"
	"strings"
	"time"

	"clew.dev/clew/internal/schema"
)

// fillSQL is the SQL of a filling. A row of bench_copy is one copy: the half
// year (past) in which it lies, its shift in microseconds, and the first number
// of its records.
type fillSQL struct{ server bool }

const (
	shift  = "c.shift"
	number = "c.number"

	// inPast joins the copies that lie in one half year ($1), each takes the
	// records of some numbers ($2 to $3), and inOrder writes them down as a
	// company does: one after the other as time passes. Pages of a list would
	// else lie all over the file.
	inPast  = " JOIN bench_copy c ON c.past=$1"
	each    = " b.n BETWEEN $2 AND $3"
	inOrder = " ORDER BY b.n, c.number DESC"
)

// newID is the id of a copied record: that of its original, at the copy's time.
// Its mark, 7f, tells copies from originals.
func (s fillSQL) newID(id, at string) string {
	ms := "((" + at + "+" + shift + ")/1000)"
	if s.server {
		return "lpad(to_hex(" + ms + ">>16),8,'0')||'-'||lpad(to_hex(" + ms + "&65535),4,'0')||'-7f'||substr(" + id + ",17)"
	}
	return "printf('%08x-%04x'," + ms + ">>16," + ms + "&65535)||'-7f'||substr(" + id + ",17)"
}

func (s fillSQL) digits(number string) string {
	if s.server {
		return "lpad(CAST(" + number + " AS TEXT),9,'0')"
	}
	return "printf('%09d'," + number + ")"
}

// bases notes every record that is copied with its number and its time, and
// the entries of its thread: all for whole copies, a few for the others.
func (s fillSQL) bases(tables []*schema.Object, lead *schema.Object) []string {
	status, _ := lead.Field(lead.Closed.Field)
	closed := status.Column + " IN ('" + strings.Join(lead.Closed.Choices, "','") + "')"
	party, _ := lead.Field(lead.Party.Field)
	var records []string
	for _, o := range tables {
		is := "0"
		switch o.ID {
		case lead.ID:
			is = "CASE WHEN " + closed + " THEN 1 ELSE 0 END"
		case tables[0].ID: // the party, whose copy follows that of a closed lead
			is = "CASE WHEN id IN (SELECT " + party.Column + " FROM " + lead.Table + " WHERE " + closed + ") THEN 1 ELSE 0 END"
		}
		records = append(records, fmt.Sprintf(
			"SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS n, created_at AS at, %s AS closed, '%s' AS object FROM %s WHERE deleted_at IS NULL",
			is, o.ID, o.Table))
	}
	out := []string{
		"CREATE TABLE bench_base AS " + strings.Join(records, " UNION ALL "),
		"CREATE UNIQUE INDEX bench_base_id ON bench_base (id)",
		"CREATE TABLE bench_copy (past BIGINT, shift BIGINT, number BIGINT)",
		`CREATE TABLE bench_thread AS SELECT t.*, ROW_NUMBER() OVER (PARTITION BY t.record ORDER BY t.seq) AS place,
			COUNT(*) OVER (PARTITION BY t.record) AS entries FROM thread_entry t JOIN bench_base b ON b.id=t.record
			WHERE t.kind='received' OR t.kind='follow_up' AND t.seq=(
				SELECT MAX(u.seq) FROM thread_entry u WHERE u.record=t.record AND u.kind='follow_up')`,
		"CREATE INDEX bench_thread_record ON bench_thread (record)",
	}
	for _, o := range tables {
		out = append(out, "CREATE TABLE bench_"+o.Table+" AS SELECT * FROM "+o.Table)
	}
	for _, table := range sideTables {
		out = append(out, "CREATE TABLE bench_"+table+" AS SELECT * FROM "+table)
	}
	return out
}

// sideTables are copied with their records.
var sideTables = []string{"thread_entry", "match_key", "clock_run", "inbox", "delivery"}

// indexesOf reads the indexes of a table that are not its constraints'.
func (s fillSQL) indexesOf() string {
	if s.server {
		return `SELECT indexname, indexdef FROM pg_indexes WHERE tablename=$1
			AND indexname NOT IN (SELECT conname FROM pg_constraint)`
	}
	return "SELECT name, sql FROM sqlite_master WHERE type='index' AND sql IS NOT NULL AND tbl_name=$1"
}

// copies are the statements of some records' copies in one half year.
func (s fillSQL) copies(tables []*schema.Object, lead *schema.Object, whole bool) []string {
	var out []string
	for i, o := range tables {
		if whole || i < 2 { // of old ones no interactions
			out = append(out, s.copyObject(o, lead, whole))
		}
	}
	from, only := " FROM bench_thread_entry t JOIN bench_base b ON b.id=t.record", ""
	seq := "t.seq"
	if !whole {
		from, seq, only = " FROM bench_thread t JOIN bench_base b ON b.id=t.record", "t.place", " AND b.closed=1"
	}
	only += inOrder
	id := s.newID("b.id", "b.at")
	out = append(out, "INSERT INTO thread_entry(record,seq,object,at,actor_kind,actor,kind,params,salt,digest,chain) SELECT "+
		id+","+seq+",t.object,t.at+"+shift+",t.actor_kind,t.actor,t.kind,t.params,t.salt,t.digest,t.chain"+from+inPast+
		" WHERE"+each+" AND t.object IN ('"+tables[0].ID+"','"+lead.ID+"')"+only+","+seq,
		"INSERT INTO match_key(scope,kind,value,record) SELECT k.scope,k.kind,'+8613'||"+s.digits(number+"+b.n")+","+id+
			" FROM bench_match_key k JOIN bench_base b ON b.id=k.record"+inPast+" WHERE"+each+" AND k.kind='phone'"+only)
	if !whole {
		return out
	}
	return append(out,
		fmt.Sprintf(`INSERT INTO clock_run(record,clock,object,phase,state,due_at,wake_at) SELECT %s,r.clock,r.object,r.phase,r.state,r.due_at,
			r.wake_at+%d FROM bench_clock_run r JOIN bench_base b ON b.id=r.record%s WHERE%s%s`, id, farAway.Microseconds(), inPast, each, inOrder),
		"INSERT INTO inbox(id,recipient,cause,kind,params,object,record,urgent,at,read_at) SELECT "+s.newID("i.id", "i.at")+
			",i.recipient,i.cause||'-'||CAST("+number+" AS TEXT),i.kind,i.params,i.object,"+id+",i.urgent,i.at+"+shift+",i.at+"+shift+
			" FROM bench_inbox i JOIN bench_base b ON b.id=i.record"+inPast+" WHERE"+each+inOrder,
		"INSERT INTO delivery(id,channel,at,source_at,status,external_id,object,record,headers,body,errors) SELECT "+s.newID("d.id", "d.at")+
			",d.channel,d.at+"+shift+",d.source_at,d.status,d.external_id||'-'||CAST("+number+" AS TEXT),d.object,"+id+
			",d.headers,d.body,d.errors FROM bench_delivery d JOIN bench_base b ON b.id=d.record"+inPast+" WHERE"+each+inOrder)
}

// copyObject copies an object's records: later in time, and with names and
// numbers of their own.
func (s fillSQL) copyObject(o, lead *schema.Object, whole bool) string {
	columns := []string{"id", "created_at", "updated_at", "created_by", "revision", "thread_seq"}
	seq := "t.thread_seq"
	if !whole {
		seq = "(SELECT MAX(place) FROM bench_thread e WHERE e.record=t.id)"
	}
	values := []string{s.newID("t.id", "b.at"), "t.created_at+" + shift, "t.updated_at+" + shift, "t.created_by", "t.revision", seq}
	from, person := " FROM bench_"+o.Table+" t JOIN bench_base b ON b.id=t.id", "b.n"
	for i, f := range o.Fields {
		value := "t." + f.Column
		switch {
		case f.Type == "reference":
			r := fmt.Sprintf("r%d", i)
			from += " LEFT JOIN bench_base " + r + " ON " + r + ".id=t." + f.Column
			value = "CASE WHEN " + r + ".id IS NULL THEN " + value + " ELSE " + s.newID(r+".id", r+".at") + " END"
			if o.Party != nil && f.Name == o.Party.Field {
				person = "COALESCE(" + r + ".n,b.n)"
			}
		case f.Storage() == schema.Micros:
			value += "+" + shift
		case f.Name == o.TitleField:
			value += "||'第'||CAST(" + number + "+b.n AS TEXT)||'厂'"
		case f.Name == "external_id":
			value += "||'-'||CAST(" + number + " AS TEXT)"
		}
		columns = append(columns, f.Column)
		values = append(values, value)
		if f.Storage() == schema.MoneyPair {
			columns, values = append(columns, f.Column+"_u"), append(values, "t."+f.Column+"_u")
		}
	}
	for i, column := range columns {
		if f, ok := fieldOfColumn(o, column); ok && f.Type == "phone" {
			values[i] = "CASE WHEN t." + column + " IS NOT NULL THEN '+8613'||" + s.digits(number+"+"+person) + " END"
		}
	}
	only := ""
	if !whole {
		only = " AND b.closed=1"
	}
	return "INSERT INTO " + o.Table + "(" + strings.Join(columns, ",") + ") SELECT " + strings.Join(values, ",") + from + inPast +
		" WHERE" + each + " AND t.deleted_at IS NULL" + only + inOrder
}

func fieldOfColumn(o *schema.Object, column string) (*schema.Field, bool) {
	for _, f := range o.Fields {
		if f.Column == column {
			return f, true
		}
	}
	return nil, false
}

// figures counts the roll-ups anew.
func (s fillSQL) figures(zone *time.Location, lead *schema.Object) []string {
	column := func(name string) string {
		f, _ := lead.Field(name)
		return f.Column
	}
	first, source, owner := column(lead.Health.FirstTouch), column(lead.Health.Source), column(lead.OwnerField)
	_, offset := time.Now().In(zone).Zone()
	day := fmt.Sprintf("date(created_at/1000000+%d,'unixepoch')", offset)
	if s.server {
		day = fmt.Sprintf("to_char(to_timestamp(created_at/1000000+%d) AT TIME ZONE 'UTC','YYYY-MM-DD')", offset)
	}
	within := func(limit time.Duration) string {
		return fmt.Sprintf("SUM(CASE WHEN %s-created_at<=%d THEN 1 ELSE 0 END)", first, limit.Microseconds())
	}
	place := fmt.Sprintf("'%s' AS object, %s AS day, COALESCE(%s,'') AS source, COALESCE(%s,'') AS owner", lead.ID, day, source, owner)
	bucket := fmt.Sprintf("CASE WHEN %[1]s-created_at<=1000000 THEN 0 ELSE CAST(floor(ln((%[1]s-created_at)/1000000.0)/ln(1.05)) AS BIGINT) END", first)
	return []string{
		"DELETE FROM figure", "DELETE FROM response_time", "DELETE FROM owner_load",
		"INSERT INTO figure(object,day,source,owner,created,touched,within_24h,within_30m) SELECT " + place + ",COUNT(*),COUNT(" + first + ")," +
			within(24*time.Hour) + "," + within(30*time.Minute) + " FROM " + lead.Table + " WHERE deleted_at IS NULL GROUP BY 2,3,4",
		"INSERT INTO response_time(object,day,source,owner,bucket,n) SELECT " + place + "," + bucket + " AS bucket,COUNT(*) FROM " + lead.Table +
			" WHERE deleted_at IS NULL AND " + first + " IS NOT NULL GROUP BY 2,3,4,5",
		"INSERT INTO owner_load(object,owner,open) SELECT '" + lead.ID + "'," + owner + ",COUNT(*) FROM " + lead.Table +
			" WHERE deleted_at IS NULL AND " + owner + " IS NOT NULL AND (" + column(lead.Closed.Field) + " IS NULL OR NOT " + column(lead.Closed.Field) +
			" IN ('" + strings.Join(lead.Closed.Choices, "','") + "')) GROUP BY 2",
	}
}

// finish takes away what filling needed and gives a server's planner its
// statistics, as its autovacuum does. The embedded one never has any.
func (s fillSQL) finish(tables []string) []string {
	out := []string{"DROP TABLE bench_thread", "DROP TABLE bench_base", "DROP TABLE bench_copy"}
	for _, table := range append(tables, sideTables...) {
		out = append(out, "DROP TABLE bench_"+table)
	}
	if s.server {
		return append(out, "VACUUM (ANALYZE)")
	}
	return out
}
