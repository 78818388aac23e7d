package bulk

import (
	"errors"
	"log/slog"
	"sync"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/audit"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

// Service keeps operations and carries them out. Its fields are set once, by the server.
type Service struct {
	DB        *sqldb.DB
	Records   *record.Store
	Snapshot  func() *catalog.Snapshot
	Directory func() *account.Directory
	Grants    func(user string) *access.Grants
	Told      func(user string) // one of the user's operations moved
	Log       *slog.Logger

	mu    sync.Mutex
	pages map[string][]string // the next records of each operation, as last looked for
	tries map[string]int      // how often the next chunk failed
	wake  chan struct{}
	stop  func()
	done  chan struct{}
}

// scene is an operation with what its asker may do at this moment.
type scene struct {
	*Service
	Operation
	grants  *access.Grants
	object  *schema.Object // whole
	visible *schema.Object // as the asker sees it
}

// errRevoked ends an operation whose asker may not go on.
var errRevoked = errors.New("bulk: rights revoked")

// sceneOf asks for the asker's rights anew; errRevoked when they no longer suffice.
func (s *Service) sceneOf(o Operation) (*scene, error) {
	snapshot := s.Snapshot()
	object, ok := snapshot.ObjectByID(o.Object)
	grants := s.Grants(o.Asker)
	if !ok || !grants.Has(access.RecordsBulk) {
		return nil, errRevoked
	}
	sc := &scene{Service: s, Operation: o, grants: grants, object: object, visible: grants.Visible(object)}
	if sc.visible == nil || o.Kind != Undo && !grants.Can(object, sc.op()) {
		return nil, errRevoked
	}
	return sc, sc.maySet()
}

// maySet is whether the asker may still write every field that he asked for.
func (sc *scene) maySet() error {
	for id, value := range sc.Set {
		f, ok := sc.visible.FieldByID(id)
		if !ok || sc.grants.Field(f) < access.Writable {
			return errRevoked
		}
		owner, _ := value.(string)
		if f.Name == sc.object.OwnerField && owner != "" && !sc.grants.MayOwn(sc.object, owner) {
			return errRevoked
		}
	}
	if sc.Routing != nil && !sc.grants.Has(access.RecordsAssign) {
		return errRevoked
	}
	return nil
}

// op is the right that the operation needs of each record.
func (sc *scene) op() access.Op {
	if sc.Kind == Delete || sc.Kind == Restore {
		return access.Delete
	}
	return access.Update
}

// condition is the filter as it read when the operation was asked for: ME and
// TODAY() stay what they were; TEAM() are the asker's colleagues of now, as his rights are.
func (sc *scene) condition() (query.Condition, error) {
	if sc.Filter == "" {
		return query.Always{}, nil
	}
	snapshot := sc.Snapshot()
	program, err := expr.Compile(sc.Filter, snapshot.FilterEnv(sc.visible), expr.Bool)
	if err == nil {
		err = program.SQLProblem()
	}
	if err != nil {
		return nil, expr.Refusal(err, "filter")
	}
	return query.Expr{Program: program, Input: expr.Input{
		Now: sc.CreatedAt, Zone: snapshot.Zone(), Me: sc.Asker,
		Params: map[string]any{catalog.TeamParameter: sc.Directory().Colleagues(sc.Asker)},
	}}, nil
}

// matching selects the records of the filter that the asker may so change.
func (sc *scene) matching() (query.Select, error) {
	condition, err := sc.condition()
	if err != nil {
		return query.Select{}, err
	}
	return query.Select{
		Object: sc.visible, Sort: []query.Sort{{System: "id"}}, Deleted: sc.Kind == Restore,
		Where: query.And{sc.grants.Scope(sc.object, sc.op()), query.System("created_at", expr.OpLessEqual, sc.CreatedAt), condition},
	}, nil
}

// Ask puts an operation into the queue. Faults: Invalid for a wish that cannot be carried out.
func (s *Service) Ask(tx *sqldb.Tx, asker string, object *schema.Object, wish Wish) (Operation, error) {
	o, sc, err := s.draft(tx, asker, object, wish)
	if err != nil {
		return o, err
	}
	if o.Total, err = sc.total(tx); err != nil {
		return o, err
	}
	return o, s.insert(tx, o)
}

// draft is the operation before it is asked for.
func (s *Service) draft(tx *sqldb.Tx, asker string, object *schema.Object, wish Wish) (Operation, *scene, error) {
	wish.IDs = sorted(wish.IDs)
	o := Operation{
		Wish: wish, ID: s.DB.NewID(), Asker: asker, Object: object.ID, Version: s.Snapshot().Version,
		State: Queued, CreatedAt: tx.Now(),
	}
	if len(wish.IDs) > MaxIDs {
		return o, nil, fault.New(fault.Malformed, "too_many_items", fault.Field{Path: "ids", Code: "too_many"}).With("max", MaxIDs)
	}
	sc, err := s.sceneOf(o)
	if errors.Is(err, errRevoked) {
		return o, nil, fault.New(fault.Forbidden, "forbidden")
	}
	return o, sc, err
}

func (sc *scene) total(tx *sqldb.Tx) (n int64, err error) {
	if len(sc.IDs) > 0 {
		return int64(len(sc.IDs)), nil
	}
	selection, err := sc.matching()
	if err != nil {
		return 0, err
	}
	return count(tx, selection)
}

func count(tx *sqldb.Tx, selection query.Select) (n int64, err error) {
	sql, args, err := selection.RenderCount(tx.Dialect(), 0)
	if err != nil {
		return 0, err
	}
	return n, tx.QueryRow(sql, args...).Scan(&n)
}

func (s *Service) insert(tx *sqldb.Tx, o Operation) error {
	wish, err := encode(o.Wish)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO operation(id,asker,kind,object,wish,version,undoes,state,total,created_at)
		VALUES($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`,
		o.ID, o.Asker, string(o.Kind), o.Object, wish, o.Version, o.Undoes, string(o.State), o.Total, sqldb.Micros(o.CreatedAt))
	if err != nil {
		return err
	}
	tx.AfterCommit(func() { s.moved(o.Asker) })
	return audit.Write(tx, audit.Entry{Kind: "bulk.asked", Target: audit.Target{Kind: "object", ID: s.nameOf(o.Object)}, Params: map[string]any{
		"operation": o.ID, "action": string(o.Kind), "records": o.Total, "filter": o.Filter,
	}})
}

func (s *Service) nameOf(object string) string {
	if o, ok := s.Snapshot().ObjectByID(object); ok {
		return o.Name
	}
	return object
}

// moved tells the asker's browsers, and wakes who carries operations out.
func (s *Service) moved(asker string) {
	if s.Told != nil {
		s.Told(asker)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.wake != nil {
		select {
		case s.wake <- struct{}{}:
		default:
		}
	}
}

// Preview is what an operation would meet.
type Preview struct {
	Count   int64 // records that it would change
	Skipped int64 // records that match, but that the asker may only read
	Sample  []query.Row
}

// sampleSize is how many records a preview names.
const sampleSize = 5

// Preview counts what an operation would meet, and writes nothing.
func (s *Service) Preview(tx *sqldb.Tx, asker string, object *schema.Object, wish Wish) (p Preview, err error) {
	_, sc, err := s.draft(tx, asker, object, wish)
	if err != nil {
		return p, err
	}
	selection, err := sc.matching()
	if err != nil {
		return p, err
	}
	if len(sc.IDs) > 0 {
		selection.Where = query.And{selection.Where, among(sc.IDs)}
	}
	if p.Count, err = count(tx, selection); err != nil {
		return p, err
	}
	readable := selection
	readable.Where = query.And{sc.grants.Scope(object, access.Read), among(sc.IDs)}
	if len(sc.IDs) == 0 {
		condition, err := sc.condition()
		if err != nil {
			return p, err
		}
		readable.Where = query.And{sc.grants.Scope(object, access.Read), condition}
	}
	all, err := count(tx, readable)
	if err != nil {
		return p, err
	}
	p.Skipped = all - p.Count
	if f, ok := sc.visible.Field(sc.visible.TitleField); ok {
		selection.Fields = []*schema.Field{f}
	}
	selection.Sort, selection.Limit = []query.Sort{{System: "created_at", Desc: true}}, sampleSize
	p.Sample, err = record.Select(tx, selection)
	return p, err
}

func among(ids []string) query.Condition {
	in := query.In{System: "id"}
	for _, id := range ids {
		in.Values = append(in.Values, id)
	}
	return in
}
