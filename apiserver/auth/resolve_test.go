package auth

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func TestResolveKeepsTheOldestRecordAndRefusesAnotherHuman(t *testing.T) {
	const number = "11223344595"
	at := func(day int) time.Time { return time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC) }
	first := record{ID: uuid.New(), CreatedAt: at(1), SNILS: number, SameHuman: true}
	second := record{ID: uuid.New(), CreatedAt: at(2), SNILS: number, SameHuman: true}
	stranger := record{ID: uuid.New(), CreatedAt: at(3), SNILS: number}
	unnumbered := record{ID: uuid.New(), CreatedAt: at(4), SameHuman: true}
	renamed := record{ID: uuid.New(), CreatedAt: at(5), SNILS: number}
	corrected := record{ID: uuid.New(), CreatedAt: at(6), SNILS: "99999999999", SameHuman: true}
	foreign := record{ID: uuid.New(), CreatedAt: at(7), SNILS: "99999999999"}
	for _, c := range []struct {
		name     string
		known    *record
		others   []record
		snils    string
		kept     *record
		merged   []record
		conflict *record
	}{
		{name: "nobody is known", snils: number},
		{name: "the number is known", known: &first, others: []record{first}, snils: number, kept: &first},
		{name: "the СНИЛС is known", others: []record{first}, snils: number, kept: &first},
		{name: "another name under the СНИЛС", others: []record{stranger}, snils: number, conflict: &stranger},
		{name: "two records of one", known: &second, others: []record{first, second}, snils: number, kept: &first, merged: []record{second}},
		{name: "a third record of another", known: &first, others: []record{first, stranger}, snils: number, conflict: &stranger},
		{name: "a record without СНИЛС joins", known: &unnumbered, others: []record{first}, snils: number, kept: &first, merged: []record{unnumbered}},
		{name: "a new name under the own number", known: &renamed, others: []record{renamed}, snils: number, kept: &renamed},
		{name: "a new name and another record", known: &renamed, others: []record{first, renamed}, snils: number, conflict: &renamed},
		{name: "a corrected СНИЛС", known: &corrected, snils: number, kept: &corrected},
		{name: "another human under the number", known: &foreign, snils: number, conflict: &foreign},
		{name: "no СНИЛС from ЕСИА", known: &first, kept: &first},
	} {
		t.Run(c.name, func(t *testing.T) {
			kept, merged, conflict := resolve(c.known, c.others, c.snils)
			require.Equal(t, c.kept, kept)
			require.Equal(t, c.merged, merged)
			require.Equal(t, c.conflict, conflict)
		})
	}
}
