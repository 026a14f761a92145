package auth

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// The rules of orders read whether an engineer's profile is complete, and that depends on what ЕСИА
// reports of him, of his ИП and of his employer. A sign-in therefore locks employers and engineers as
// decisions of orders do, and judges the engineers anew.

// noticeUnconfirmed tells an engineer that ЕСИА no longer reports the ИП that he has named.
const noticeUnconfirmed = "business-unconfirmed"

// NoticeText returns the text of a notification of this package; "" for other kinds.
func NoticeText(kind string) string {
	if kind != noticeUnconfirmed {
		return ""
	}
	return "Госуслуги больше не подтверждают ИП из вашего профиля: заказчики видят пометку «не подтверждён Госуслугами». " +
		"Проверьте «Форму работы» в профиле и сведения на Госуслугах, затем войдите на платформу снова"
}

// signInEngineers are the engineers whom a sign-in may change, before it.
type signInEngineers struct {
	locked []uuid.UUID
	// confirmed are those whose ИП ЕСИА reported.
	confirmed []uuid.UUID
}

// lockOfSignIn locks what a sign-in changes and decisions of orders read: organisations first, then
// engineers.
func lockOfSignIn(ctx context.Context, q *sqlcgen.Queries, login takenLogin, fetched identity) (signInEngineers, error) {
	s := signInEngineers{locked: []uuid.UUID{}}
	ids, err := q.EngineersOfSignIn(ctx, sqlcgen.EngineersOfSignInParams{Snils: engineerSNILS(fetched.person), EsiaOid: fetched.person.OID})
	if err != nil {
		return s, fmt.Errorf("finding the engineers of a sign-in: %w", err)
	}
	ogrns := []string{}
	for _, role := range actingRoles(fetched.roles) {
		ogrns = append(ogrns, role.OGRN)
	}
	parties, err := q.LockPartiesOfSignIn(ctx, sqlcgen.LockPartiesOfSignInParams{Ogrns: ogrns, Engineers: ids, OrganisationID: login.OrganisationID})
	if err != nil {
		return s, fmt.Errorf("locking the organisations of a sign-in: %w", err)
	}
	rows, err := q.LockEngineers(ctx, ids)
	if err != nil {
		return s, fmt.Errorf("locking the engineers of a sign-in: %w", err)
	}
	for _, row := range rows {
		if row.EmployerID != nil && !slices.Contains(parties, *row.EmployerID) {
			return s, db.ErrEmployerChanged
		}
		s.locked = append(s.locked, row.ID)
	}
	if s.confirmed, err = q.ConfirmedBusinesses(ctx, s.locked); err != nil {
		return s, fmt.Errorf("reading whose ИП ЕСИА reports: %w", err)
	}
	return s, nil
}

// judgeEngineers sets anew whether the engineers' profiles are complete, and tells those whose ИП
// ЕСИА no longer reports.
func (s *Service) judgeEngineers(ctx context.Context, q *sqlcgen.Queries, before signInEngineers) error {
	if len(before.locked) == 0 {
		return nil
	}
	if err := q.RefreshCompleteness(ctx, before.locked); err != nil {
		return fmt.Errorf("refreshing whether the profile of an engineer is complete: %w", err)
	}
	confirmed, err := q.ConfirmedBusinesses(ctx, before.locked)
	if err != nil {
		return fmt.Errorf("reading whose ИП ЕСИА reports: %w", err)
	}
	for _, id := range before.confirmed {
		if slices.Contains(confirmed, id) {
			continue
		}
		if err := q.NotifyParty(ctx, sqlcgen.NotifyPartyParams{
			Role: string(order.RoleEngineer), PartyID: &id, Kind: noticeUnconfirmed, CreatedAt: s.Now().UTC(),
		}); err != nil {
			return fmt.Errorf("telling an engineer that his ИП is no longer confirmed: %w", err)
		}
	}
	return nil
}
