package catalog

import (
	"strings"
	"testing"

	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

func TestDrafts(t *testing.T) {
	each(t, func(b bench) {
		draft := b.draft("note", "document: field\nname: lead.note\nobject: lead\ntype: text\nlabel: {zh-CN: 备注}\n")
		if err := b.Validate(b.Context(), draft); err != nil {
			b.Fatal(err)
		}
		before, after, _, err := b.Compared(b.Context(), draft)
		differences := config.Differences(before, after)
		if err != nil || len(differences) != 1 || differences[0].Change != "added" || differences[0].Name != "lead.note" {
			b.Errorf("%+v %v", differences, err)
		}
		if _, ok := b.object("lead").Field("note"); ok {
			b.Error("a draft is in force")
		}
		if _, err := b.Publish(b.Context(), draft, config.Note{By: "u1"}); err != nil {
			b.Fatal(err)
		}
		if _, ok := b.object("lead").Field("note"); !ok {
			b.Error("a published draft is not in force")
		}
		if _, err := b.Publish(b.Context(), draft, config.Note{}); fault.KindOf(err) != fault.Conflict {
			b.Errorf("published twice: %v", err)
		}
	})
}

func TestADraftIsRefusedWhenItsDocumentChangedMeanwhile(t *testing.T) {
	each(t, func(b bench) {
		view := strings.Split(company, "---")[1]
		draft := b.draft("mine", strings.Replace(view, "> 100", "> 200", 1))
		b.apply(strings.Replace(view, "> 100", "> 300", 1))
		_, err := b.Publish(b.Context(), draft, config.Note{})
		problem, _ := fault.As(err)
		if problem == nil || problem.Code != "draft_outdated" || problem.Params["documents"] != "view/lead.web" {
			b.Errorf("%v", err)
		}
	})
}

func TestWhatIsLaidIntoADraftWhileItIsPublishedIsNotLost(t *testing.T) {
	each(t, func(b bench) {
		view := strings.Split(company, "---")[1]
		draft := b.draft("mine", strings.Replace(view, "> 100", "> 200", 1))
		asked := 0
		between := WithGuard(b.Context(), func(_, _ *Snapshot) error {
			if asked++; asked > 1 {
				return nil
			}
			return b.db.Write(b.Context(), func(tx *sqldb.Tx) error {
				_, err := b.store.Put(tx, draft, b.parse(strings.Replace(view, "> 100", "> 300", 1))[0])
				return err
			})
		})
		if _, err := b.Publish(between, draft, config.Note{}); err != nil || asked != 2 {
			b.Errorf("asked %d times: %v", asked, err)
		}
		d, err := b.Current().Document("view", "lead.web")
		if err != nil || !strings.Contains(string(d.Body), "300") {
			b.Errorf("the later text is not in force: %s %v", d.Body, err)
		}
	})
}

func (b bench) draft(label, text string) string {
	b.Helper()
	var id string
	err := b.db.Write(b.Context(), func(tx *sqldb.Tx) error {
		draft, err := b.store.CreateDraft(tx, label, "u1")
		id = draft.ID
		for _, d := range b.parse(text) {
			if _, putErr := b.store.Put(tx, id, d); putErr != nil {
				return putErr
			}
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return id
}

func TestTwoProcessesPublishWithoutLosingEither(t *testing.T) {
	each(t, func(b bench) {
		other, err := New(b.db, b.store, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := other.Load(b.Context()); err != nil {
			b.Fatal(err)
		}
		done := make(chan error, 2)
		for i, c := range []*Catalog{b.Catalog, other} {
			name := []string{"left", "right"}[i]
			documents := b.parse("document: field\nname: lead." + name + "\nobject: lead\ntype: text\n")
			go func() {
				_, err := c.Apply(b.Context(), documents, config.Note{})
				done <- err
			}()
		}
		for range 2 {
			if err := <-done; err != nil {
				b.Fatal(err)
			}
		}
		if err := b.Load(b.Context()); err != nil {
			b.Fatal(err)
		}
		for _, name := range []string{"left", "right"} {
			if _, ok := b.object("lead").Field(name); !ok {
				b.Errorf("%s was lost", name)
			}
		}
	})
}
