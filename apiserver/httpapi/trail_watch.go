package httpapi

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi/problems"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

const (
	// openedWindow is how long repeated opening of the same data in the same session counts as one
	// opening.
	openedWindow = 10 * time.Minute
	// refusedWindow is how long repeated refusals of the same person are not recorded again,
	// because a refused person may retry a thousand times.
	refusedWindow = time.Minute
	// maxRemembered limits the stored keys of recent events; refusalBuffer is how many refusals may
	// wait to be written.
	maxRemembered = 10_000
	refusalBuffer = 256
)

// recentEvents stores what was recorded recently, so that repetitions are not recorded.
type recentEvents struct {
	mu   sync.Mutex
	seen map[string]time.Time
}

// first reports whether the event has not occurred within the window before now.
func (r *recentEvents) first(key string, now time.Time, window time.Duration) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if at, found := r.seen[key]; found && now.Sub(at) < window {
		return false
	}
	if r.seen == nil || len(r.seen) >= maxRemembered {
		r.seen = map[string]time.Time{}
	}
	r.seen[key] = now
	return true
}

// forget undoes first for an event that could not be recorded.
func (r *recentEvents) forget(key string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.seen, key)
}

// securityWatch records what moderators open and decide, and who is refused.
type securityWatch struct {
	recent  recentEvents
	refused chan sqlcgen.InsertSecurityEventParams
}

func newSecurityWatch() *securityWatch {
	return &securityWatch{refused: make(chan sqlcgen.InsertSecurityEventParams, refusalBuffer)}
}

// watchModerator runs an operation of a moderator. It records opened data before showing it, and
// decisions after they are made.
func (s *Server) watchModerator(ctx huma.Context, next func(huma.Context)) {
	op := ctx.Operation()
	subject := subjectOf(ctx)
	if op.Method != http.MethodGet {
		next(ctx)
		if subject.Kind == "" && !strings.HasPrefix(op.Path, "/api/registry/") {
			return
		}
		e := SecurityEvent{Kind: eventDecision, Subject: subject, Details: map[string]any{"operation": op.OperationID}}
		if status := ctx.Status(); status >= http.StatusBadRequest {
			e.Code = fmt.Sprintf("http_%d", status)
		}
		if err := s.RecordSecurityEvent(context.WithoutCancel(ctx.Context()), s.options.Store.Queries, e); err != nil {
			RequestFrom(ctx.Context()).Failure = err
		}
		return
	}
	if showsPeople(op, subject) {
		search := humafiber.UnwrapV2(ctx).Request().URI().QueryString() // unchanged, because huma re-encodes it
		if err := s.RecordOpened(ctx.Context(), op.OperationID, subject, search); err != nil {
			s.writeProblem(ctx, ProblemOf(ctx.Context(), err))
			return
		}
	}
	next(ctx)
}

// RecordOpened records that a moderator opens data, before he sees it. Repeated opening of the same
// subject by the same search is not recorded again within openedWindow.
func (s *Server) RecordOpened(ctx context.Context, operation string, subject SecuritySubject, search []byte) error {
	searched := sha256.Sum256(search) // so that no names are stored and long searches take no more memory
	key := SessionFrom(ctx).ID.String() + " " + operation + " " + subject.ID.String() + " " + string(searched[:])
	if !s.watch.recent.first(key, s.options.Now(), openedWindow) {
		return nil
	}
	e := SecurityEvent{Kind: eventDataOpened, Subject: subject, Details: map[string]any{"operation": operation}}
	if err := s.RecordSecurityEvent(ctx, s.options.Store.Queries, e); err != nil {
		s.watch.recent.forget(key)
		return err
	}
	return nil
}

// showsPeople reports whether a GET operation shows personal data.
func showsPeople(op *huma.Operation, subject SecuritySubject) bool {
	return subject.Kind != "" || op.Path == "/api/orders" || strings.HasPrefix(op.Path, "/api/moderation/")
}

// subjectOf returns the subject of a request, from its path or a filter.
func subjectOf(ctx huma.Context) SecuritySubject {
	for _, kind := range []string{"order", "engineer", "run", "person"} {
		id, err := uuid.Parse(cmp.Or(ctx.Param(kind), ctx.Query(kind)))
		if err != nil || id == uuid.Nil {
			continue
		}
		if kind == "run" {
			kind = "registry-run"
		}
		return SecuritySubject{kind, id}
	}
	return SecuritySubject{}
}

// watchRefusal records, sampled, who was refused or reached a limit. It never blocks a request.
func (s *Server) watchRefusal(ctx context.Context, r *request, method, route string, status int) {
	e := SecurityEvent{Kind: eventAccessRefused, Code: fmt.Sprintf("http_%d", status), Details: map[string]any{"method": method, "route": route}}
	switch {
	case status == http.StatusTooManyRequests:
		e.Kind = eventLimitReached
	case status == http.StatusForbidden:
	case status == http.StatusNotFound && r.Order != uuid.Nil && r.Person != uuid.Nil: // an order that is not his or does not exist
		e.Code = problems.OrderNotFound
	default:
		return
	}
	if r.Order != uuid.Nil {
		e.Subject = SecuritySubject{"order", r.Order}
	}
	whom := r.Address
	if r.Person != uuid.Nil {
		whom = r.Person.String()
	}
	if !s.watch.recent.first(whom+" "+method+" "+route+" "+e.Code, s.options.Now(), refusedWindow) {
		return
	}
	row, err := securityEventRow(context.WithValue(ctx, sessionKey{}, r.by), e, s.options.Now().UTC())
	if err != nil {
		return
	}
	select {
	case s.watch.refused <- row:
	default:
		s.options.Log.WarnContext(ctx, "a security event was not stored: too many at once", "kind", string(e.Kind))
	}
}

// writeRefusals stores what watchRefusal queued, until ctx ends.
func (s *Server) writeRefusals(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case row := <-s.watch.refused:
			if err := s.options.Store.InsertSecurityEvent(ctx, row); err != nil && ctx.Err() == nil {
				s.options.Log.WarnContext(ctx, "a security event was not stored", "kind", row.Kind, "error", err)
			}
		}
	}
}

// isModeratorsOperation reports whether the session's use of the operation belongs in the
// security trail.
func isModeratorsOperation(who Access, current Session) bool {
	return who.level == levelConsented && current.Role == order.RoleModerator
}
