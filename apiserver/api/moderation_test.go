package api

import (
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/dev/synthetic"
	"epkr/internal/testenv"
)

func TestModeratorBlocksAnEngineer_S_16(t *testing.T) {
	p := startPlatform(t)
	p.startModeration()
	moderator, id := p.moderator(), p.engineerID(synthetic.LoginEngineerMoscow)
	engineer := p.engineer(synthetic.LoginEngineerMoscow)
	path := "/api/engineers/" + id
	key := uuid.NewString()
	say := func(verb, key, reason string) answer {
		return moderator.do(http.MethodPost, path+"/"+verb, map[string]string{"reason": reason}, "Idempotency-Key", key)
	}
	var first, again EngineerDecision
	say("block", key, "Жалоба заказчика").ok().into(&first)
	require.True(t, first.Applied)
	say("block", key, "Жалоба заказчика").ok().into(&again)
	require.Equal(t, first, again)
	require.Equal(t, codeKeyReused, say("block", key, "Другая причина").problem().Code)
	engineer.do(http.MethodGet, "/api/notifications", nil).ok()
	held := whoAmI(engineer).Restrictions
	require.Len(t, held, 1)
	require.Equal(t, Restriction{Kind: "blocked", Since: held[0].Since, Reason: "Жалоба заказчика"}, held[0])
	require.WithinDuration(t, first.DecidedAt, held[0].Since, time.Millisecond)

	require.Equal(t, codeValidation, say("block", uuid.NewString(), "  ").problem().Code)
	require.Equal(t, codeNotFound, moderator.do(http.MethodPost, "/api/engineers/"+uuid.NewString()+"/block",
		map[string]string{"reason": "Жалоба"}, "Idempotency-Key", key).problem().Code)
	p.later(time.Second)
	say("unblock", uuid.NewString(), "Разобрались").ok()
	require.Empty(t, whoAmI(engineer).Restrictions)
	require.Equal(t, []bool{false}, testenv.Column[bool](t, p.databaseURL, `select blocked from engineers where id = $1`, id))
	p.later(-time.Hour)
	var late EngineerDecision
	say("block", uuid.NewString(), "Пришло позже решения").ok().into(&late)
	require.False(t, late.Applied)
	require.True(t, late.Overtaken, "a later decision stands")
	require.Equal(t, []bool{false}, testenv.Column[bool](t, p.databaseURL, `select blocked from engineers where id = $1`, id))
	var card ModeratedEngineerCard
	moderator.do(http.MethodGet, "/api/moderation/engineers/"+id, nil).ok().into(&card)
	require.Equal(t, []bool{false, false, true}, []bool{card.Decisions[0].Overtaken, card.Decisions[1].Overtaken, card.Decisions[2].Overtaken})
	require.Equal(t, codeWrongRole, p.customer(synthetic.LoginCustomer).do(http.MethodPost, path+"/block",
		map[string]string{"reason": "Не нравится"}, "Idempotency-Key", key).problem().Code)
}

func TestModeratorFindsAnEngineerAndReadsTheDecisionsOnHim_R_ROLE_4(t *testing.T) {
	p := startPlatform(t)
	p.startModeration()
	moderator, id := p.moderator(), p.engineerID(synthetic.LoginEngineerMoscow)
	list := func(query string) (found struct {
		Items []ModeratedEngineer
		Next  string
		Total int
	},
	) {
		t.Helper()
		moderator.do(http.MethodGet, "/api/moderation/engineers?"+query, nil).ok().into(&found)
		return found
	}
	all := list("limit=4")
	require.Equal(t, castEngineers, all.Total)
	var names []string
	for page := all; ; page = list("limit=4&cursor=" + page.Next) {
		for _, e := range page.Items {
			names = append(names, e.Name)
		}
		if page.Next == "" {
			break
		}
	}
	require.Len(t, names, castEngineers)
	require.True(t, slices.IsSorted(names), names)

	orlov := list("name=" + url.QueryEscape("орлов алек")).Items
	require.Len(t, orlov, 1)
	require.Equal(t, id, orlov[0].ID.String())
	require.Equal(t, orlov, list("snils="+url.QueryEscape(p.person(synthetic.LoginEngineerMoscow).SNILS)).Items)
	require.Equal(t, "Громов Виктор Степанович", list("standing=blocked").Items[0].Name)
	for _, e := range list("standing=unlisted").Items {
		require.False(t, e.InRegistry)
	}
	require.Equal(t, castEngineers, list("standing=unlisted").Total+list("standing=active").Total+list("standing=blocked").Total)
	require.Equal(t, codeValidation, moderator.do(http.MethodGet, "/api/moderation/engineers?snils=12", nil).problem().Code)

	var card ModeratedEngineerCard
	read := func() {
		t.Helper()
		moderator.do(http.MethodGet, "/api/moderation/engineers/"+id, nil).ok().into(&card)
	}
	read()
	require.False(t, card.Blocked)
	require.Empty(t, card.Decisions)
	require.Equal(t, []Coded{{"77", "Москва"}, {"50", "Московская область"}}, card.Regions)
	moderator.do(http.MethodPost, "/api/engineers/"+id+"/block", map[string]string{"reason": "Жалоба"}, "Idempotency-Key", "k").ok()
	read()
	require.True(t, card.Blocked)
	require.Equal(t, "Жалоба", card.Decisions[0].Reason)
	require.True(t, card.Decisions[0].Applied)
	require.NotEmpty(t, card.Decisions[0].Moderator)
	p.exec(`insert into engineer_decisions (id, engineer_id, moderator_id, blocked, reason, decided_at)
	    select gen_random_uuid(), engineer_id, moderator_id, true, n, decided_at - (n / 3) * interval '1 hour'
	    from engineer_decisions, generate_series(3, 30) n where engineer_id = $1`, id)
	read()
	require.Len(t, card.Decisions, cardDecisions)
	seen := map[uuid.UUID]bool{}
	for next := ""; len(seen) == 0 || next != ""; {
		var page struct {
			Items []PastDecision
			Next  string
			Total int
		}
		moderator.do(http.MethodGet, "/api/moderation/engineers/"+id+"/decisions?limit=7&cursor="+next, nil).ok().into(&page)
		require.Equal(t, 29, page.Total)
		for _, d := range page.Items {
			require.False(t, seen[d.ID], "twice")
			seen[d.ID] = true
		}
		next = page.Next
	}
	require.Len(t, seen, 29)
	require.Equal(t, http.StatusNotFound, moderator.do(http.MethodGet, "/api/moderation/engineers/"+uuid.NewString()+"/decisions", nil).status)
	require.Equal(t, http.StatusNotFound, moderator.do(http.MethodGet, "/api/moderation/engineers/"+uuid.NewString(), nil).status)
}
