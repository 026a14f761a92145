package grown

import (
	"fmt"

	"epkr/internal/order"
)

// filesOfProfile is how many files each profile has: a photo, a diploma and a document.
const filesOfProfile = 3

// profileTables are what the engineers who have signed in say of themselves.
func profileTables() []table {
	purposes := []string{"photo", "diploma", "document"}
	kinds := order.WorkKinds()
	// own returns the engineer of a row if each has as many rows; -1 if he has never signed in.
	own := func(n, rows int) int {
		if e := n / rows; signedIn(e) {
			return e
		}
		return -1
	}
	return []table{
		{"engineer_profiles", columns("engineer_id, experience_since, education, document_name, document_number, document_date, document_form, document_employer"), count(Engineers, func(n int) []any {
			if own(n, 1) < 0 {
				return nil
			}
			form, employer := "entrepreneur", any(nil)
			if e := employerOf(n); e >= 0 {
				form, employer = "employee", id(anOrganisation, e)
			}
			return []any{id(anEngineer, n), 2010, "Университет", "Договор", "1", Now.AddDate(-1, 0, 0), form, employer}
		})},
		{"engineer_works", columns("engineer_id, work_kind, price"), count(Engineers*3, func(n int) []any {
			e := own(n, 3)
			if e < 0 {
				return nil
			}
			return []any{id(anEngineer, e), string(kinds[(e/4+n%3)%len(kinds)].Code), 1_000_000 + n}
		})},
		{"files", columns("id, profile_id, uploader_id, name, size, sha256, picture_sha256, thumbnail_sha256, content_type, status, created_at, stored_at, uploader_role, uploader_party"), count(Engineers*filesOfProfile, func(n int) []any {
			e := own(n, filesOfProfile)
			if e < 0 {
				return nil
			}
			picture, kind := "", "application/pdf"
			if n%filesOfProfile == 0 {
				picture, kind = fmt.Sprintf("%064x", n+1<<40), "image/jpeg"
			}
			status, stored := "stored", &Now
			if n%1200 == 2 {
				status, stored = "uploading", nil
			}
			return []any{
				id(aProfileFile, n), id(anEngineer, e), id(aPerson, personOf(e)), "файл", 1_000_000, fmt.Sprintf("%064x", n), picture, picture, kind, status, Now, stored,
				"engineer", id(anEngineer, e),
			}
		})},
		{"engineer_files", columns("file_id, engineer_id, purpose, position"), count(Engineers*filesOfProfile, func(n int) []any {
			e := own(n, filesOfProfile)
			if e < 0 {
				return nil
			}
			return []any{id(aProfileFile, n), id(anEngineer, e), purposes[n%filesOfProfile], 0}
		})},
	}
}
