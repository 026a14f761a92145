package staff

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/limits"
	"epkr/db/sqlcgen"
	"epkr/internal/searchtext"
)

// found is the largest number of results of a search.
const found = 20

func (s *Service) registerSearch() {
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "find-employers", Method: http.MethodGet, Path: "/api/employers", Tags: []string{tag},
		Summary:     "Поиск работодателя по наименованию, ИНН или ОГРН",
		Description: "Находит организации, которые входили на платформу и отметили в профиле, что они работодатели кадастровых инженеров.",
	}, httpapi.Engineers, s.findEmployers, httpapi.Costs(limits.Search))
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "find-engineers-to-employ", Method: http.MethodGet, Path: "/api/staff-candidates", Tags: []string{tag},
		Summary:     "Поиск кадастрового инженера по имени или номеру в реестре",
		Description: "Находит кадастровых инженеров, которые хотя бы раз входили на платформу.",
	}, httpapi.Employers, s.findEngineers, httpapi.Costs(limits.Search))
}

type searchInput struct {
	Text string `query:"q" required:"true" minLength:"1" maxLength:"200" doc:"Что искать: слова в любом порядке или часть номера"`
}

// FoundEmployer is an organisation that an engineer may ask for work.
type FoundEmployer struct {
	EmployerOrganisation
	Status Status `json:"status,omitempty" enum:"pending,confirmed,suspended,rejected,withdrawn,removed" doc:"Что с заявкой к этой организации; нет, если её не было"`
}

type foundEmployersOutput struct {
	Body struct {
		Items []FoundEmployer `json:"items" nullable:"false" doc:"Не больше двадцати, по наименованию"`
	}
}

func (s *Service) findEmployers(ctx context.Context, in *searchInput) (*foundEmployersOutput, error) {
	search := searchtext.Names(in.Text)
	rows, err := s.Store.FindEmployers(ctx, sqlcgen.FindEmployersParams{
		Search: search.Index, Words: search.All, EngineerID: httpapi.SessionFrom(ctx).Party, Page: found,
	})
	if err != nil {
		return nil, fmt.Errorf("searching employers: %w", err)
	}
	out := &foundEmployersOutput{}
	out.Body.Items = make([]FoundEmployer, len(rows))
	for i, r := range rows {
		out.Body.Items[i] = FoundEmployer{Status: Status(r.Status), EmployerOrganisation: EmployerOrganisation{
			ID: r.ID, Name: r.Name, Short: r.ShortName, OGRN: r.Ogrn, INN: r.Inn, Address: r.Address,
		}}
	}
	return out, nil
}

// FoundEngineer is an engineer whom an organisation may invite.
type FoundEngineer struct {
	EngineerBrief
	Status Status `json:"status,omitempty" enum:"pending,confirmed,suspended,rejected,withdrawn,removed" doc:"Что с заявкой этого инженера; нет, если её не было"`
}

type foundEngineersOutput struct {
	Body struct {
		Items []FoundEngineer `json:"items" nullable:"false" doc:"Не больше двадцати, по фамилии"`
	}
}

func (s *Service) findEngineers(ctx context.Context, in *searchInput) (*foundEngineersOutput, error) {
	search := searchtext.Names(in.Text)
	rows, err := s.Store.EngineersToEmploy(ctx, sqlcgen.EngineersToEmployParams{
		Search: search.Index, Words: search.All, EmployerID: httpapi.SessionFrom(ctx).Party, Page: found,
	})
	if err != nil {
		return nil, fmt.Errorf("searching engineers: %w", err)
	}
	out := &foundEngineersOutput{}
	out.Body.Items = make([]FoundEngineer, len(rows))
	for i, r := range rows {
		out.Body.Items[i] = FoundEngineer{Status: Status(r.Status), EngineerBrief: EngineerBrief{
			ID: r.ID, Name: r.Name, RegistryName: r.RegistryName, RegistryNumber: r.RegistryNumber, SRO: r.Sro, InRegistry: r.InRegistry,
		}}
	}
	return out, nil
}
