// Package profiles lets engineers read and change what they say about themselves, and decides who
// else may see it.
package profiles

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/wire"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

const tagProfile = "Профиль кадастрового инженера"

// Dependencies are the dependencies of the service; all are required.
type Dependencies struct {
	HTTP  *httpapi.Server
	Store *db.Store
	Now   func() time.Time
}

// Service lets engineers read and change their profiles.
type Service struct{ Dependencies }

// New returns the service.
func New(d Dependencies) *Service { return &Service{d} }

// Register adds the operations on the caller's own profile.
func (s *Service) Register() {
	op := func(id, method, path, summary, description string, errs ...int) huma.Operation {
		return huma.Operation{
			OperationID: id, Method: method, Path: "/api/engineer/profile" + path, Tags: []string{tagProfile},
			Summary: summary, Description: description, Errors: errs,
		}
	}
	httpapi.Register(s.HTTP, op("get-own-profile", http.MethodGet, "", "Свой профиль кадастрового инженера", ""), httpapi.Engineers, s.getProfile)
	httpapi.Register(s.HTTP, op("save-own-profile", http.MethodPut, "", "Изменить профиль", "Поля, виды работ и файлы заменяются целиком. "+
		"Пустые обязательные поля принимаются: до их заполнения заказы брать нельзя.", http.StatusConflict), httpapi.Engineers, s.saveProfile)
	httpapi.Register(s.HTTP, op("save-form-of-work", http.MethodPut, "/form", "Указать форму работы: ИП или сотрудник юридического лица",
		"Работодателя выбирают отдельно. С ИП на сотрудника ОГРНИП удаляется; с сотрудника на ИП нельзя, пока есть работодатель.",
		http.StatusConflict), httpapi.Engineers, s.saveFormOfWork)
	receiving := op("switch-receiving", http.MethodPut, "/receiving", "Получать заказы или нет", "Действует сразу.")
	receiving.DefaultStatus = http.StatusNoContent
	httpapi.Register(s.HTTP, receiving, httpapi.Engineers, s.switchReceiving)
}

// OwnProfile is an engineer's profile as he sees it himself.
type OwnProfile struct {
	ID uuid.UUID `json:"id" format:"uuid" doc:"Идентификатор"`
	// Name is the name that ЕСИА reports; RegistryName is the registry's one where it differs.
	Name         string        `json:"name" doc:"Фамилия, имя, отчество по данным Госуслуг"`
	RegistryName string        `json:"registryName,omitempty" doc:"Как назван в АИС «Реестр СРО», если иначе"`
	Registry     RegistryEntry `json:"registry"`
	// Version counts the changes of the form; 0 means never filled in.
	Version        int32        `json:"version" minimum:"0" doc:"Номер изменения"`
	ReceivesOrders bool         `json:"receivesOrders" doc:"Получает заказы"`
	Missing        []Missing    `json:"missing" nullable:"false" doc:"Каких обязательных сведений не хватает"`
	Regions        []wire.Coded `json:"regions" nullable:"false" doc:"Регионы деятельности"`
	ProfileText
	Works    []Work        `json:"works" nullable:"false" doc:"Виды работ и стоимость"`
	Photo    *ProfileFile  `json:"photo,omitempty" doc:"Фотография"`
	Diplomas []ProfileFile `json:"diplomas" nullable:"false" doc:"Дипломы и аттестаты"`
	Samples  []ProfileFile `json:"samples" nullable:"false" doc:"Примеры работ, лицензии, свидетельства"`
	FormOfWork
}

// ProfileText are the fields that an engineer fills in as text.
type ProfileText struct {
	Website         string `json:"website" format:"line" maxLength:"255" doc:"Личный сайт, ссылка https"`
	Residence       string `json:"residence" format:"line" maxLength:"200" doc:"Где проживает"`
	Email           string `json:"email" format:"line" maxLength:"254" doc:"Почта для заказчиков"`
	Phone           string `json:"phone" format:"line" maxLength:"50" doc:"Телефон для заказчиков"`
	ExperienceSince *int32 `json:"experienceSince,omitempty" minimum:"1950" maximum:"2100" doc:"С какого года работает"`
	Experience      string `json:"experience" format:"text" maxLength:"3000" doc:"Опыт работы"`
	WorkingHours    string `json:"workingHours" format:"line" maxLength:"200" doc:"Часы работы"`
	Education       string `json:"education" format:"text" maxLength:"3000" doc:"Образование"`
	About           string `json:"about" format:"text" maxLength:"5000" doc:"О себе"`
}

// Work is a kind of works that the engineer does.
type Work struct {
	Kind WorkKind `json:"kind" doc:"Вид кадастровых работ"`
	// Price is nil for a price by agreement.
	Price *int64 `json:"price,omitempty" minimum:"1" maximum:"10000000000000" doc:"Стоимость «от», в копейках; нет: по договорённости"`
}

// WorkKind describes [order.WorkKind] in the API.
type WorkKind string

// Schema lists the kinds in the description of the API, for huma.
func (WorkKind) Schema(huma.Registry) *huma.Schema {
	var codes []WorkKind
	for _, k := range order.WorkKinds() {
		codes = append(codes, WorkKind(k.Code))
	}
	return wire.OneOf(codes)
}

// ProfileFile is a file of a profile.
type ProfileFile struct {
	ID          uuid.UUID `json:"id" format:"uuid" doc:"Идентификатор"`
	Name        string    `json:"name" doc:"Имя файла"`
	Title       string    `json:"title,omitempty" doc:"Подпись"`
	Size        int64     `json:"size" doc:"Размер в байтах"`
	SHA256      string    `json:"sha256" doc:"SHA-256"`
	ContentType string    `json:"contentType" doc:"Тип содержимого"`
	Picture     bool      `json:"picture" doc:"Можно показать как снимок"`
}

// FormOfWork is the part of a profile on the form of work.
type FormOfWork struct {
	// FormVersion counts the changes of the form of work, as Version does those of the rest.
	FormVersion    int32             `json:"formVersion" minimum:"0" doc:"Номер изменения формы работы"`
	Form           string            `json:"form,omitempty" enum:"entrepreneur,employee" doc:"Форма работы; нет, пока не указана"`
	OGRNIP         string            `json:"ogrnip,omitempty" doc:"ОГРНИП предпринимателя"`
	BusinessOGRNIP string            `json:"businessOgrnip,omitempty" doc:"ОГРНИП по данным Госуслуг"`
	DocumentName   string            `json:"documentName,omitempty" doc:"Наименование документа"`
	DocumentNumber string            `json:"documentNumber,omitempty" doc:"Номер документа"`
	DocumentDate   string            `json:"documentDate,omitempty" format:"date" doc:"Дата документа"`
	Documents      []ProfileFile     `json:"documents" nullable:"false" doc:"Электронная копия документа"`
	Employment     string            `json:"employment,omitempty" enum:"pending,confirmed,rejected,suspended,removed" doc:"Что с работой у работодателя"`
	Employer       *EmployerOfficial `json:"employer,omitempty" doc:"Работодатель, по его карточке"`
}

// EmployerOfficial is what an engineer sees of his employer's card.
type EmployerOfficial struct {
	ID      uuid.UUID `json:"id" format:"uuid" doc:"Идентификатор"`
	Name    string    `json:"name" doc:"Наименование"`
	OGRN    string    `json:"ogrn,omitempty" doc:"ОГРН"`
	INN     string    `json:"inn,omitempty" doc:"ИНН"`
	KPP     string    `json:"kpp,omitempty" doc:"КПП"`
	Address string    `json:"address,omitempty" doc:"Адрес"`
	Email   string    `json:"email,omitempty" doc:"Почта"`
	Phone   string    `json:"phone,omitempty" doc:"Телефон"`
	Head    string    `json:"head,omitempty" doc:"Руководитель"`
}

type ownProfileOutput struct{ Body OwnProfile }

func (s *Service) getProfile(ctx context.Context, _ *struct{}) (*ownProfileOutput, error) {
	var out *ownProfileOutput
	err := s.Store.InTx(ctx, func(q *sqlcgen.Queries) (err error) {
		out, err = readProfile(ctx, q, httpapi.SessionFrom(ctx).Party)
		return err
	})
	return out, err
}

// readProfile reads a profile with its works and files.
func readProfile(ctx context.Context, q *sqlcgen.Queries, engineer uuid.UUID) (*ownProfileOutput, error) {
	row, err := q.OwnProfile(ctx, engineer)
	if err != nil {
		return nil, fmt.Errorf("reading a profile: %w", err)
	}
	works, err := q.WorksOf(ctx, engineer)
	if err != nil {
		return nil, fmt.Errorf("reading the works of an engineer: %w", err)
	}
	files, err := q.FilesOfProfile(ctx, engineer)
	if err != nil {
		return nil, fmt.Errorf("reading the files of a profile: %w", err)
	}
	p := OwnProfile{
		ID: row.ID, Name: wire.FullName(row.OwnLastName, row.OwnFirstName, row.OwnMiddleName), Version: row.Version,
		ReceivesOrders: row.ReceivesOrders, Missing: missingOf(row.Missing), Regions: []wire.Coded{}, Works: worksOf(works),
		Diplomas: filesFor(Diploma, files), Samples: filesFor(Sample, files),
		ProfileText: ProfileText{
			Website: row.Website, Residence: row.Residence, Email: row.Email, Phone: row.Phone, ExperienceSince: row.ExperienceSince,
			Experience: row.Experience, WorkingHours: row.WorkingHours, Education: row.Education, About: row.About,
		},
		FormOfWork: FormOfWork{
			FormVersion: row.WorkVersion, Form: row.Form, OGRNIP: row.Ogrnip, BusinessOGRNIP: row.BusinessOgrn, DocumentName: row.DocumentName, DocumentNumber: row.DocumentNumber,
			Documents: filesFor(Document, files), Employment: row.Employment,
		},
	}
	if name := wire.FullName(row.LastName, row.FirstName, row.MiddleName); name != p.Name {
		p.RegistryName = name
	}
	if photos := filesFor(Photo, files); len(photos) > 0 {
		p.Photo = &photos[0]
	}
	for _, code := range row.Regions {
		p.Regions = append(p.Regions, *wire.RegionOf(code))
	}
	if row.DocumentDate != nil {
		p.DocumentDate = row.DocumentDate.Format(time.DateOnly)
	}
	if row.EmployerID != nil {
		p.Employer = &EmployerOfficial{
			ID: *row.EmployerID, Name: row.EmployerName, OGRN: row.EmployerOgrn, INN: row.EmployerInn, KPP: row.EmployerKpp,
			Address: row.EmployerAddress, Email: row.EmployerEmail, Phone: row.EmployerPhone, Head: row.EmployerHead,
		}
	}
	p.Registry, err = NewRegistryEntry(row.RegistryEntry, row.RegistryNumber, row.Sro, row.InRegistry, row.AsOf)
	return &ownProfileOutput{Body: p}, err
}

// worksOf returns the works in the order of the manuals.
func worksOf(rows []sqlcgen.WorksOfRow) []Work {
	works := make([]Work, 0, len(rows))
	for _, kind := range order.WorkKinds() {
		for _, row := range rows {
			if row.WorkKind == string(kind.Code) {
				works = append(works, Work{Kind: WorkKind(row.WorkKind), Price: row.Price})
			}
		}
	}
	return works
}

// filesFor returns the files of one purpose in their order.
func filesFor(purpose Purpose, rows []sqlcgen.FilesOfProfileRow) []ProfileFile {
	files := []ProfileFile{}
	for _, f := range rows {
		if f.Purpose == string(purpose) {
			files = append(files, ProfileFile{
				ID: f.ID, Name: f.Name, Title: f.Title, Size: f.Size, SHA256: f.Sha256, ContentType: f.ContentType, Picture: f.Picture,
			})
		}
	}
	return files
}
