package catalog

import "context"

// Guard is asked before a publication changes anything; its fault refuses it.
type Guard func(before, after *Snapshot) error

type guardKey struct{}

// WithGuard has every validation and publication under the context ask the
// guard, with what is in force and what would be, once all of it compiles.
func WithGuard(ctx context.Context, guard Guard) context.Context {
	return context.WithValue(ctx, guardKey{}, guard)
}

func (c *Catalog) ask(ctx context.Context, next *Snapshot) error {
	if guard, ok := ctx.Value(guardKey{}).(Guard); ok {
		return guard(c.Current(), next)
	}
	return nil
}
