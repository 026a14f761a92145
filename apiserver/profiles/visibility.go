package profiles

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// View is what the caller may see of an engineer's profile.
type View struct {
	// Own means that the profile is his own.
	Own bool
	// Documents means that he may see the document that proves the engineer's form of work.
	Documents bool
	// Listed means that everybody may see the engineer.
	Listed bool
}

// LoadVisible returns what the caller may see of an engineer. A publicly listed engineer is visible
// to everybody, any other one only to himself, to moderators, to his employer and to one whom he
// asked for work, and to those who have a common order with him; to everybody else he is reported as not found. This is the only
// place with that rule.
func (s *Service) LoadVisible(ctx context.Context, engineer uuid.UUID) (View, error) {
	by := httpapi.SessionFrom(ctx)
	row, err := s.Store.EngineerVisibility(ctx, sqlcgen.EngineerVisibilityParams{EngineerID: engineer, Viewer: &by.Party})
	if errors.Is(err, db.ErrNotFound) {
		return View{}, problems.New(problems.NotFound)
	}
	if err != nil {
		return View{}, fmt.Errorf("finding whether an engineer is visible: %w", err)
	}
	employs := by.Role == order.RoleEmployer && row.Employed
	v := View{Own: by.Role == order.RoleEngineer && by.Party == engineer, Listed: row.Listed}
	v.Documents = v.Own || employs || by.Role == order.RoleModerator
	if !row.Listed && !v.Documents && !row.CommonOrder && !(by.Role == order.RoleEmployer && row.Staff) {
		return View{}, problems.New(problems.NotFound)
	}
	return v, nil
}
