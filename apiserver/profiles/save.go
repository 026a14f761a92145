package profiles

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
	"epkr/internal/requisites"
	"epkr/internal/territory"
)

// NamedFile names an uploaded file in a profile.
type NamedFile struct {
	File  uuid.UUID `json:"file" format:"uuid" doc:"Загруженный файл"`
	Title string    `json:"title,omitempty" format:"line" maxLength:"200" doc:"Подпись"`
}

// ProfileForm is the editable part of a profile.
type ProfileForm struct {
	Version int32    `json:"version" minimum:"0" maximum:"2147483647" doc:"Номер изменения, на котором основана форма"`
	Regions []string `json:"regions" nullable:"false" maxItems:"100" uniqueItems:"true" doc:"Коды регионов деятельности" pattern:"^[0-9]{2}$"`
	ProfileText
	Works    []Work      `json:"works" nullable:"false" maxItems:"20" doc:"Виды работ и стоимость"`
	Photo    *uuid.UUID  `json:"photo,omitempty" format:"uuid" doc:"Загруженная фотография"`
	Diplomas []NamedFile `json:"diplomas" nullable:"false" maxItems:"100" doc:"Дипломы и аттестаты, по порядку"`
	Samples  []NamedFile `json:"samples" nullable:"false" maxItems:"100" doc:"Примеры работ, лицензии, свидетельства, по порядку"`
}

// checker collects what is wrong with the fields of a form.
type checker struct{ found []problems.FieldProblem }

func (c *checker) add(field, message string) {
	if message != "" {
		c.found = append(c.found, problems.FieldProblem{Field: field, Message: message})
	}
}

// normal returns the normal form of a value, or reports its fault at the field. An empty value stays
// empty.
func (c *checker) normal(field, value string, parse func(string) (string, error)) string {
	if value == "" {
		return ""
	}
	normal, err := parse(value)
	if err != nil {
		c.add(field, err.Error())
		return value
	}
	return normal
}

func (c *checker) err() error {
	if len(c.found) == 0 {
		return nil
	}
	return problems.Invalid(c.found...)
}

// check normalizes the form and returns what is wrong with it.
func (f *ProfileForm) check(now time.Time) error {
	var c checker
	f.Website = c.normal("website", f.Website, requisites.Website)
	f.Email = c.normal("email", f.Email, requisites.Email)
	f.Phone = c.normal("phone", f.Phone, requisites.Phone)
	if f.ExperienceSince != nil && int(*f.ExperienceSince) > now.In(order.Moscow).Year() {
		c.add("experienceSince", "Этот год ещё не наступил.")
	}
	for i, code := range f.Regions {
		if _, known := territory.RegionByCode(code); !known {
			c.add("regions["+strconv.Itoa(i)+"]", "Такого региона нет в списке.")
		}
	}
	slices.Sort(f.Regions)
	seen := map[WorkKind]bool{}
	for i, w := range f.Works {
		if seen[w.Kind] {
			c.add("works["+strconv.Itoa(i)+"].kind", "Этот вид работ уже указан.")
		}
		seen[w.Kind] = true
	}
	return c.err()
}

// saveProfile replaces the editable part of the caller's profile.
func (s *Service) saveProfile(ctx context.Context, in *struct{ Body ProfileForm }) (*ownProfileOutput, error) {
	form := &in.Body
	if err := form.check(s.Now()); err != nil {
		return nil, err
	}
	named := namedFiles{}
	if form.Photo != nil {
		named.add(Photo, "photo", []NamedFile{{File: *form.Photo}})
	}
	named.add(Diploma, "diplomas", form.Diplomas)
	named.add(Sample, "samples", form.Samples)
	return s.change(ctx, func(q *sqlcgen.Queries, engineer uuid.UUID, state sqlcgen.ProfileStateRow) error {
		if state.Version != form.Version {
			return problems.New(problems.DataChanged)
		}
		err := errors.Join(
			q.SaveProfile(ctx, sqlcgen.SaveProfileParams{
				EngineerID: engineer, Website: form.Website, Residence: form.Residence, ExperienceSince: form.ExperienceSince, Experience: form.Experience,
				WorkingHours: form.WorkingHours, Education: form.Education, About: form.About, UpdatedAt: s.Now().UTC(),
			}),
			q.SaveContacts(ctx, sqlcgen.SaveContactsParams{ID: engineer, Regions: wire.NonNil(form.Regions), Email: form.Email, Phone: form.Phone}),
			q.DeleteWorks(ctx, engineer),
			q.InsertWorks(ctx, worksParams(engineer, form.Works)),
		)
		if err != nil {
			return fmt.Errorf("saving a profile: %w", err)
		}
		return named.replace(ctx, q, engineer, Photo, Diploma, Sample)
	})
}

func worksParams(engineer uuid.UUID, works []Work) sqlcgen.InsertWorksParams {
	p := sqlcgen.InsertWorksParams{EngineerID: engineer, Kinds: []string{}, Prices: []int64{}}
	for _, w := range works {
		price := int64(0)
		if w.Price != nil {
			price = *w.Price
		}
		p.Kinds, p.Prices = append(p.Kinds, string(w.Kind)), append(p.Prices, price)
	}
	return p
}

// change runs a change of the caller's profile, with the engineer locked as the decisions of orders
// lock him, and returns the profile after it. A decision therefore sees all of the change or nothing
// of it.
func (s *Service) change(ctx context.Context, do func(*sqlcgen.Queries, uuid.UUID, sqlcgen.ProfileStateRow) error) (out *ownProfileOutput, err error) {
	engineer := httpapi.SessionFrom(ctx).Party
	err = s.withEngineer(ctx, engineer, func(q *sqlcgen.Queries) error {
		state, err := q.ProfileState(ctx, engineer)
		if err != nil {
			return fmt.Errorf("reading the state of a profile: %w", err)
		}
		if err := do(q, engineer, state); err != nil {
			return err
		}
		if err := q.RefreshCompleteness(ctx, []uuid.UUID{engineer}); err != nil {
			return fmt.Errorf("marking a profile as complete: %w", err)
		}
		out, err = readProfile(ctx, q, engineer)
		return err
	})
	return out, err
}

// withEngineer runs a transaction with the engineer's employer and the engineer locked.
func (s *Service) withEngineer(ctx context.Context, engineer uuid.UUID, do func(*sqlcgen.Queries) error) error {
	for {
		err := s.Store.InTx(ctx, func(q *sqlcgen.Queries) error {
			if _, err := db.LockEngineers(ctx, q, []uuid.UUID{engineer}); err != nil {
				return err
			}
			return do(q)
		})
		if !errors.Is(err, db.ErrEmployerChanged) {
			return err
		}
	}
}

// switchReceiving sets whether the caller receives offers.
func (s *Service) switchReceiving(ctx context.Context, in *struct {
	Body struct {
		Receives bool `json:"receives" doc:"Получать заказы"`
	}
},
) (*struct{}, error) {
	engineer := httpapi.SessionFrom(ctx).Party
	return nil, s.withEngineer(ctx, engineer, func(q *sqlcgen.Queries) error {
		return q.SetReceiving(ctx, sqlcgen.SetReceivingParams{ID: engineer, ReceivesOrders: in.Body.Receives})
	})
}

// namedFiles are the files that a form names, each with its purpose and the path of its field.
type namedFiles []struct {
	NamedFile
	purpose Purpose
	field   string
}

func (n *namedFiles) add(purpose Purpose, field string, files []NamedFile) {
	for i, f := range files {
		path := field
		if purpose != Photo {
			path += "[" + strconv.Itoa(i) + "]"
		}
		*n = append(*n, struct {
			NamedFile
			purpose Purpose
			field   string
		}{f, purpose, path})
	}
}

// replace makes the named files the only ones of the profile for these purposes. Files that are no
// longer named are removed by the sweep.
func (n namedFiles) replace(ctx context.Context, q *sqlcgen.Queries, engineer uuid.UUID, purposes ...Purpose) error {
	ids := make([]uuid.UUID, len(n))
	for i, f := range n {
		ids[i] = f.File
	}
	stored, err := q.StoredProfileFiles(ctx, sqlcgen.StoredProfileFilesParams{ProfileID: engineer, Ids: ids})
	if err != nil {
		return fmt.Errorf("reading the named files: %w", err)
	}
	if err := n.check(stored, purposes); err != nil {
		return err
	}
	rows := sqlcgen.NameProfileFilesParams{EngineerID: engineer, Files: ids, Purposes: []string{}, Titles: []string{}, Positions: []int32{}}
	for i, f := range n {
		rows.Purposes, rows.Titles, rows.Positions = append(rows.Purposes, string(f.purpose)), append(rows.Titles, f.Title), append(rows.Positions, int32(i))
	}
	replaced := make([]string, len(purposes))
	for i, p := range purposes {
		replaced[i] = string(p)
	}
	if err := q.ReleaseProfileFiles(ctx, sqlcgen.ReleaseProfileFilesParams{EngineerID: engineer, Purposes: replaced}); err != nil {
		return fmt.Errorf("releasing the files of a profile: %w", err)
	}
	if err := q.NameProfileFiles(ctx, rows); err != nil {
		return fmt.Errorf("naming the files of a profile: %w", err)
	}
	return nil
}

// check requires that each file is stored, fits its purpose, and is named once.
func (n namedFiles) check(stored []sqlcgen.StoredProfileFilesRow, replaced []Purpose) error {
	var c checker
	seen, counts := map[uuid.UUID]bool{}, map[Purpose]int{}
	for _, f := range n {
		counts[f.purpose]++
		i := slices.IndexFunc(stored, func(row sqlcgen.StoredProfileFilesRow) bool { return row.ID == f.File })
		switch {
		case i < 0:
			c.add(f.field, "Файл не найден среди загруженных в профиль. Загрузите его ещё раз.")
		case seen[f.File], stored[i].Purpose != "" && !slices.Contains(replaced, Purpose(stored[i].Purpose)):
			c.add(f.field, "Этот файл уже есть в профиле. Оставьте его один раз.")
		case counts[f.purpose] > f.purpose.rule().files:
			c.add(f.field, fmt.Sprintf("Файлов не больше %d: удалите лишние.", f.purpose.rule().files))
		default:
			c.add(f.field, cmp.Or(f.purpose.Refuse(stored[i].Size, stored[i].ContentType), unshown(stored[i])))
		}
		seen[f.File] = true
	}
	return c.err()
}

// unshown refuses a picture that others could see only with its metadata.
func unshown(f sqlcgen.StoredProfileFilesRow) string {
	if f.Picture || f.ContentType == pdf {
		return ""
	}
	return "Снимок не подготовлен к показу. Загрузите его ещё раз."
}
