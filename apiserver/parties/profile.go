package parties

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
	"epkr/internal/requisites"
	"epkr/internal/territory"
)

// PartyProfileValues are what a customer or an employer writes about himself.
type PartyProfileValues struct {
	Email   string `json:"email" format:"line" maxLength:"254" doc:"Почта для заказов"`
	Phone   string `json:"phone" format:"line" maxLength:"60" doc:"Телефон для заказов, +79001234567"`
	Website string `json:"website" format:"line" maxLength:"300" doc:"Сайт"`
	Region  string `json:"region" pattern:"^([0-9]{2})?$" maxLength:"2" doc:"Код субъекта Российской Федерации"`
	About   string `json:"about" format:"text" maxLength:"3000" doc:"О себе или об организации"`
}

// PartyProfile is the profile of an account.
type PartyProfile struct {
	PartyProfileValues
	Version    int32              `json:"version" doc:"Растёт с каждым изменением; 0, пока ничего не сохранено: тогда почта и телефон — с Госуслуг"`
	Kind       order.CustomerKind `json:"kind" doc:"Кто это"`
	Name       string             `json:"name" doc:"Имя или наименование, с Госуслуг"`
	OGRN       string             `json:"ogrn,omitempty" doc:"ОГРН или ОГРНИП"`
	Address    string             `json:"address,omitempty" doc:"Адрес, с Госуслуг"`
	Head       string             `json:"head,omitempty" doc:"Руководитель организации"`
	RegionName string             `json:"regionName,omitempty" doc:"Название региона"`
	ESIAEmail  string             `json:"esiaEmail,omitempty" doc:"Почта, указанная на Госуслугах"`
	ESIAPhone  string             `json:"esiaPhone,omitempty" doc:"Телефон, указанный на Госуслугах"`
	UpdatedAt  *time.Time         `json:"updatedAt,omitempty" doc:"Когда изменён"`
	UpdatedBy  string             `json:"updatedBy,omitempty" doc:"Кто изменил"`
	ReadAt     *time.Time         `json:"readAt,omitempty" doc:"Когда Госуслуги сообщили сведения об организации"`
	TriedAt    *time.Time         `json:"triedAt,omitempty" doc:"Когда сведения об организации запрошены в последний раз; позже readAt, если Госуслуги их не передали"`
}

type profileOutput struct{ Body PartyProfile }

func readProfile(ctx context.Context, q *sqlcgen.Queries, by httpapi.Session) (PartyProfile, PartyProfileValues, error) {
	row, err := q.PartyProfile(ctx, by.Party)
	if err != nil {
		return PartyProfile{}, PartyProfileValues{}, fmt.Errorf("reading the profile of an account: %w", err)
	}
	saved := PartyProfileValues{Email: row.Email, Phone: row.Phone, Website: row.Website, Region: row.Region, About: row.About}
	shown := saved
	if row.Version == 0 {
		shown.Email, shown.Phone = row.EsiaEmail, normalPhone(row.EsiaPhone)
	}
	region, _ := territory.RegionByCode(row.Region)
	return PartyProfile{
		PartyProfileValues: shown, Version: row.Version, Kind: order.CustomerKind(row.Kind), Name: row.Name, OGRN: row.Ogrn, Address: row.Address,
		Head: row.HeadName, RegionName: region.Name, ESIAEmail: row.EsiaEmail, ESIAPhone: normalPhone(row.EsiaPhone), UpdatedAt: row.UpdatedAt,
		UpdatedBy: wire.FullName(row.ByLastName, row.ByFirstName, row.ByMiddleName), ReadAt: row.RequisitesReadAt, TriedAt: row.RequisitesTriedAt,
	}, saved, nil
}

// normalPhone returns ЕСИА's phone in the normal form, or unchanged if it is none.
func normalPhone(phone string) string {
	normal, err := requisites.Phone(phone)
	if err != nil {
		return phone
	}
	return normal
}

func (s *Service) showProfile(ctx context.Context, _ *struct{}) (*profileOutput, error) {
	profile, _, err := readProfile(ctx, s.Store.Queries, httpapi.SessionFrom(ctx))
	if err != nil {
		return nil, err
	}
	return &profileOutput{profile}, nil
}

type profileInput struct {
	Body struct {
		Version int32 `json:"version" minimum:"0" maximum:"1000000000" doc:"С какой версии начато изменение; 0, если ничего не было сохранено"`
		PartyProfileValues
	}
}

func (s *Service) saveProfile(ctx context.Context, in *profileInput) (*profileOutput, error) {
	by, out := httpapi.SessionFrom(ctx), &profileOutput{}
	wanted, faults := normalizeProfile(in.Body.PartyProfileValues)
	if len(faults) > 0 {
		return nil, problems.Invalid(faults...)
	}
	err := s.Store.InTx(ctx, func(q *sqlcgen.Queries) error {
		if err := lockOwner(ctx, q, by); err != nil {
			return err
		}
		before, saved, err := readProfile(ctx, q, by)
		if err != nil {
			return err
		}
		out.Body = before
		switch {
		case before.Version > 0 && wanted == saved: // a repetition of what was saved
			return nil
		case before.Version != in.Body.Version:
			return problems.New(problems.DataChanged)
		}
		now := s.Now().UTC()
		if err := q.SavePartyProfile(ctx, sqlcgen.SavePartyProfileParams{
			PartyID: by.Party, Email: wanted.Email, Phone: wanted.Phone, Website: wanted.Website, Region: wanted.Region, About: wanted.About,
			UpdatedBy: &by.Person, UpdatedAt: now,
		}); err != nil {
			return fmt.Errorf("storing the profile of an account: %w", err)
		}
		if err := s.HTTP.RecordSecurityEvent(ctx, q, httpapi.SecurityEvent{
			Kind: httpapi.EventContactsChanged, Subject: httpapi.SecuritySubject{Kind: "party", ID: by.Party},
			Details: map[string]any{"version": before.Version + 1},
		}); err != nil {
			return err
		}
		out.Body, _, err = readProfile(ctx, q, by)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func normalizeProfile(v PartyProfileValues) (PartyProfileValues, []problems.FieldProblem) {
	var faults []problems.FieldProblem
	for _, f := range []struct {
		name  string
		value *string
		check func(string) (string, error)
	}{
		{"email", &v.Email, requisites.Email},
		{"phone", &v.Phone, requisites.Phone},
		{"website", &v.Website, requisites.Website},
		{"region", &v.Region, knownRegion},
	} {
		if *f.value == "" {
			continue
		}
		normal, err := f.check(*f.value)
		if err != nil {
			faults = append(faults, problems.FieldProblem{Field: f.name, Message: err.Error()})
		}
		*f.value = cmp.Or(normal, *f.value)
	}
	return v, faults
}

var errNoRegion = errors.New("Такого региона нет. Выберите регион из списка.")

func knownRegion(code string) (string, error) {
	if _, known := territory.RegionByCode(code); !known {
		return "", errNoRegion
	}
	return code, nil
}
