package synthetic

import (
	_ "embed"
	"math/rand/v2"
	"strings"
)

//go:embed names.json
var namesFile []byte

var names = decode[struct {
	// Fathers are male first names with the patronymics of a son and of a daughter.
	Fathers [][3]string
	// Surnames are in the masculine form.
	Women, Surnames, Streets []string
}](namesFile)

// feminine returns the feminine form: Russian surnames in -ов, -ев, -ёв, -ин, -ын take -а,
// adjectives decline, the rest do not change.
func feminine(surname string) string {
	for _, ending := range []string{"ов", "ев", "ёв", "ин", "ын"} {
		if strings.HasSuffix(surname, ending) {
			return surname + "а"
		}
	}
	for _, ending := range []string{"ий", "ый", "ой"} {
		if stem, ok := strings.CutSuffix(surname, ending); ok {
			return stem + "ая"
		}
	}
	return surname
}

// drawName returns a random name. One person in a hundred has no patronymic.
func drawName(rnd *rand.Rand) (gender Gender, last, first, middle string) {
	last = pick(rnd, names.Surnames)
	father := pick(rnd, names.Fathers)
	gender, first, middle = Male, pick(rnd, names.Fathers)[0], father[1]
	if rnd.IntN(100) < 45 {
		gender, last, first, middle = Female, feminine(last), pick(rnd, names.Women), father[2]
	}
	if rnd.IntN(100) == 0 {
		middle = ""
	}
	return gender, last, first, middle
}

func pick[T any](rnd *rand.Rand, from []T) T { return from[rnd.IntN(len(from))] }
