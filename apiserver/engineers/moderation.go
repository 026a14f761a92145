package engineers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/limits"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// ReviewRule is a rule of the platform for the texts of reviews and replies.
type ReviewRule string

// The rules that a text may break.
const (
	RulePersonalData ReviewRule = "personal-data"
	RuleInsult       ReviewRule = "insult"
	RuleAdvertising  ReviewRule = "advertising"
	RuleOffTopic     ReviewRule = "off-topic"
	RuleUnlawful     ReviewRule = "unlawful"
)

// Schema lists the rules in the description of the API, for huma.
func (ReviewRule) Schema(huma.Registry) *huma.Schema {
	return wire.OneOf([]ReviewRule{RulePersonalData, RuleInsult, RuleAdvertising, RuleOffTopic, RuleUnlawful})
}

// ReviewSubject is which text of a review a decision is about.
type ReviewSubject string

// Schema lists the subjects in the description of the API, for huma.
func (ReviewSubject) Schema(huma.Registry) *huma.Schema {
	return wire.OneOf([]ReviewSubject{subjectReview, subjectReply})
}

// ModeratedReview is a review with its texts, for moderators.
type ModeratedReview struct {
	ID          int64           `json:"id" doc:"Номер; более новые больше"`
	Order       uuid.UUID       `json:"order" format:"uuid" doc:"Заказ"`
	Number      string          `json:"number" doc:"Номер заказа"`
	Engineer    wire.Named      `json:"engineer" doc:"О ком отзыв"`
	Mark        int32           `json:"mark" doc:"Оценка от 1 до 5"`
	WorkKind    wire.Coded      `json:"workKind" doc:"Вид работ"`
	Text        string          `json:"text" doc:"Отзыв"`
	At          time.Time       `json:"at" doc:"Когда поставлена оценка"`
	ChangedAt   time.Time       `json:"changedAt" doc:"Когда заказчик последний раз изменил текст"`
	Hidden      *ReviewVerdict  `json:"hidden,omitempty" doc:"Почему отзыв скрыт; нет, если не скрыт"`
	Reply       string          `json:"reply,omitempty" doc:"Ответ инженера"`
	ReplyHidden *ReviewVerdict  `json:"replyHidden,omitempty" doc:"Почему ответ скрыт; нет, если не скрыт"`
	Changed     []ReviewSubject `json:"changed" nullable:"false" doc:"Что изменено после последнего решения модератора об этом"`
}

type moderatedReviewsInput struct {
	ReviewsPage
	Hidden   bool      `query:"hidden" doc:"Только со скрытыми текстами"`
	Changed  bool      `query:"changed" doc:"Только с текстами, которые изменены после решения модератора"`
	Engineer uuid.UUID `query:"engineer" format:"uuid" doc:"Только об этом инженере"`
}

func (s *Service) registerModeration() {
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "list-moderated-reviews", Method: http.MethodGet, Path: "/api/moderation/reviews", Tags: []string{"Модерация"},
		Summary: "Отзывы с текстом, новые сначала",
	}, httpapi.Moderators, s.moderatedReviews, httpapi.Costs(limits.Search))
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "decide-review", Method: http.MethodPost, Path: "/api/engineers/{engineer}/reviews/{review}/decisions", Tags: []string{"Модерация"},
		Summary:     "Скрыть текст отзыва или ответа либо показать его снова",
		Description: "Оценка учитывается и при скрытом тексте. Автор и инженер получают уведомление.",
		Errors:      []int{http.StatusNotFound, http.StatusConflict},
	}, httpapi.Moderators, s.decide)
}

func (s *Service) moderatedReviews(ctx context.Context, in *moderatedReviewsInput) (*reviewsOutput[ModeratedReview], error) {
	rows, err := s.Store.ModeratedReviews(ctx, sqlcgen.ModeratedReviewsParams{
		Before: in.before(), Hidden: in.Hidden, Changed: in.Changed, EngineerID: wire.Optional(in.Engineer), Page: in.Limit + 1,
	})
	if err != nil {
		return nil, fmt.Errorf("listing reviews: %w", err)
	}
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	decided, err := s.decisionsOn(ctx, ids...)
	if err != nil {
		return nil, err
	}
	return reviewsOf(rows, in.Limit, func(r sqlcgen.ModeratedReviewsRow) int64 { return r.ID }, func(r sqlcgen.ModeratedReviewsRow) ModeratedReview {
		return ModeratedReview{
			ID: r.ID, Order: r.OrderID, Number: r.Number, Engineer: wire.Named{ID: r.EngineerID, Name: r.Engineer}, Mark: r.Mark,
			WorkKind: workKindOf(r.WorkKind), Text: r.Content, At: r.CreatedAt, ChangedAt: r.TextChangedAt, Reply: r.Reply,
			Hidden: decided.verdictOn(r.ID, subjectReview), ReplyHidden: decided.verdictOn(r.ID, subjectReply),
			Changed: decided.changed(r),
		}
	}), nil
}

type decideInput struct {
	httpapi.Idempotent
	Path
	Review int64 `path:"review" minimum:"1" maximum:"9007199254740991" doc:"Отзыв"`
	Body   struct {
		Subject ReviewSubject `json:"subject" doc:"Текст отзыва или ответ на него"`
		Hidden  bool          `json:"hidden" doc:"true — скрыть, false — показать снова"`
		Rule    ReviewRule    `json:"rule,omitempty" doc:"Какое правило нарушено; только когда текст скрывают"`
		Reason  string        `json:"reason" format:"text" minLength:"1" maxLength:"1000" doc:"Причина; её прочитают автор и инженер"`
	}
}

type decideOutput struct {
	Body struct {
		Hidden *ReviewVerdict `json:"hidden,omitempty" doc:"Почему текст скрыт; нет, если показан"`
	}
}

func (in *decideInput) check() error {
	switch named := in.Body.Rule != ""; {
	case in.Body.Hidden && !named:
		return problems.Invalid(problems.FieldProblem{Field: "rule", Message: "Укажите, какое правило нарушено."})
	case !in.Body.Hidden && named:
		return problems.Invalid(problems.FieldProblem{Field: "rule", Message: "Правило указывают, только когда текст скрывают."})
	}
	return nil
}

// decide hides a text or shows it again. The same key with the same content is the same decision.
func (s *Service) decide(ctx context.Context, in *decideInput) (*decideOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	by := httpapi.SessionFrom(ctx).Person
	if err := s.Store.InTx(ctx, func(q *sqlcgen.Queries) error { return s.recordDecision(ctx, q, by, in) }); err != nil {
		return nil, err
	}
	decided, err := s.decisionsOn(ctx, in.Review)
	out := &decideOutput{}
	out.Body.Hidden = decided.verdictOn(in.Review, string(in.Body.Subject))
	return out, err
}

func (s *Service) recordDecision(ctx context.Context, q *sqlcgen.Queries, by uuid.UUID, in *decideInput) error {
	review, err := q.LockReview(ctx, in.Review)
	switch subject := string(in.Body.Subject); {
	case errors.Is(err, db.ErrNotFound), err == nil && (review.EngineerID != in.Engineer || review.Ended),
		err == nil && subject == subjectReview && !review.HasText, err == nil && subject == subjectReply && review.ReplyVersion == 0:
		return problems.New(problems.ReviewNotFound)
	case err != nil:
		return fmt.Errorf("finding a review: %w", err)
	}
	tied, err := q.ModeratorTied(ctx, sqlcgen.ModeratorTiedParams{Person: by, Engineer: in.Engineer, OrderID: &review.OrderID})
	if err != nil {
		return fmt.Errorf("asking whether the moderator decides on his own: %w", err)
	}
	if tied {
		return problems.New(problems.OwnDecision)
	}
	id := decisionID(by, in)
	switch made, err := q.ReviewDecision(ctx, id); {
	case err == nil && (made.Hidden != in.Body.Hidden || made.Rule != string(in.Body.Rule) || made.Reason != in.Body.Reason || made.Subject != string(in.Body.Subject)):
		return problems.New(problems.KeyReused)
	case err == nil:
		return nil
	case !errors.Is(err, db.ErrNotFound):
		return fmt.Errorf("reading a decision: %w", err)
	}
	before, err := decisionsOn(ctx, q, in.Review)
	if err != nil {
		return err
	}
	if (before.verdictOn(in.Review, string(in.Body.Subject)) != nil) == in.Body.Hidden {
		return problems.New(problems.ReviewDecided)
	}
	now := s.Now().UTC()
	if err := q.InsertReviewDecision(ctx, sqlcgen.InsertReviewDecisionParams{
		ID: id, ReviewID: in.Review, Subject: string(in.Body.Subject), Hidden: in.Body.Hidden, Rule: string(in.Body.Rule), Reason: in.Body.Reason,
		ModeratorID: by, DecidedAt: now,
	}); err != nil {
		return fmt.Errorf("writing a decision: %w", err)
	}
	if in.Body.Subject == subjectReply {
		kind := noticeReplyRestored
		if in.Body.Hidden {
			kind = noticeReplyHidden
		}
		return notify(ctx, q, order.RoleEngineer, review.EngineerID, review, kind, now)
	}
	kind := noticeReviewRestored
	if in.Body.Hidden {
		kind = noticeReviewHidden
	}
	if err := notify(ctx, q, order.RoleCustomer, review.CustomerID, review, kind, now); err != nil {
		return err
	}
	return notify(ctx, q, order.RoleEngineer, review.EngineerID, review, kind, now)
}

// decisionID returns the id of a moderator's decision on a review under an idempotency key.
func decisionID(by uuid.UUID, in *decideInput) uuid.UUID {
	return uuid.NewSHA1(by, []byte("review "+strconv.FormatInt(in.Review, 10)+" "+in.Key))
}

// decisions are the latest decisions on the texts of some reviews.
type decisions []sqlcgen.ReviewDecisionsOnRow

func (s *Service) decisionsOn(ctx context.Context, reviews ...int64) (decisions, error) {
	return decisionsOn(ctx, s.Store.Queries, reviews...)
}

func decisionsOn(ctx context.Context, q *sqlcgen.Queries, reviews ...int64) (decisions, error) {
	rows, err := q.ReviewDecisionsOn(ctx, append([]int64{}, reviews...))
	if err != nil {
		return nil, fmt.Errorf("reading decisions on reviews: %w", err)
	}
	return rows, nil
}

// changed returns the texts of a review that were changed after the latest decision on them. It must
// agree with the function review_changed of the database.
func (d decisions) changed(r sqlcgen.ModeratedReviewsRow) []ReviewSubject {
	texts := []ReviewSubject{}
	for _, one := range d {
		at := r.TextChangedAt
		if one.Subject == subjectReply {
			at = r.RepliedAt
		}
		if one.ReviewID == r.ID && one.DecidedAt.Before(at) {
			texts = append(texts, ReviewSubject(one.Subject))
		}
	}
	return texts
}

// verdictOn returns the decision that hides a text; nil if the text is shown.
func (d decisions) verdictOn(review int64, subject string) *ReviewVerdict {
	for _, one := range d {
		if one.ReviewID == review && one.Subject == subject && one.Hidden {
			return &ReviewVerdict{Rule: ReviewRule(one.Rule), Reason: one.Reason, At: one.DecidedAt}
		}
	}
	return nil
}
