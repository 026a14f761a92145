package parties

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// Holding says whose requisites the caller sees, and why he may not change them.
type Holding string

const (
	// holdingOwn are the caller's own, or those of the account for which he acts.
	holdingOwn Holding = "own"
	// holdingEmployer are those of the employer of an engineer; only the employer changes them.
	holdingEmployer Holding = "employer"
	// The employer has not confirmed the engineer yet; the engineer has not named an employer; the
	// engineer has not stated his form of work.
	holdingPending    Holding = "employer-pending"
	holdingNoEmployer Holding = "no-employer"
	holdingNoForm     Holding = "no-form"
)

// Schema lists the values in the description of the API, for huma.
func (Holding) Schema(huma.Registry) *huma.Schema {
	return wire.OneOf([]Holding{holdingOwn, holdingEmployer, holdingPending, holdingNoEmployer, holdingNoForm})
}

// RequisiteValues are the requisites that people type, in their normal forms.
type RequisiteValues struct {
	INN                  string `json:"inn" format:"line" maxLength:"40" doc:"ИНН"`
	KPP                  string `json:"kpp" format:"line" maxLength:"40" doc:"КПП; только у организации"`
	Address              string `json:"address" format:"line" maxLength:"500" doc:"Адрес"`
	BIC                  string `json:"bic" format:"line" maxLength:"40" doc:"БИК банка"`
	BankName             string `json:"bankName" format:"line" maxLength:"300" doc:"Наименование банка; вводится, если БИК нет в справочнике"`
	Account              string `json:"account" format:"line" maxLength:"60" doc:"Расчётный или казначейский счет"`
	CorrespondentAccount string `json:"correspondentAccount" format:"line" maxLength:"60" doc:"Корреспондентский счет; вводится, если справочник его не называет"`
}

// Requisites are the requisites of an account or of an engineer who is a sole proprietor.
type Requisites struct {
	RequisiteValues
	Holding Holding            `json:"holding" doc:"Чьи реквизиты и можно ли их изменить: изменить можно только own"`
	Kind    order.CustomerKind `json:"kind,omitempty" doc:"Кто их владелец"`
	Owner   string             `json:"owner" doc:"Имя или наименование владельца"`
	Version int32              `json:"version" doc:"Растёт с каждым изменением; 0, пока ничего не сохранено"`
	OGRN    string             `json:"ogrn,omitempty" doc:"ОГРН или ОГРНИП"`
	SNILS   string             `json:"snils,omitempty" doc:"СНИЛС; только у физического лица"`
	// FromESIA are the fields that ЕСИА gave: they are not typed.
	FromESIA  []string       `json:"fromEsia" nullable:"false" enum:"inn,kpp,address" doc:"Что пришло с Госуслуг и не вводится"`
	BankKnown bool           `json:"bankKnown" doc:"БИК есть в справочнике Банка России"`
	Missing   []wire.Missing `json:"missing" nullable:"false" doc:"Чего не хватает для договора"`
	UpdatedAt *time.Time     `json:"updatedAt,omitempty" doc:"Когда изменены"`
	UpdatedBy string         `json:"updatedBy,omitempty" doc:"Кто изменил"`
	// ReadAt and TriedAt are about the organisation pass of ЕСИА.
	ReadAt  *time.Time `json:"readAt,omitempty" doc:"Когда Госуслуги сообщили сведения об организации"`
	TriedAt *time.Time `json:"triedAt,omitempty" doc:"Когда сведения об организации запрошены в последний раз; позже readAt, если Госуслуги их не передали"`
}

type requisitesOutput struct{ Body Requisites }

// record is the requisites of one owner as stored.
type record struct {
	// party or engineer is the owner.
	party, engineer *uuid.UUID
	saved           RequisiteValues
	// given are the values of ЕСИА; they go before the saved ones.
	given RequisiteValues
	shown Requisites
}

// effective returns the values that count: ЕСИА's before typed ones.
func (r *record) effective() RequisiteValues {
	v := r.saved
	v.INN, v.KPP, v.Address = cmp.Or(r.given.INN, v.INN), cmp.Or(r.given.KPP, v.KPP), cmp.Or(r.given.Address, v.Address)
	return v
}

func (r *record) output() Requisites {
	out := r.shown
	out.RequisiteValues, out.FromESIA = r.effective(), []string{}
	for _, f := range []struct{ name, given string }{{"inn", r.given.INN}, {"kpp", r.given.KPP}, {"address", r.given.Address}} {
		if f.given != "" {
			out.FromESIA = append(out.FromESIA, f.name)
		}
	}
	return out
}

// ofCaller returns the requisites that the caller sees.
func ofCaller(ctx context.Context, q *sqlcgen.Queries, by httpapi.Session) (record, error) {
	if by.Role != order.RoleEngineer {
		return ofParty(ctx, q, by.Party)
	}
	row, err := q.EngineerRequisites(ctx, by.Party)
	if err != nil {
		return record{}, fmt.Errorf("reading the requisites of an engineer: %w", err)
	}
	nothing := func(h Holding, owner string) record {
		return record{shown: Requisites{Holding: h, Owner: owner, Missing: wire.MissingOf(row.Missing)}}
	}
	switch {
	case row.Form == "":
		return nothing(holdingNoForm, ""), nil
	case row.Form == "entrepreneur":
		return ofEntrepreneur(by.Party, row), nil
	case row.EmployerID == nil:
		return nothing(holdingNoEmployer, ""), nil
	case row.Employment == "pending":
		return nothing(holdingPending, row.Employer), nil
	}
	employers, err := ofParty(ctx, q, *row.EmployerID)
	employers.shown.Holding, employers.shown.UpdatedBy, employers.shown.TriedAt = holdingEmployer, "", nil
	return employers, err
}

func ofParty(ctx context.Context, q *sqlcgen.Queries, party uuid.UUID) (record, error) {
	row, err := q.PartyRequisites(ctx, party)
	if err != nil {
		return record{}, fmt.Errorf("reading the requisites of an account: %w", err)
	}
	r := record{
		party: &party, given: RequisiteValues{INN: row.EsiaInn, KPP: row.EsiaKpp, Address: row.EsiaAddress},
		saved: RequisiteValues{
			INN: row.Inn, KPP: row.Kpp, Address: row.Address, BIC: row.Bic, BankName: row.BankName, Account: row.Account,
			CorrespondentAccount: row.CorrespondentAccount,
		},
		shown: Requisites{
			Holding: holdingOwn, Kind: order.CustomerKind(row.Kind), Owner: row.Name, Version: row.Version, OGRN: row.Ogrn,
			BankKnown: row.BankKnown, Missing: wire.MissingOf(row.Missing), UpdatedAt: row.UpdatedAt,
			UpdatedBy: wire.FullName(row.ByLastName, row.ByFirstName, row.ByMiddleName), ReadAt: row.RequisitesReadAt, TriedAt: row.RequisitesTriedAt,
		},
	}
	if r.shown.Kind == order.NaturalPerson {
		r.shown.SNILS = row.Snils
	}
	return r, nil
}

func ofEntrepreneur(engineer uuid.UUID, row sqlcgen.EngineerRequisitesRow) record {
	name := wire.FullName(row.LastName, row.FirstName, row.MiddleName)
	return record{
		engineer: &engineer, given: RequisiteValues{INN: row.EsiaInn, Address: row.EsiaAddress},
		saved: RequisiteValues{
			INN: row.Inn, Address: row.Address, BIC: row.Bic, BankName: row.BankName, Account: row.Account,
			CorrespondentAccount: row.CorrespondentAccount,
		},
		shown: Requisites{
			Holding: holdingOwn, Kind: order.SoleProprietor, Owner: name, Version: row.Version, OGRN: row.Ogrnip, BankKnown: row.BankKnown,
			Missing: wire.MissingOf(row.Missing), UpdatedAt: row.UpdatedAt,
		},
	}
}

func (s *Service) showRequisites(ctx context.Context, _ *struct{}) (*requisitesOutput, error) {
	r, err := ofCaller(ctx, s.Store.Queries, httpapi.SessionFrom(ctx))
	if err != nil {
		return nil, err
	}
	return &requisitesOutput{r.output()}, nil
}

type requisitesInput struct {
	Body struct {
		Version int32 `json:"version" minimum:"0" maximum:"1000000000" doc:"С какой версии начато изменение; 0, если ничего не было сохранено"`
		RequisiteValues
	}
}

// staleAuthority is the detail of a refusal to a person who is not the head.
const staleAuthority = "Ваши полномочия действовать от имени организации проверены на Госуслугах слишком давно. " +
	"Подтвердите их ещё раз: заполненное сохранится, и вы вернётесь сюда."

// checkAuthority requires a recent sign-in of people who act for an organisation: they decide where
// its customers pay.
func (s *Service) checkAuthority(by httpapi.Session) error {
	if by.PartyKind != string(order.OrganisationKind) {
		return nil
	}
	err := s.HTTP.CheckAuthority(by)
	if stale := (*problems.Problem)(nil); !by.Head && errors.As(err, &stale) {
		return stale.WithDetail(staleAuthority)
	}
	return err
}

func (s *Service) saveRequisites(ctx context.Context, in *requisitesInput) (*requisitesOutput, error) {
	by := httpapi.SessionFrom(ctx)
	if err := s.checkAuthority(by); err != nil {
		return nil, err
	}
	out := &requisitesOutput{}
	err := s.Store.InTx(ctx, func(q *sqlcgen.Queries) error {
		if err := lockOwner(ctx, q, by); err != nil {
			return err
		}
		before, err := ofCaller(ctx, q, by)
		if err != nil {
			return err
		}
		if err := s.change(ctx, q, before, in.Body.RequisiteValues, in.Body.Version); err != nil {
			return err
		}
		after, err := ofCaller(ctx, q, by)
		out.Body = after.output()
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// lockOwner locks the account or the engineer, so that changes of the same requisites run one after
// another.
func lockOwner(ctx context.Context, q *sqlcgen.Queries, by httpapi.Session) error {
	var err error
	if by.Role == order.RoleEngineer {
		_, err = q.LockEngineers(ctx, []uuid.UUID{by.Party})
	} else {
		err = q.LockParty(ctx, by.Party)
	}
	if err != nil {
		return fmt.Errorf("locking the owner of requisites: %w", err)
	}
	return nil
}

// change stores wanted over before. Values that are stored already change nothing, whatever the
// version: the answer to the first attempt was lost.
func (s *Service) change(ctx context.Context, q *sqlcgen.Queries, before record, wanted RequisiteValues, version int32) error {
	switch before.shown.Holding {
	case holdingOwn:
	case holdingNoForm:
		return problems.New(problems.EmployersRequisites).WithDetail("Сначала укажите в профиле форму работы: индивидуальный предприниматель вводит реквизиты сам, реквизиты сотрудника заполняет работодатель.")
	default:
		return problems.New(problems.EmployersRequisites)
	}
	wanted, faults, err := normalize(ctx, q, &before, wanted)
	switch {
	case err != nil:
		return err
	case len(faults) > 0:
		return problems.Invalid(faults...)
	case wanted == before.saved:
		return nil
	case version != before.shown.Version:
		return problems.New(problems.DataChanged)
	}
	if err := s.store(ctx, q, before, wanted); err != nil {
		return err
	}
	if err := s.HTTP.RecordSecurityEvent(ctx, q, httpapi.SecurityEvent{
		Kind: httpapi.EventRequisitesChanged, Subject: before.subject(),
		Details: map[string]any{"version": before.shown.Version + 1, "fields": changed(before.saved, wanted), "accountEnds": lastDigits(wanted.Account)},
	}); err != nil {
		return err
	}
	if err := s.notifyOfAccount(ctx, q, before, wanted); err != nil {
		return err
	}
	return refreshCompleteness(ctx, q, before)
}

// The kinds of notifications of a bank account: in the cabinets for whose contracts it counts, and in
// the own cabinet of somebody who may act for the organisation.
const (
	noticeAccount         = "account-changed"
	noticeAccountPersonal = "personal-account-changed"
)

var noticeTexts = map[string]string{
	noticeAccount:         "Изменён банковский счёт: {}. Если это сделано без вашего ведома, сообщите руководителю организации",
	noticeAccountPersonal: "Изменён банковский счёт организации, от имени которой вы действуете: {}. Если это сделано без вашего ведома, сообщите её руководителю",
}

// NoticeText returns the text of a notification of this package; "" for other kinds.
func NoticeText(kind string) string { return noticeTexts[kind] }

// notifyOfAccount tells everybody whom it concerns where an organisation is paid from now on.
func (s *Service) notifyOfAccount(ctx context.Context, q *sqlcgen.Queries, before record, wanted RequisiteValues) error {
	type account struct{ bic, account, correspondent string }
	was, is := account{before.saved.BIC, before.saved.Account, before.saved.CorrespondentAccount}, account{wanted.BIC, wanted.Account, wanted.CorrespondentAccount}
	if before.party == nil || was == is {
		return nil
	}
	by := httpapi.SessionFrom(ctx)
	end := "счёт удалён"
	if wanted.Account != "" {
		end = "счёт оканчивается на " + lastDigits(wanted.Account)
	}
	if err := q.NotifyOfAccount(ctx, sqlcgen.NotifyOfAccountParams{
		PartyID: *before.party, PersonID: by.Person, Kind: noticeAccount, PersonalKind: noticeAccountPersonal,
		Subject: before.shown.Owner + ", " + end + ", кто изменил: " + by.Name, CreatedAt: s.Now().UTC(),
	}); err != nil {
		return fmt.Errorf("notifying of a bank account: %w", err)
	}
	return nil
}

func (s *Service) store(ctx context.Context, q *sqlcgen.Queries, r record, v RequisiteValues) error {
	by, now := httpapi.SessionFrom(ctx).Person, s.Now().UTC()
	p := sqlcgen.InsertRequisitesParams{
		PartyID: r.party, EngineerID: r.engineer, Inn: v.INN, Kpp: v.KPP, Address: v.Address, Bic: v.BIC, BankName: v.BankName, Account: v.Account,
		CorrespondentAccount: v.CorrespondentAccount, UpdatedBy: &by, UpdatedAt: now,
	}
	if r.shown.Version == 0 {
		if err := q.InsertRequisites(ctx, p); err != nil {
			return fmt.Errorf("storing the first requisites: %w", err)
		}
		return nil
	}
	if _, err := q.UpdateRequisites(ctx, sqlcgen.UpdateRequisitesParams(p)); err != nil {
		return fmt.Errorf("changing requisites: %w", err)
	}
	return nil
}

// subject is the owner as the security trail names him.
func (r *record) subject() httpapi.SecuritySubject {
	if r.engineer != nil {
		return httpapi.SecuritySubject{Kind: "engineer", ID: *r.engineer}
	}
	return httpapi.SecuritySubject{Kind: "party", ID: *r.party}
}

// refreshCompleteness sets anew whether the profiles that depend on the requisites are complete: the
// engineer's own, or those of all employees. The employer is locked already.
func refreshCompleteness(ctx context.Context, q *sqlcgen.Queries, r record) error {
	engineers := []uuid.UUID{}
	if r.engineer != nil {
		engineers = append(engineers, *r.engineer)
	} else {
		var err error
		if engineers, err = q.EngineersToRefresh(ctx, r.party); err != nil {
			return fmt.Errorf("finding the employees whose profiles depend on requisites: %w", err)
		}
	}
	if err := q.RefreshCompleteness(ctx, engineers); err != nil {
		return fmt.Errorf("refreshing whether profiles are complete: %w", err)
	}
	return nil
}

// changed returns the names of the fields that differ, for the security trail.
func changed(before, after RequisiteValues) []string {
	var names []string
	for _, f := range []struct{ name, before, after string }{
		{"inn", before.INN, after.INN},
		{"kpp", before.KPP, after.KPP},
		{"address", before.Address, after.Address},
		{"bic", before.BIC, after.BIC},
		{"bankName", before.BankName, after.BankName},
		{"account", before.Account, after.Account},
		{"correspondentAccount", before.CorrespondentAccount, after.CorrespondentAccount},
	} {
		if f.before != f.after {
			names = append(names, f.name)
		}
	}
	return names
}

// lastDigits returns the end of an account: enough to recognise it, too little to use it.
func lastDigits(account string) string { return account[max(0, len(account)-4):] }
