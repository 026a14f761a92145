package engineers

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/apiserver/orders"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// replyTerm is how long an engineer may change his reply after he saved it first (S-25).
const replyTerm = 14 * 24 * time.Hour

// The subjects of a moderator's decision in the table review_decisions.
const (
	subjectReview = "review"
	subjectReply  = "reply"
)

// PublicReview is a customer's mark as everybody sees it: with no word about who the customer is.
type PublicReview struct {
	ID       int64      `json:"id" doc:"Номер; более новые больше"`
	Mark     int32      `json:"mark" doc:"Оценка от 1 до 5"`
	Text     string     `json:"text,omitempty" doc:"Отзыв"`
	Hidden   bool       `json:"hidden" doc:"Текст скрыт модератором; оценка учитывается"`
	WorkKind wire.Coded `json:"workKind" doc:"Вид работ"`
	Date     string     `json:"date" format:"date" doc:"День оценки"`
	Reply    string     `json:"reply,omitempty" doc:"Ответ инженера"`
}

// ReviewVerdict is a moderator's decision that hides a text.
type ReviewVerdict struct {
	Rule   ReviewRule `json:"rule" doc:"Какое правило нарушено"`
	Reason string     `json:"reason" doc:"Причина"`
	At     time.Time  `json:"at" doc:"Когда решено"`
}

// ReviewReply is an engineer's answer to a review, for himself.
type ReviewReply struct {
	Text          string         `json:"text" doc:"Текст"`
	Version       int32          `json:"version" doc:"Сколько раз сохранён; посылается обратно при изменении"`
	RepliedAt     time.Time      `json:"repliedAt" doc:"Когда сохранён впервые"`
	EditableUntil time.Time      `json:"editableUntil" doc:"До какого времени его можно изменить"`
	Hidden        *ReviewVerdict `json:"hidden,omitempty" doc:"Почему скрыт модератором; нет, если не скрыт"`
}

// OwnReview is a review for the parties of its order: the customer who wrote it, and the engineer.
type OwnReview struct {
	ID       int64          `json:"id" doc:"Номер; более новые больше"`
	Order    uuid.UUID      `json:"order" format:"uuid" doc:"Заказ"`
	Number   string         `json:"number" doc:"Номер заказа"`
	Mark     int32          `json:"mark" doc:"Оценка от 1 до 5"`
	Text     string         `json:"text,omitempty" doc:"Отзыв"`
	Hidden   *ReviewVerdict `json:"hidden,omitempty" doc:"Почему текст скрыт модератором; нет, если не скрыт"`
	WorkKind wire.Coded     `json:"workKind" doc:"Вид работ"`
	At       time.Time      `json:"at" doc:"Когда поставлена оценка"`
	Reply    *ReviewReply   `json:"reply,omitempty" doc:"Ответ инженера; нет, если его нет"`
}

// ReviewsPage contains the paging parameters of lists of reviews.
type ReviewsPage struct {
	Cursor string `query:"cursor" maxLength:"18" pattern:"^[0-9]+$" doc:"Откуда продолжить: next из прошлого ответа"`
	Limit  int32  `query:"limit" minimum:"1" maximum:"50" default:"10" doc:"Сколько строк"`
}

// before returns the number of the last review of the page before.
func (p ReviewsPage) before() int64 {
	if p.Cursor == "" {
		return math.MaxInt64
	}
	before, _ := strconv.ParseInt(p.Cursor, 10, 64) // the pattern and the length allow nothing else
	return before
}

type reviewsOutput[T any] struct {
	Body struct {
		Items []T    `json:"items" nullable:"false"`
		Next  string `json:"next,omitempty" doc:"Курсор следующей страницы; нет на последней"`
	}
}

// reviewsOf builds a page from rows; a row beyond the limit means that there is a next page.
func reviewsOf[R, T any](rows []R, limit int32, id func(R) int64, shown func(R) T) *reviewsOutput[T] {
	out := &reviewsOutput[T]{}
	if len(rows) > int(limit) {
		rows = rows[:limit]
		out.Body.Next = strconv.FormatInt(id(rows[len(rows)-1]), 10)
	}
	out.Body.Items = make([]T, len(rows))
	for i, r := range rows {
		out.Body.Items[i] = shown(r)
	}
	return out
}

func (s *Service) registerReviews() {
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "list-reviews", Method: http.MethodGet, Path: "/api/engineers/{engineer}/reviews", Tags: []string{tag},
		Summary: "Оценки и отзывы о кадастровом инженере, новые сначала", Errors: []int{http.StatusNotFound},
	}, httpapi.Consented(), s.reviews)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "list-own-reviews", Method: http.MethodGet, Path: "/api/engineer/reviews", Tags: []string{tag},
		Summary: "Оценки и отзывы обо мне, новые сначала",
	}, httpapi.Engineers, s.ownReviews)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "reply-to-review", Method: http.MethodPut, Path: "/api/engineer/reviews/{review}/reply", Tags: []string{tag},
		Summary:     "Ответить на отзыв или изменить ответ",
		Description: "Ответ один. Изменить его можно 14 дней после первого сохранения.",
		Errors:      []int{http.StatusNotFound, http.StatusConflict},
	}, httpapi.Engineers, s.reply)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "get-order-review", Method: http.MethodGet, Path: "/api/orders/{order}/review", Tags: []string{orders.Tag},
		Summary: "Оценка заказа, отзыв и ответ на него, для сторон заказа", Errors: []int{http.StatusNotFound},
	}, httpapi.Consented(), s.orderReview)
}

func (s *Service) reviews(ctx context.Context, in *struct {
	Path
	ReviewsPage
},
) (*reviewsOutput[PublicReview], error) {
	row, err := s.Store.EngineerStatistics(ctx, in.Engineer)
	if errors.Is(err, db.ErrNotFound) || err == nil && !row.Listed {
		return nil, notListed()
	}
	if err != nil {
		return nil, fmt.Errorf("finding an engineer: %w", err)
	}
	rows, err := s.Store.ReviewsOf(ctx, sqlcgen.ReviewsOfParams{EngineerID: in.Engineer, Before: in.before(), Page: in.Limit + 1})
	if err != nil {
		return nil, fmt.Errorf("reading reviews: %w", err)
	}
	return reviewsOf(rows, in.Limit, func(r sqlcgen.ReviewsOfRow) int64 { return r.ID }, publicReview), nil
}

func publicReview(r sqlcgen.ReviewsOfRow) PublicReview {
	shown := PublicReview{
		ID: r.ID, Mark: r.Mark, WorkKind: workKindOf(r.WorkKind), Hidden: r.Hidden && r.HasText, Date: dayOf(r.CreatedAt),
	}
	if !r.Hidden {
		shown.Text = r.Content
	}
	if !r.ReplyHidden {
		shown.Reply = r.Reply
	}
	return shown
}

func workKindOf(code string) wire.Coded {
	return wire.Coded{Code: code, Label: order.WorkKind(code).Label()}
}

func (s *Service) ownReviews(ctx context.Context, in *struct{ ReviewsPage }) (*reviewsOutput[OwnReview], error) {
	rows, err := s.Store.ReviewsOf(ctx, sqlcgen.ReviewsOfParams{
		EngineerID: httpapi.SessionFrom(ctx).Party, Before: in.before(), Page: in.Limit + 1,
	})
	if err != nil {
		return nil, fmt.Errorf("reading reviews: %w", err)
	}
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	decided, err := s.decisionsOn(ctx, ids...)
	if err != nil {
		return nil, err
	}
	return reviewsOf(rows, in.Limit, func(r sqlcgen.ReviewsOfRow) int64 { return r.ID }, func(r sqlcgen.ReviewsOfRow) OwnReview {
		return ownReview(r, decided)
	}), nil
}

func ownReview(r sqlcgen.ReviewsOfRow, decided decisions) OwnReview {
	shown := OwnReview{
		ID: r.ID, Order: r.OrderID, Number: r.Number, Mark: r.Mark, Text: r.Content, WorkKind: workKindOf(r.WorkKind), At: r.CreatedAt,
		Hidden: decided.verdictOn(r.ID, subjectReview),
	}
	if r.RepliedAt != nil {
		shown.Reply = &ReviewReply{
			Text: r.Reply, Version: r.ReplyVersion, RepliedAt: *r.RepliedAt, EditableUntil: r.RepliedAt.Add(replyTerm),
			Hidden: decided.verdictOn(r.ID, subjectReply),
		}
	}
	return shown
}

type orderReviewOutput struct{ Body OwnReview }

// orderReview shows a review to the parties of its order. An order that somebody else sees has no
// review for him.
func (s *Service) orderReview(ctx context.Context, in *orders.OrderPath) (*orderReviewOutput, error) {
	by, parties, err := orders.RequireVisible(ctx, s.Store.Queries, in.Order)
	if err != nil {
		return nil, err
	}
	party := by.Role == order.RoleModerator || by.Role == order.RoleCustomer ||
		by.Role == order.RoleEngineer && parties.Performer == by.Party.String() || by.Role == order.RoleEmployer && parties.Employer == by.Party.String()
	row, err := s.Store.ReviewOfOrder(ctx, in.Order)
	if errors.Is(err, db.ErrNotFound) || err == nil && !party {
		return nil, problems.New(problems.ReviewNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the review of an order: %w", err)
	}
	decided, err := s.decisionsOn(ctx, row.ID)
	if err != nil {
		return nil, err
	}
	return &orderReviewOutput{Body: ownReview(sqlcgen.ReviewsOfRow{
		ID: row.ID, OrderID: in.Order, Number: row.Number, Mark: row.Mark, WorkKind: row.WorkKind, CreatedAt: row.CreatedAt, Content: row.Content,
		ReplyVersion: row.ReplyVersion, Reply: row.Reply, RepliedAt: row.RepliedAt,
	}, decided)}, nil
}

type replyInput struct {
	Review int64 `path:"review" minimum:"1" maximum:"9007199254740991" doc:"Отзыв"`
	Body   struct {
		Text    string `json:"text" format:"text" minLength:"1" maxLength:"2000" doc:"Ответ; его увидят все"`
		Version int32  `json:"version" minimum:"0" maximum:"1000000" doc:"Версия, которую вы читали; 0 — ответа ещё не было"`
	}
}

type replyOutput struct{ Body ReviewReply }

// reply stores a version of the engineer's one reply. Saving the same text again changes nothing.
func (s *Service) reply(ctx context.Context, in *replyInput) (*replyOutput, error) {
	by, now := httpapi.SessionFrom(ctx), s.Now().UTC()
	out := &replyOutput{}
	err := s.Store.InTx(ctx, func(q *sqlcgen.Queries) error {
		review, err := q.LockReview(ctx, in.Review)
		switch {
		case errors.Is(err, db.ErrNotFound), err == nil && (review.EngineerID != by.Party || review.Ended):
			return problems.New(problems.ReviewNotFound)
		case err != nil:
			return fmt.Errorf("finding a review: %w", err)
		}
		last, err := q.LastReply(ctx, in.Review)
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			return fmt.Errorf("reading a reply: %w", err)
		}
		out.Body = ReviewReply{Text: in.Body.Text, Version: last.Version, RepliedAt: now}
		if review.RepliedAt != nil {
			out.Body.RepliedAt = *review.RepliedAt
		}
		out.Body.EditableUntil = out.Body.RepliedAt.Add(replyTerm)
		switch {
		case last.Version > 0 && last.Content == in.Body.Text:
			return nil
		case last.Version != in.Body.Version:
			return problems.New(problems.ReplyChanged)
		case !now.Before(out.Body.EditableUntil):
			return problems.New(problems.ReplyClosed)
		}
		out.Body.Version++
		if err := q.InsertReply(ctx, sqlcgen.InsertReplyParams{
			ReviewID: in.Review, Version: out.Body.Version, PersonID: by.Person, Content: in.Body.Text, CreatedAt: now,
		}); err != nil {
			return fmt.Errorf("storing a reply: %w", err)
		}
		if last.Version > 0 {
			return nil
		}
		return notify(ctx, q, order.RoleCustomer, review.CustomerID, review, noticeReplied, now)
	})
	if err != nil {
		return nil, err
	}
	decided, err := s.decisionsOn(ctx, in.Review)
	out.Body.Hidden = decided.verdictOn(in.Review, subjectReply)
	return out, err
}

// The kinds of notifications about reviews.
const (
	noticeReplied        = "review-replied"
	noticeReviewHidden   = "review-hidden"
	noticeReviewRestored = "review-restored"
	noticeReplyHidden    = "reply-hidden"
	noticeReplyRestored  = "reply-restored"
	// The database makes these when a text that a moderator decided on is changed.
	noticeReviewCorrected = "review-corrected"
	noticeReplyCorrected  = "reply-corrected"
)

var noticeTexts = map[string]string{
	noticeReplied:        "Ответ на ваш отзыв: {}",
	noticeReviewHidden:   "Модератор скрыл текст отзыва об инженере: {}. Оценка учитывается, причина — в карточке заказа",
	noticeReviewRestored: "Модератор снова показывает текст отзыва об инженере: {}",
	noticeReplyHidden:    "Модератор скрыл ваш ответ на отзыв; причина — в разделе «Мой рейтинг и отзывы»",
	noticeReplyRestored:  "Модератор снова показывает ваш ответ на отзыв",

	noticeReviewCorrected: "Заказчик изменил текст отзыва, о котором решал модератор. Отзыв об инженере: {}",
	noticeReplyCorrected:  "Изменён ответ на отзыв, о котором решал модератор: {}",
}

// NoticeText returns the text of a notification of this package; "" for other kinds.
func NoticeText(kind string) string { return noticeTexts[kind] }

// notify tells a party of its review, and names the engineer.
func notify(ctx context.Context, q *sqlcgen.Queries, role order.Role, party uuid.UUID, about sqlcgen.LockReviewRow, kind string, at time.Time) error {
	name, err := q.NameOfEngineer(ctx, about.EngineerID)
	if err != nil {
		return fmt.Errorf("reading the name of an engineer: %w", err)
	}
	if err := q.InsertReviewNotice(ctx, sqlcgen.InsertReviewNoticeParams{
		Role: string(role), PartyID: &party, OrderID: &about.OrderID, ReviewID: &about.ID, Kind: kind, Subject: name, CreatedAt: at,
	}); err != nil {
		return fmt.Errorf("notifying of a review: %w", err)
	}
	return nil
}
