package staff

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"go.temporal.io/api/serviceerror"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
	"epkr/internal/workflowapi"
)

// step is one way in which an employment changes.
type step struct {
	verb, summary string
	by            []order.Role
	// answers means that the side decides that was asked; withdraws that it is the side that asked.
	answers, withdraws bool
	from               []Status
	to                 Status
	// event is the kind in the history.
	event string
	// told is whom the other side's notification is for.
	told map[order.Role]notice
	// needsReason means that the other side must read why.
	needsReason bool
	// stands means that the engineer becomes able or unable to act for the employer, so that his
	// orders are told; holds that the employer decides what becomes of each.
	stands, holds bool
}

var (
	sides    = []order.Role{order.RoleEngineer, order.RoleEmployer}
	engineer = []order.Role{order.RoleEngineer}
	employer = []order.Role{order.RoleEmployer}
)

// steps is the table of all changes of an employment except its beginning.
var steps = []step{
	{
		verb: "confirm", summary: "Подтвердить заявку", by: sides, answers: true, from: []Status{Pending}, to: Confirmed, event: "confirmed", stands: true,
		told: map[order.Role]notice{order.RoleEngineer: toEngineerConfirmed, order.RoleEmployer: toEmployerConfirmed},
	},
	{
		verb: "reject", summary: "Отклонить заявку", by: sides, answers: true, from: []Status{Pending}, to: Rejected, event: "rejected",
		told: map[order.Role]notice{order.RoleEngineer: toEngineerRejected, order.RoleEmployer: toEmployerRejected},
	},
	{
		verb: "withdraw", summary: "Отозвать свою заявку", by: sides, withdraws: true, from: []Status{Pending}, to: Withdrawn, event: "withdrawn",
		told: map[order.Role]notice{order.RoleEngineer: toEngineerWithdrawn, order.RoleEmployer: toEmployerWithdrawn},
	},
	{
		verb: "suspend", summary: "Приостановить деятельность сотрудника", by: employer, from: []Status{Confirmed}, to: Suspended, event: "suspended",
		told: map[order.Role]notice{order.RoleEngineer: toEngineerSuspended}, needsReason: true, stands: true, holds: true,
	},
	{
		verb: "resume", summary: "Возобновить деятельность сотрудника", by: employer, from: []Status{Suspended}, to: Confirmed, event: "resumed", stands: true,
		told: map[order.Role]notice{order.RoleEngineer: toEngineerResumed},
	},
	{
		verb: "remove", summary: "Удалить сотрудника", by: employer, from: []Status{Confirmed, Suspended}, to: Removed, event: "removed",
		told: map[order.Role]notice{order.RoleEngineer: toEngineerRemoved}, needsReason: true, stands: true, holds: true,
	},
	{
		verb: "leave", summary: "Удалить работодателя", by: engineer, from: []Status{Confirmed, Suspended}, to: Removed, event: "left", stands: true,
		told: map[order.Role]notice{order.RoleEmployer: toEmployerLeft},
	},
}

// OrderAnswer is what becomes of an order when its performer is suspended or removed.
type OrderAnswer struct {
	Order  uuid.UUID `json:"order" format:"uuid" doc:"Заказ"`
	Answer string    `json:"answer" enum:"reselect,hold" doc:"reselect: вернуть к выбору исполнителя, только до подписания договора обеими сторонами; hold: приостановить"`
}

// The answers.
const (
	reselect = "reselect"
	hold     = "hold"
)

type employmentDecisionInput struct {
	httpapi.Idempotent
	EmploymentPath
	Body struct {
		Version int32         `json:"version" minimum:"1" maximum:"2147483647" doc:"Версия заявки, о которой решение"`
		Comment string        `json:"comment,omitempty" format:"text" maxLength:"1000" doc:"Комментарий другой стороне; при приостановке и удалении обязателен"`
		Answers []OrderAnswer `json:"answers,omitempty" maxItems:"500" doc:"Что станет с каждым заказом сотрудника; нужны при приостановке и удалении"`
	}
}

type employmentOutput struct{ Body Employment }

func (s *Service) registerDecisions() {
	for _, one := range steps {
		httpapi.Register(s.HTTP, huma.Operation{
			OperationID: one.verb + "-employment", Method: http.MethodPost, Path: "/api/employments/{employment}/" + one.verb, Tags: []string{tag},
			Summary: one.summary, Errors: []int{http.StatusNotFound, http.StatusConflict},
		}, httpapi.Consented(one.by...), func(ctx context.Context, in *employmentDecisionInput) (*employmentOutput, error) {
			return s.decide(ctx, in, one)
		})
	}
}

// errMoved reports that the engineer moved to another employer while the locks were taken.
var errMoved = errors.New("an engineer changed his employer meanwhile")

// inEmployment runs do in a transaction that holds the locks of the employer, of the engineer's
// employer and of the engineer, in the order in which decisions of orders take them. employs is the
// organisation's switch as of the lock.
func (s *Service) inEmployment(ctx context.Context, engineerID, employerID uuid.UUID, do func(q *sqlcgen.Queries, employs bool) error) error {
	for {
		err := s.Store.InTx(ctx, func(q *sqlcgen.Queries) error {
			parties, err := q.LockEmploymentParties(ctx, sqlcgen.LockEmploymentPartiesParams{EmployerID: employerID, EngineerID: engineerID})
			if err != nil {
				return fmt.Errorf("locking employers: %w", err)
			}
			employs, locked := false, make([]uuid.UUID, len(parties))
			for i, p := range parties {
				locked[i] = p.ID
				employs = employs || p.ID == employerID && p.IsEmployer
			}
			rows, err := q.LockEngineers(ctx, []uuid.UUID{engineerID})
			if err != nil {
				return fmt.Errorf("locking an engineer: %w", err)
			}
			if len(rows) == 1 && rows[0].EmployerID != nil && !slices.Contains(locked, *rows[0].EmployerID) {
				return errMoved
			}
			if err := do(q, employs); err != nil {
				return err
			}
			return writeFacts(ctx, q, engineerID, locked, s.Now().UTC())
		})
		if !errors.Is(err, errMoved) {
			return err
		}
	}
}

// writeFacts makes what the rules of orders read agree with the employments.
func writeFacts(ctx context.Context, q *sqlcgen.Queries, engineerID uuid.UUID, employers []uuid.UUID, at time.Time) error {
	other, err := q.ApplyEmploymentFacts(ctx, engineerID)
	if err != nil {
		return fmt.Errorf("writing an engineer's employer: %w", err)
	}
	if other {
		if err := q.TieWorkDocument(ctx, engineerID); err != nil {
			return fmt.Errorf("tying the document of an employment to the employer: %w", err)
		}
	}
	if err := q.RecountEmployers(ctx, sqlcgen.RecountEmployersParams{Employers: employers, At: at}); err != nil {
		return fmt.Errorf("counting active engineers: %w", err)
	}
	if err := q.RefreshCompleteness(ctx, []uuid.UUID{engineerID}); err != nil {
		return fmt.Errorf("writing whether a profile is complete: %w", err)
	}
	return nil
}

func (s *Service) decide(ctx context.Context, in *employmentDecisionInput, one step) (*employmentOutput, error) {
	m, err := s.ownEmployment(ctx, s.Store.Queries, in.Employment)
	if err != nil {
		return nil, err
	}
	if one.needsReason && in.Body.Comment == "" {
		return nil, problems.Invalid(problems.FieldProblem{Field: "comment", Message: "Напишите причину: её прочитает сотрудник."})
	}
	err = s.inEmployment(ctx, m.EngineerID, m.EmployerID, func(q *sqlcgen.Queries, employs bool) error {
		if one.to == Confirmed && !employs {
			return noEmployer()
		}
		m, err = s.apply(ctx, q, in, one)
		return err
	})
	if db.IsUniqueViolation(err, "employments_one_employer") {
		return nil, problems.New(problems.EmployedElsewhere)
	}
	if err != nil {
		return nil, err
	}
	if one.stands {
		if err := s.notifyOrders(ctx, m); err != nil {
			return nil, err
		}
	}
	return &employmentOutput{employmentOf(m)}, nil
}

// apply makes one change under the locks. A repeated request changes nothing.
func (s *Service) apply(ctx context.Context, q *sqlcgen.Queries, in *employmentDecisionInput, one step) (sqlcgen.Employment, error) {
	by, at := httpapi.SessionFrom(ctx), s.Now().UTC().Truncate(time.Microsecond)
	m, err := q.LockEmployment(ctx, in.Employment)
	if err != nil {
		return m, fmt.Errorf("locking an employment: %w", err)
	}
	id := workflowapi.EmploymentEventID(by.Actor(), m.ID, one.verb, in.Key)
	if done, err := q.EmploymentEventExists(ctx, id); err != nil || done {
		return m, err
	}
	side := sideOf(m, by)
	if asked := order.Role(m.AskedBy) == side; one.answers && asked || one.withdraws && !asked {
		return m, problems.New(problems.NotFound)
	}
	if m.Version != in.Body.Version || !slices.Contains(one.from, Status(m.Status)) {
		return m, problems.New(problems.EmploymentChanged)
	}
	if err := s.check(ctx, q, m, in, one); err != nil {
		return m, err
	}
	m, err = q.MoveEmployment(ctx, sqlcgen.MoveEmploymentParams{
		ID: m.ID, Status: string(one.to), Comment: in.Body.Comment, At: at, Stands: one.stands, PersonID: by.Person,
	})
	if err != nil {
		return m, fmt.Errorf("changing an employment: %w", err)
	}
	for _, a := range in.Body.Answers {
		err := q.InsertEmploymentAnswer(ctx, sqlcgen.InsertEmploymentAnswerParams{EmploymentID: m.ID, OrderID: a.Order, StatusAt: at, Answer: a.Answer})
		if err != nil {
			return m, fmt.Errorf("writing what becomes of an order: %w", err)
		}
	}
	if one.to == Confirmed {
		if err := closeOthers(ctx, q, m, at); err != nil {
			return m, err
		}
	}
	return m, s.record(ctx, q, m, id, one.event, side, in.Body.Comment, one.told, at)
}

// check refuses what the facts forbid: a second employer, orders without an answer, a step out of
// an organisation whose orders go on.
func (s *Service) check(ctx context.Context, q *sqlcgen.Queries, m sqlcgen.Employment, in *employmentDecisionInput, one step) error {
	if one.verb == "confirm" {
		taken, err := q.OtherEmployer(ctx, sqlcgen.OtherEmployerParams{EngineerID: m.EngineerID, EmployerID: m.EmployerID})
		if err != nil {
			return fmt.Errorf("looking for another employer: %w", err)
		}
		if taken {
			return employedElsewhere(httpapi.SessionFrom(ctx).Role)
		}
	}
	if !one.holds && len(in.Body.Answers) > 0 {
		return problems.Invalid(problems.FieldProblem{Field: "answers", Message: "Об этом решении заказы не спрашивают."})
	}
	if !one.holds && one.verb != "leave" {
		return nil
	}
	live, err := q.LiveOrderStages(ctx, sqlcgen.LiveOrderStagesParams{EngineerID: &m.EngineerID, EmployerID: &m.EmployerID})
	if err != nil {
		return fmt.Errorf("finding the orders of an employee: %w", err)
	}
	if one.verb == "leave" {
		if len(live) > 0 {
			return problems.New(problems.OrdersInWork).WithDetail(fmt.Sprintf(
				"От этого работодателя вы ведёте заказы: %d. Завершите их; от тех, договор по которым не подписан, можно отказаться в карточке заказа. Либо попросите работодателя удалить вас: тогда он решит, что станет с каждым заказом.",
				len(live)))
		}
		return nil
	}
	return checkAnswers(live, in.Body.Answers)
}

// checkAnswers refuses unless each live order has one answer that fits its stage.
func checkAnswers(live []sqlcgen.LiveOrderStagesRow, answers []OrderAnswer) error {
	given := make(map[uuid.UUID]string, len(answers))
	for _, a := range answers {
		given[a.Order] = a.Answer
	}
	for _, o := range live {
		answer, found := given[o.ID]
		if !found || answer == reselect && o.Stage != string(order.Contracting) {
			return problems.New(problems.OrdersChanged)
		}
		delete(given, o.ID)
	}
	if len(given) > 0 || len(answers) != len(live) {
		return problems.New(problems.OrdersChanged)
	}
	return nil
}

func employedElsewhere(role order.Role) error {
	p := problems.New(problems.EmployedElsewhere)
	if role == order.RoleEngineer {
		p = p.WithDetail("У вас уже есть работодатель. Сначала нажмите «Удалить» в сведениях о нём.")
	}
	return p
}

// closeOthers ends what the engineer and others have asked, because he has an employer now.
func closeOthers(ctx context.Context, q *sqlcgen.Queries, m sqlcgen.Employment, at time.Time) error {
	closed, err := q.CloseOtherRequests(ctx, sqlcgen.CloseOtherRequestsParams{
		EngineerID: m.EngineerID, ID: m.ID, At: at, Comment: "Кадастровый инженер стал сотрудником другой организации.",
	})
	if err != nil {
		return fmt.Errorf("closing other requests: %w", err)
	}
	for _, other := range closed {
		err := q.InsertEmploymentEvent(ctx, sqlcgen.InsertEmploymentEventParams{ID: uuid.New(), EmploymentID: other.ID, Kind: "closed", HappenedAt: at})
		if err != nil {
			return fmt.Errorf("recording a closed request: %w", err)
		}
		if err := notify(ctx, q, sqlcgen.Employment{EngineerID: other.EngineerID, EmployerID: other.EmployerID}, order.RoleEmployer, toEmployerClosed, at); err != nil {
			return err
		}
	}
	return nil
}

// record writes the history and the security trail and tells the other side.
func (s *Service) record(
	ctx context.Context, q *sqlcgen.Queries, m sqlcgen.Employment, event uuid.UUID, kind string, side order.Role, comment string,
	told map[order.Role]notice, at time.Time,
) error {
	person := httpapi.SessionFrom(ctx).Person
	if err := q.InsertEmploymentEvent(ctx, sqlcgen.InsertEmploymentEventParams{
		ID: event, EmploymentID: m.ID, Kind: kind, Role: string(side), PersonID: &person, Comment: comment, HappenedAt: at,
	}); err != nil {
		return fmt.Errorf("recording a change of an employment: %w", err)
	}
	if err := s.HTTP.RecordSecurityEvent(ctx, q, httpapi.SecurityEvent{
		Kind: httpapi.EventEmploymentChanged, Subject: httpapi.SecuritySubject{Kind: "engineer", ID: m.EngineerID},
		Details: map[string]any{"employment": m.ID, "change": kind},
	}); err != nil {
		return err
	}
	for _, other := range sides {
		if kind, found := told[other]; found && other != side {
			return notify(ctx, q, m, other, kind, at)
		}
	}
	return nil
}

// notifyOrders starts the workflow that tells the engineer's orders of the employer's decision. The
// next sync of the registry tells those that it misses.
func (s *Service) notifyOrders(ctx context.Context, m sqlcgen.Employment) error {
	options := workflowapi.EmployerDecisionOptions(m.ID, m.Version, s.TaskQueue)
	_, err := s.Temporal.ExecuteWorkflow(ctx, options, workflowapi.EmployerDecisionWorkflow)
	var ended *serviceerror.WorkflowExecutionAlreadyStarted
	if err == nil || errors.As(err, &ended) {
		return nil
	}
	s.Log.WarnContext(ctx, "starting the workflow of an employer's decision failed, its outcome is unknown", "error", err)
	return problems.New(problems.UnknownOutcome).After(2 * time.Second)
}
