package synthetic

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"epkr/internal/banks"
	"epkr/internal/order"
	"epkr/internal/requisites"
)

// Profile is what an engineer has entered in his profile, besides the fields of [Engineer].
type Profile struct {
	Website, Residence, Experience, WorkingHours, Education, About string
	ExperienceSince                                                int // year
	Works                                                          []Work
	// The document that proves the employment, or the registration as a sole proprietor.
	DocumentName, DocumentNumber string
	DocumentDate                 time.Time // midnight UTC
}

// Work is a kind of works with its price.
type Work struct {
	Kind  order.WorkKind
	Price order.Kopecks // 0: by agreement
}

var (
	universities = []string{
		"Государственный университет по землеустройству, «Земельный кадастр»", "Московский государственный университет геодезии и картографии, «Прикладная геодезия»",
		"Казанский (Приволжский) федеральный университет, «Землеустройство и кадастры»", "Сибирский государственный университет геосистем и технологий, «Кадастр недвижимости»",
	}
	workingHours = []string{"Пн–пт 9:00–18:00", "Пн–пт 10:00–19:00, сб по договорённости", "Ежедневно 8:00–20:00"}
	abouts       = []string{
		"Выезжаю на участок со своим оборудованием, готовлю документы сам.", "Работаю с межевыми и техническими планами, сопровождаю до внесения в ЕГРН.",
		"Беру сложные случаи: исправление реестровых ошибок, споры о границах.", "",
	}
)

// Profile returns the engineer's profile. It depends on his СНИЛС only.
func (e Engineer) Profile() Profile {
	seed := fnv.New64a()
	_, _ = seed.Write([]byte(e.Person.SNILS)) // never fails
	rnd := rand.New(rand.NewPCG(seed.Sum64(), 0))
	since := max(e.Person.BirthDate.Year()+23, 1985+rnd.IntN(38))
	p := Profile{
		Residence: regionOf(e.Regions[0]).Name, ExperienceSince: since, WorkingHours: pick(rnd, workingHours),
		Experience: "Кадастровые работы с " + strconv.Itoa(since) + " года: межевание, технические планы, акты обследования.",
		Education:  pick(rnd, universities) + ", " + strconv.Itoa(since-1) + " г.", About: pick(rnd, abouts),
		DocumentNumber: strconv.Itoa(1 + rnd.IntN(900)), DocumentDate: time.Date(max(since, 2016), time.Month(1+rnd.IntN(12)), 1+rnd.IntN(28), 0, 0, 0, 0, time.UTC),
	}
	p.DocumentName = "Трудовой договор"
	if e.Form == Entrepreneur {
		p.DocumentName = "Лист записи ЕГРИП"
	}
	kinds := order.WorkKinds()
	first, step := rnd.IntN(len(kinds)), 1+2*rnd.IntN(2) // 3 has no factor in common with the ten kinds
	for i := range 2 + rnd.IntN(4) {
		w := Work{Kind: kinds[(first+i*step)%len(kinds)].Code}
		if rnd.IntN(5) > 0 {
			w.Price = order.Kopecks(5+rnd.IntN(60)) * 1000_00
		}
		p.Works = append(p.Works, w)
	}
	return p
}

// Requisites are fictitious payment details.
type Requisites struct {
	INN, Address, BIC, BankName, Account, CorrespondentAccount string
}

// lenders are the fictitious banks that keep accounts of people and firms.
var lenders = sync.OnceValue(func() []banks.Bank {
	return slices.DeleteFunc(Banks().Banks, func(b banks.Bank) bool {
		return !strings.HasPrefix(b.CorrespondentAccount, "301")
	})
})

// PaymentDetails returns the payment details of somebody with this ИНН. accounts begin with prefix:
// 40702 for an organisation, 40802 for an entrepreneur.
func PaymentDetails(inn, address, prefix string) Requisites {
	seed := fnv.New64a()
	_, _ = seed.Write([]byte(inn)) // never fails
	rnd := rand.New(rand.NewPCG(seed.Sum64(), 1))
	bank := pick(rnd, lenders())
	return Requisites{
		INN: inn, Address: address, BIC: bank.BIC, BankName: bank.Name, CorrespondentAccount: bank.CorrespondentAccount,
		Account: requisites.CompleteAccount(prefix+"8100"+pad(rnd.IntN(10_000), 4)+"0"+pad(rnd.IntN(1_000_000), 6), bank.BIC),
	}
}
