package engineers_test

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/engineers"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/orders"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
)

// rated leads an order to its end, with a mark and a review.
func rated(p *apitest.Platform, customer, engineer *apitest.Browser, mark int, review string) uuid.UUID {
	p.T.Helper()
	id := p.SignedOrder(customer, engineer, 0)
	act := engineer.Upload(id, "акт.pdf", apitest.PDF("акт "+id.String()))
	signed := engineer.Sign(id, act)
	engineer.RequireApplied(id, order.SubmitResults, apitest.Object{
		"details": apitest.Object{"way": "link", "act": apitest.Object{"file": apitest.Ref(act), "signature": apitest.Ref(signed)}, "invoice": apitest.Object{"link": true}},
		"text":    apitest.Object{"link": "https://disk.example/1", "note": "Межевой план", "invoiceLink": "https://bank.example/2"},
	})
	customer.RequireApplied(id, order.ConfirmReceipt, nil)
	own := customer.Sign(id, act)
	customer.RequireApplied(id, order.AcceptResults, apitest.Object{"details": apitest.Object{"act": act.SHA256, "signature": apitest.Ref(own)}})
	customer.RequireApplied(id, order.ReportPayment, apitest.Object{"details": apitest.Object{"withoutDocument": true}})
	rate(customer, id, mark, review)
	engineer.RequireApplied(id, order.ConfirmPayment, nil)
	return id
}

func rate(customer *apitest.Browser, id uuid.UUID, mark int, review string) {
	customer.RequireApplied(id, order.Rate, apitest.Object{"details": apitest.Object{"mark": mark}, "text": apitest.Object{"review": review}})
}

func reviewsOf(b *apitest.Browser, engineer string) []engineers.PublicReview {
	b.Platform.T.Helper()
	var page struct{ Items []engineers.PublicReview }
	b.Do(http.MethodGet, "/api/engineers/"+engineer+"/reviews", nil).OK().Into(&page)
	return page.Items
}

func ownReviews(b *apitest.Browser) []engineers.OwnReview {
	b.Platform.T.Helper()
	var page struct{ Items []engineers.OwnReview }
	b.Do(http.MethodGet, "/api/engineer/reviews", nil).OK().Into(&page)
	return page.Items
}

func reply(b *apitest.Browser, review int64, text string, version int) apitest.Answer {
	return b.Do(http.MethodPut, "/api/engineer/reviews/"+strconv.FormatInt(review, 10)+"/reply", apitest.Object{"text": text, "version": version})
}

func noticesOf(p *apitest.Platform, role, party string) []string {
	return testenv.Column[string](p.T, p.DatabaseURL, `select kind from notifications where role = $1 and party_id = $2 and (kind like 'review-%' or kind like 'reply-%') order by id`, role, party)
}

func TestMarkAndReviewAreShownAndCounted(t *testing.T) {
	acceptance.Covers(t, "R-GEN-7", "R-KPROF-3", "R-RATE-2", "S-25", "S-26")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	other := p.Customer(synthetic.LoginSecondCustomer)
	id := p.EngineerID(synthetic.LoginEngineerMoscow)
	first := rated(p, customer, engineer, 5, "Отличная работа")
	rated(p, customer, engineer, 2, "")
	shown := reviewsOf(other, id)
	require.Len(t, shown, 2)
	require.EqualValues(t, 2, shown[0].Mark, "the newest first")
	require.Empty(t, shown[0].Text)
	require.Equal(t, engineers.PublicReview{
		ID: shown[1].ID, Mark: 5, Text: "Отличная работа", WorkKind: shown[1].WorkKind, Date: p.Deps.Now().In(order.Moscow).Format(time.DateOnly),
	}, shown[1])
	require.Equal(t, "parcel-formation", shown[1].WorkKind.Code)
	var profile engineers.PublicProfile
	read := func() orders.EngineerStatistics {
		other.Do(http.MethodGet, "/api/engineers/"+id, nil).OK().Into(&profile)
		return profile.Statistics
	}
	s := read()
	require.InDelta(t, 3.5, *s.Rating, 0)
	require.EqualValues(t, []int32{2, 1, 2, 1, 0}, []int32{s.Marks, s.Reviews, s.Completed, s.Successful, s.InWork})
	require.EqualValues(t, []int32{0, 2}, []int32{s.Refusals, s.Asked})
	require.Equal(t, []engineers.MarkCount{{Mark: 5, Count: 1}, {Mark: 2, Count: 1}}, profile.MarkCounts)
	var own struct {
		Statistics orders.EngineerStatistics
		Listed     bool
	}
	engineer.Do(http.MethodGet, "/api/engineer/rating", nil).OK().Into(&own)
	require.Equal(t, s, own.Statistics)
	require.True(t, own.Listed)

	rate(customer, first, 3, "Передумал")
	require.InDelta(t, 2.5, *read().Rating, 0, "a changed mark replaces the mark")
	require.Equal(t, []engineers.MarkCount{{Mark: 3, Count: 1}, {Mark: 2, Count: 1}}, profile.MarkCounts)
	require.Equal(t, "Передумал", reviewsOf(other, id)[1].Text)
	require.Equal(t, shown[1].ID, reviewsOf(other, id)[1].ID)
}

func TestEngineerRepliesOnce(t *testing.T) {
	acceptance.Covers(t, "S-25")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := p.EngineerID(synthetic.LoginEngineerMoscow)
	orderID := rated(p, customer, engineer, 4, "Хорошо")
	review := ownReviews(engineer)[0]
	require.Nil(t, review.Reply)
	require.Equal(t, orderID, review.Order)

	stranger := p.Engineer(synthetic.LoginEngineerTatarstan)
	require.Equal(t, problems.ReviewNotFound, reply(stranger, review.ID, "Это не мой отзыв", 0).Problem().Code)
	require.Equal(t, problems.WrongRole, reply(customer, review.ID, "Отвечу себе", 0).Problem().Code)
	require.Equal(t, problems.ReviewNotFound, reply(engineer, review.ID+1000, "Такого нет", 0).Problem().Code)
	require.Equal(t, problems.Validation, reply(engineer, review.ID, " \u200b ", 0).Problem().Code)
	require.Empty(t, ownReviews(stranger))

	var saved engineers.ReviewReply
	reply(engineer, review.ID, "Спасибо", 0).OK().Into(&saved)
	require.EqualValues(t, 1, saved.Version)
	require.Equal(t, "Спасибо", reviewsOf(customer, id)[0].Reply)
	reply(engineer, review.ID, "Спасибо", 0).OK()
	require.Equal(t, []string{"review-replied"}, noticesOf(p, "customer", apitest.WhoAmI(customer).Party.String()), "a repeated save notifies nobody again")
	require.Equal(t, problems.ReplyChanged, reply(engineer, review.ID, "Из другой вкладки", 0).Problem().Code)
	p.AdvanceClock(13 * 24 * time.Hour)
	engineer = p.Engineer(synthetic.LoginEngineerMoscow)
	reply(engineer, review.ID, "Спасибо за заказ", 1).OK().Into(&saved)
	require.EqualValues(t, 2, saved.Version)
	require.Equal(t, "Спасибо за заказ", reviewsOf(engineer, id)[0].Reply)
	p.AdvanceClock(2 * 24 * time.Hour)
	engineer = p.Engineer(synthetic.LoginEngineerMoscow)
	require.Equal(t, problems.ReplyClosed, reply(engineer, review.ID, "Поздно", 2).Problem().Code)
	require.Equal(t, 2, apitest.Value[int](p, `select count(*) from review_replies`), "both versions stay")
}

func TestModeratorHidesAndRestoresTexts(t *testing.T) {
	acceptance.Covers(t, "S-25")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	other, moderator := p.Customer(synthetic.LoginSecondCustomer), p.Moderator()
	id := p.EngineerID(synthetic.LoginEngineerMoscow)
	orderID := rated(p, customer, engineer, 1, "Звоните мне: +7 900 000-00-00")
	review := reviewsOf(other, id)[0].ID
	reply(engineer, review, "Сам такой", 0).OK()
	decide := func(b *apitest.Browser, engineer, key, subject string, hidden bool, rule, reason string) apitest.Answer {
		body := apitest.Object{"subject": subject, "hidden": hidden, "reason": reason}
		if rule != "" {
			body["rule"] = rule
		}
		return b.Do(http.MethodPost, "/api/engineers/"+engineer+"/reviews/"+strconv.FormatInt(review, 10)+"/decisions", body, "Idempotency-Key", key)
	}
	require.Equal(t, problems.WrongRole, decide(customer, id, "1", "review", true, "insult", "Не нравится").Problem().Code)
	require.Equal(t, problems.WrongRole, decide(engineer, id, "1", "review", true, "insult", "Не нравится").Problem().Code)
	require.Equal(t, problems.WrongRole, other.Do(http.MethodGet, "/api/moderation/reviews", nil).Problem().Code)
	require.Equal(t, problems.Validation, decide(moderator, id, "1", "review", true, "", "Телефон").Problem().Code, "without a rule")
	require.Equal(t, problems.Validation, decide(moderator, id, "1", "review", true, "insult", " ").Problem().Code, "without a reason")
	require.Equal(t, problems.ReviewNotFound, decide(moderator, p.EngineerID(synthetic.LoginEngineerTatarstan), "1", "review", true, "insult", "Не о нём").Problem().Code)

	decide(moderator, id, "1", "review", true, "personal-data", "В тексте телефон").OK()
	decide(moderator, id, "1", "review", true, "personal-data", "В тексте телефон").OK()
	require.Equal(t, problems.KeyReused, decide(moderator, id, "1", "review", true, "insult", "Другое").Problem().Code)
	require.Equal(t, problems.ReviewDecided, decide(moderator, id, "2", "review", true, "insult", "Ещё раз").Problem().Code)
	shown := reviewsOf(other, id)[0]
	require.Empty(t, shown.Text)
	require.True(t, shown.Hidden)
	require.Equal(t, "Сам такой", shown.Reply)
	require.EqualValues(t, 1, shown.Mark, "the mark still counts")
	require.InDelta(t, 1, *search(other, "number="+apitest.Value[string](p, `select registry_number from engineers where id = $1`, id)).Items[0].Statistics.Rating, 0)
	changed := func() (all []engineers.ModeratedReview) {
		var page struct{ Items []engineers.ModeratedReview }
		moderator.Do(http.MethodGet, "/api/moderation/reviews?changed=true", nil).OK().Into(&page)
		return page.Items
	}
	corrected := func() []string {
		return testenv.Column[string](t, p.DatabaseURL, `select kind from notifications where role = 'moderator' and kind like '%-corrected' and subject <> '' order by id`)
	}
	rate(customer, orderID, 2, "Звоните мне: +7 900 000-00-00")
	require.Empty(t, changed(), "only the mark was changed")
	require.Empty(t, corrected())
	rate(customer, orderID, 1, "Опять: +7 900 000-00-00")
	require.Equal(t, []engineers.ReviewSubject{"review"}, changed()[0].Changed)
	require.Equal(t, []string{"review-corrected"}, corrected())
	require.Empty(t, reviewsOf(other, id)[0].Text, "a changed text stays hidden until a moderator shows it")

	decide(moderator, id, "3", "reply", true, "insult", "Оскорбление").OK()
	require.Empty(t, reviewsOf(other, id)[0].Reply)
	reply(engineer, review, "Простите", 1).OK()
	require.Empty(t, reviewsOf(other, id)[0].Reply, "a changed reply stays hidden until a moderator shows it")
	require.Equal(t, []engineers.ReviewSubject{"reply", "review"}, changed()[0].Changed, "decisions on one text do not settle the other")
	require.Equal(t, []string{"review-corrected", "reply-corrected"}, corrected())
	var card engineers.OwnReview
	customer.Do(http.MethodGet, "/api/orders/"+orderID.String()+"/review", nil).OK().Into(&card)
	require.Equal(t, "В тексте телефон", card.Hidden.Reason)
	require.Equal(t, engineers.RulePersonalData, card.Hidden.Rule)
	require.Equal(t, "Оскорбление", ownReviews(engineer)[0].Reply.Hidden.Reason)
	require.Equal(t, problems.OrderNotFound, other.Do(http.MethodGet, "/api/orders/"+orderID.String()+"/review", nil).Problem().Code)

	var listed struct{ Items []engineers.ModeratedReview }
	moderator.Do(http.MethodGet, "/api/moderation/reviews?hidden=true", nil).OK().Into(&listed)
	require.Len(t, listed.Items, 1)
	require.Equal(t, "Опять: +7 900 000-00-00", listed.Items[0].Text)
	require.True(t, listed.Items[0].ChangedAt.After(listed.Items[0].Hidden.At), "the moderator sees that it was changed after the decision")

	decide(moderator, id, "4", "review", false, "", "Телефон убран").OK()
	require.Equal(t, []engineers.ReviewSubject{"reply"}, changed()[0].Changed)
	decide(moderator, id, "5", "reply", false, "", "Ошибка").OK()
	require.Empty(t, changed(), "both were decided on again")
	require.Equal(t, "Опять: +7 900 000-00-00", reviewsOf(other, id)[0].Text)
	moderator.Do(http.MethodGet, "/api/moderation/reviews?hidden=true", nil).OK().Into(&listed)
	require.Empty(t, listed.Items)
	require.Equal(t, []string{"review-replied", "review-hidden", "review-restored"}, noticesOf(p, "customer", apitest.WhoAmI(customer).Party.String()))
	require.Equal(t, []string{"review-hidden", "reply-hidden", "review-restored", "reply-restored"}, noticesOf(p, "engineer", id))
	for _, kind := range append(noticesOf(p, "engineer", id), "review-replied") {
		require.NotEmpty(t, engineers.NoticeText(kind))
	}
	require.Equal(t, 4, apitest.Value[int](p, `select count(*) from review_decisions`))
	require.Equal(t, 5, apitest.Value[int](p, `select count(*) from security_events where kind = 'decision' and subject_id = $1 and code = ''`, id),
		"four decisions and the repetition of one")
	_, err := p.Database.ExecContext(t.Context(), `update review_decisions set reason = 'Иначе'`)
	require.Error(t, err, "decisions are append-only")
}

func TestModeratorDoesNotDecideOnHisOwn(t *testing.T) {
	acceptance.Covers(t, "S-25")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := p.EngineerID(synthetic.LoginEngineerMoscow)
	rated(p, customer, engineer, 1, "Плохо")
	moderator := p.Moderator()
	p.Exec(`update engineers set person_id = (select id from people where snils = $1) where id = $2`, p.Person(synthetic.LoginModerator).SNILS, id)
	a := moderator.Do(http.MethodPost, "/api/engineers/"+id+"/reviews/"+strconv.FormatInt(reviewsOf(customer, id)[0].ID, 10)+"/decisions",
		apitest.Object{"subject": "review", "hidden": true, "rule": "insult", "reason": "Обидно"}, "Idempotency-Key", "1")
	require.Equal(t, problems.OwnDecision, a.Problem().Code)
}

// A moderator does not decide on the review of an order in which he was the customer, although the
// order has ended.
func TestModeratorDoesNotDecideOnTheReviewOfHisOrder(t *testing.T) {
	acceptance.Covers(t, "S-25", "S-39", "R-ROLE-4")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := p.EngineerID(synthetic.LoginEngineerMoscow)
	orderID := rated(p, customer, engineer, 1, "Плохо")
	require.Equal(t, "completed", apitest.Value[string](p, `select stage from orders where id = $1`, orderID))
	moderator := p.Moderator()
	decide := func(key string) apitest.Answer {
		return moderator.Do(http.MethodPost, "/api/engineers/"+id+"/reviews/"+strconv.FormatInt(reviewsOf(customer, id)[0].ID, 10)+"/decisions",
			apitest.Object{"subject": "review", "hidden": true, "rule": "insult", "reason": "Обидно"}, "Idempotency-Key", key)
	}
	decide("1").OK()
	p.Exec(`update people set snils = (select snils from people where id = (select customer_person_id from orders where id = $1)) where last_name = 'Панова'`, orderID)
	require.Equal(t, problems.OwnDecision, decide("2").Problem().Code)
}
