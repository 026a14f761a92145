package firstload

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"epkr/db/sqlcgen"
	"epkr/dev/synthetic"
	"epkr/internal/order"
	"epkr/internal/storage"
)

// Document is the content of the file that proves the form of work of every loaded engineer: a PDF
// file with one page. The caller stores it.
func Document() []byte {
	return []byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
		"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n" +
		"4 0 obj<</Length 56>>stream\nBT /F1 24 Tf 72 760 Td (EPKR: document of the demo) Tj ET\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
}

// DocumentType is the content type of [Document].
const DocumentType = "application/pdf"

// profiles are the rows of what engineers and their employers have entered.
type profiles struct {
	profiles   []sqlcgen.AddProfilesParams
	works      []sqlcgen.AddWorksParams
	files      []sqlcgen.AddStoredFilesParams
	named      []sqlcgen.AddProfileFilesParams
	requisites []sqlcgen.AddRequisitesParams
}

// WriteProfiles writes the profiles of engineers and the requisites of their employers, with their
// ids by СНИЛС and ОГРН. It does not mark the complete ones.
func WriteProfiles(ctx context.Context, q *sqlcgen.Queries, world *synthetic.World, engineers, employers map[string]uuid.UUID) error {
	var p profiles
	now, document := time.Now().UTC(), Document()
	hash := storage.Hash(document)
	for snils, id := range engineers {
		if e, ok := world.EngineerBySNILS(snils); ok {
			p.add(id, e, employers, now, hash, int64(len(document)))
		}
	}
	if err := p.addEmployers(ctx, q, world, employers); err != nil {
		return err
	}
	return p.write(ctx, q)
}

func (p *profiles) add(id uuid.UUID, e synthetic.Engineer, employers map[string]uuid.UUID, now time.Time, hash string, size int64) {
	said := e.Profile()
	since := int32(said.ExperienceSince)
	row := sqlcgen.AddProfilesParams{
		EngineerID: id, Website: said.Website, Residence: said.Residence, ExperienceSince: &since, Experience: said.Experience, WorkingHours: said.WorkingHours,
		Education: said.Education, About: said.About, DocumentName: said.DocumentName, DocumentNumber: said.DocumentNumber, DocumentDate: &said.DocumentDate,
		DocumentForm: string(e.Form),
	}
	if employer, ok := employers[e.EmployerOGRN]; ok {
		row.DocumentEmployer = &employer
	}
	p.profiles = append(p.profiles, row)
	for _, w := range said.Works {
		row := sqlcgen.AddWorksParams{EngineerID: id, WorkKind: string(w.Kind)}
		if w.Price > 0 {
			row.Price = &w.Price
		}
		p.works = append(p.works, row)
	}
	file := derive("document", e.Person.SNILS)
	p.files = append(p.files, sqlcgen.AddStoredFilesParams{
		ID: file, ProfileID: &id, UploaderRole: string(order.RoleEngineer), UploaderParty: &id, Name: said.DocumentName + ".pdf",
		Size: size, Sha256: hash, ContentType: DocumentType, Status: storage.Stored, StoredAt: &now,
	})
	p.named = append(p.named, sqlcgen.AddProfileFilesParams{FileID: file, EngineerID: id, Purpose: "document"})
	if e.Form == synthetic.Entrepreneur {
		p.addRequisites(nil, &id, synthetic.PaymentDetails(e.Person.INN, e.Person.Address, "40802"))
	}
}

func (p *profiles) addRequisites(party, engineer *uuid.UUID, r synthetic.Requisites) {
	p.requisites = append(p.requisites, sqlcgen.AddRequisitesParams{
		PartyID: party, EngineerID: engineer, Inn: r.INN, Address: r.Address, Bic: r.BIC, BankName: r.BankName, Account: r.Account,
		CorrespondentAccount: r.CorrespondentAccount,
	})
}

// addEmployers adds the requisites of the employers that have none.
func (p *profiles) addEmployers(ctx context.Context, q *sqlcgen.Queries, world *synthetic.World, employers map[string]uuid.UUID) error {
	ids := make([]uuid.UUID, 0, len(employers))
	for _, id := range employers {
		ids = append(ids, id)
	}
	lacking, err := q.PartiesWithoutRequisites(ctx, ids)
	if err != nil {
		return fmt.Errorf("finding the employers without requisites: %w", err)
	}
	lacks := make(map[uuid.UUID]bool, len(lacking))
	for _, id := range lacking {
		lacks[id] = true
	}
	for _, o := range world.Organisations {
		if id, ok := employers[o.OGRN]; ok && lacks[id] {
			p.addRequisites(&id, nil, synthetic.PaymentDetails(o.INN, o.Address, "40702"))
		}
	}
	return nil
}

func (p *profiles) write(ctx context.Context, q *sqlcgen.Queries) error {
	for _, step := range []struct {
		what  string
		write func() (int64, error)
	}{
		{"profiles", func() (int64, error) { return q.AddProfiles(ctx, p.profiles) }},
		{"works", func() (int64, error) { return q.AddWorks(ctx, p.works) }},
		{"files", func() (int64, error) { return q.AddStoredFiles(ctx, p.files) }},
		{"files of profiles", func() (int64, error) { return q.AddProfileFiles(ctx, p.named) }},
		{"requisites", func() (int64, error) { return q.AddRequisites(ctx, p.requisites) }},
	} {
		if _, err := step.write(); err != nil {
			return fmt.Errorf("writing the %s: %w", step.what, err)
		}
	}
	return nil
}
