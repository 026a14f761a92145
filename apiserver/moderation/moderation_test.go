package moderation_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/auth"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/apiserver/moderation"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/testenv"
)

func TestModeratorBlocksAnEngineer(t *testing.T) {
	acceptance.Covers(t, "S-16")
	p := apitest.Start(t)
	p.StartModeration()
	moderator, id := p.Moderator(), p.EngineerID(synthetic.LoginEngineerMoscow)
	engineer := p.Engineer(synthetic.LoginEngineerMoscow)
	path := "/api/engineers/" + id
	key := uuid.NewString()
	say := func(verb, key, reason string) apitest.Answer {
		return moderator.Do(http.MethodPost, path+"/"+verb, map[string]string{"reason": reason}, "Idempotency-Key", key)
	}
	var first, again moderation.EngineerDecision
	say("block", key, "Жалоба заказчика").OK().Into(&first)
	require.True(t, first.Applied)
	say("block", key, "Жалоба заказчика").OK().Into(&again)
	require.Equal(t, first, again)
	require.Equal(t, problems.KeyReused, say("block", key, "Другая причина").Problem().Code)
	engineer.Do(http.MethodGet, "/api/notifications", nil).OK()
	restrictions := apitest.WhoAmI(engineer).Restrictions
	require.Len(t, restrictions, 1)
	require.Equal(t, auth.Restriction{Kind: "blocked", Since: restrictions[0].Since, Reason: "Жалоба заказчика"}, restrictions[0])
	require.WithinDuration(t, first.DecidedAt, *restrictions[0].Since, time.Millisecond)

	require.Equal(t, problems.Validation, say("block", uuid.NewString(), "  ").Problem().Code)
	require.Equal(t, problems.NotFound, moderator.Do(http.MethodPost, "/api/engineers/"+uuid.NewString()+"/block",
		map[string]string{"reason": "Жалоба"}, "Idempotency-Key", key).Problem().Code)
	p.AdvanceClock(time.Second)
	say("unblock", uuid.NewString(), "Разобрались").OK()
	require.Empty(t, apitest.WhoAmI(engineer).Restrictions)
	require.Equal(t, []bool{false}, testenv.Column[bool](t, p.DatabaseURL, `select blocked from engineers where id = $1`, id))
	p.AdvanceClock(-time.Hour)
	var late moderation.EngineerDecision
	say("block", uuid.NewString(), "Пришло позже решения").OK().Into(&late)
	require.False(t, late.Applied)
	require.True(t, late.Overtaken, "a later decision came first")
	require.Equal(t, []bool{false}, testenv.Column[bool](t, p.DatabaseURL, `select blocked from engineers where id = $1`, id))
	var card moderation.ModeratedEngineerCard
	moderator.Do(http.MethodGet, "/api/moderation/engineers/"+id, nil).OK().Into(&card)
	require.Equal(t, []bool{false, false, true}, []bool{card.Decisions[0].Overtaken, card.Decisions[1].Overtaken, card.Decisions[2].Overtaken})
	require.Equal(t, problems.WrongRole, p.Customer(synthetic.LoginCustomer).Do(http.MethodPost, path+"/block",
		map[string]string{"reason": "Не нравится"}, "Idempotency-Key", key).Problem().Code)
}

func TestModeratorFindsAnEngineerAndReadsTheDecisionsOnHim(t *testing.T) {
	acceptance.Covers(t, "R-ROLE-4")
	p := apitest.Start(t)
	p.StartModeration()
	moderator, id := p.Moderator(), p.EngineerID(synthetic.LoginEngineerMoscow)
	list := func(query string) (found struct {
		Items []moderation.ModeratedEngineer
		Next  string
		Total int
	},
	) {
		t.Helper()
		moderator.Do(http.MethodGet, "/api/moderation/engineers?"+query, nil).OK().Into(&found)
		return found
	}
	all := list("limit=4")
	require.Equal(t, apitest.SeededEngineers, all.Total)
	var names []string
	for page := all; ; page = list("limit=4&cursor=" + page.Next) {
		for _, e := range page.Items {
			names = append(names, e.Name)
		}
		if page.Next == "" {
			break
		}
	}
	require.Len(t, names, apitest.SeededEngineers)
	require.True(t, slices.IsSorted(names), names)

	orlov := list("name=" + url.QueryEscape("орлов алек")).Items
	require.Len(t, orlov, 1)
	require.Equal(t, id, orlov[0].ID.String())
	require.Equal(t, orlov, list("snils="+url.QueryEscape(p.Person(synthetic.LoginEngineerMoscow).SNILS)).Items)
	require.Equal(t, "Громов Виктор Степанович", list("status=blocked").Items[0].Name)
	for _, e := range list("status=unlisted").Items {
		require.False(t, e.InRegistry)
	}
	require.Equal(t, apitest.SeededEngineers, list("status=unlisted").Total+list("status=active").Total+list("status=blocked").Total)
	require.Equal(t, problems.Validation, moderator.Do(http.MethodGet, "/api/moderation/engineers?snils=12", nil).Problem().Code)

	var card moderation.ModeratedEngineerCard
	read := func() {
		t.Helper()
		moderator.Do(http.MethodGet, "/api/moderation/engineers/"+id, nil).OK().Into(&card)
	}
	read()
	require.False(t, card.Blocked)
	require.Empty(t, card.Decisions)
	require.Equal(t, []wire.Coded{{Code: "77", Label: "Москва"}, {Code: "50", Label: "Московская область"}}, card.Regions)
	moderator.Do(http.MethodPost, "/api/engineers/"+id+"/block", map[string]string{"reason": "Жалоба"}, "Idempotency-Key", "k").OK()
	read()
	require.True(t, card.Blocked)
	require.Equal(t, "Жалоба", card.Decisions[0].Reason)
	require.True(t, card.Decisions[0].Applied)
	require.NotEmpty(t, card.Decisions[0].Moderator)
	p.Exec(`insert into engineer_decisions (id, engineer_id, moderator_id, blocked, reason, decided_at)
	    select gen_random_uuid(), engineer_id, moderator_id, true, n, decided_at - (n / 3) * interval '1 hour'
	    from engineer_decisions, generate_series(3, 30) n where engineer_id = $1`, id)
	read()
	require.Len(t, card.Decisions, moderation.CardDecisions)
	seen := map[uuid.UUID]bool{}
	for next := ""; len(seen) == 0 || next != ""; {
		var page struct {
			Items []moderation.PastDecision
			Next  string
			Total int
		}
		moderator.Do(http.MethodGet, "/api/moderation/engineers/"+id+"/decisions?limit=7&cursor="+next, nil).OK().Into(&page)
		require.Equal(t, 29, page.Total)
		for _, d := range page.Items {
			require.False(t, seen[d.ID], "twice")
			seen[d.ID] = true
		}
		next = page.Next
	}
	require.Len(t, seen, 29)
	require.Equal(t, http.StatusNotFound, moderator.Do(http.MethodGet, "/api/moderation/engineers/"+uuid.NewString()+"/decisions", nil).Status)
	require.Equal(t, http.StatusNotFound, moderator.Do(http.MethodGet, "/api/moderation/engineers/"+uuid.NewString(), nil).Status)
}
