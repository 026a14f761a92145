package mchd_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/charmap"

	"epkr/internal/mchd"
	"epkr/internal/testenv/cost"
	"epkr/internal/testenv/pki"
)

var (
	head         = pki.Person("Директорова", "Анна Львовна", "112233445")
	agent        = pki.Person("Доверенный", "Олег Игоревич", "123456789")
	stranger     = pki.Person("Посторонний", "Иван Иванович", "987654321")
	organisation = head.HeadOf(pki.Organisation("ООО «Рога & Межа»", "770708389"))
)

const (
	number = "4f1c2d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f"
	parent = "11111111-2222-3333-4444-555555555555"
)

// given is a power of attorney of the organisation for the agent.
func given() pki.PowerOfAttorney {
	return pki.PowerOfAttorney{
		Number: strings.ToUpper(number), IssuedOn: "2026-09-01", ExpiresOn: "2027-08-31", Principal: organisation,
		Representatives: []pki.Subject{agent}, Codes: []string{"02.114"},
	}
}

func read(t *testing.T, p pki.PowerOfAttorney) *mchd.PowerOfAttorney {
	t.Helper()
	power, err := mchd.Read(p.XML())
	require.NoError(t, err)
	return power
}

// Each field is read, in both encodings, with and without a byte order mark; the head, whose elements
// have the same names, is not taken for the representative.
func TestReads(t *testing.T) {
	t.Parallel()
	p := given()
	p.Text, p.Delegable = "подписывать договоры", true
	want := &mchd.PowerOfAttorney{
		Number: number, InternalNumber: "7", IssuedOn: "2026-09-01", ExpiresOn: "2027-08-31", Delegable: true,
		RegistryAddress: "https://m4d.nalog.gov.ru/emchd/check-status?guid=" + strings.ToUpper(number),
		Principals: []mchd.Principal{{
			Kind: mchd.Organisation, Name: "ООО «Рога & Межа»", INN: organisation.OrganisationINN, OGRN: organisation.OGRN,
			Signer: mchd.Person{Name: "Директорова Анна Львовна", SNILS: head.SNILS, INN: head.INN, Position: "Директор"},
		}},
		Representatives: []mchd.Person{{Name: "Доверенный Олег Игоревич", SNILS: agent.SNILS, INN: agent.INN}},
		Powers:          mchd.Powers{Text: "подписывать договоры", Codes: []mchd.Power{{Code: "02.114", Name: "Полномочие 02.114"}}},
	}
	utf8 := p.XML()
	cp1251, err := charmap.Windows1251.NewEncoder().Bytes(bytes.Replace(utf8, []byte("UTF-8"), []byte("windows-1251"), 1))
	require.NoError(t, err)
	for name, file := range map[string][]byte{
		"UTF-8": utf8, "with a byte order mark": append([]byte("\xef\xbb\xbf"), utf8...), "windows-1251": cp1251,
		"without a declaration": bytes.TrimPrefix(utf8, []byte(`<?xml version="1.0" encoding="UTF-8"?>`)),
	} {
		power, err := mchd.Read(file)
		require.NoError(t, err, name)
		require.Equal(t, want, power, name)
	}

	limited, err := mchd.Read(bytes.Replace(utf8, []byte(`НаимПолн="Полномочие 02.114">`), []byte(`НаимПолн="Полномочие">`+
		`<ОгрСвПолн ИдОгр="1" КодОгр="1" НаимОгр="Сумма" НаимЗначОгр="до"><ТексЗначОгр>100 000 ₽</ТексЗначОгр></ОгрСвПолн>`), 1))
	require.NoError(t, err)
	require.Equal(t, []mchd.Power{{Code: "02.114", Name: "Полномочие", Limits: []string{"Сумма: до 100 000 ₽"}}}, limited.Powers.Codes)

	p.Principal, p.Text = head.Entrepreneur(), ""
	require.Equal(t, []mchd.Principal{{
		Kind: mchd.Entrepreneur, Name: "Директорова Анна Львовна", INN: head.INN, OGRN: head.Entrepreneur().OGRNIP,
		Signer: mchd.Person{Name: "Директорова Анна Львовна", SNILS: head.SNILS, INN: head.INN},
	}}, read(t, p).Principals)
	p.Principal = head
	require.Equal(t, mchd.NaturalPerson, read(t, p).Principals[0].Kind)
}

// What is no power of attorney of the format 003, or lacks what the format demands, is refused by name.
func TestNamesTheFault(t *testing.T) {
	t.Parallel()
	good := string(given().XML())
	change := func(old, with string) string {
		require.Contains(t, good, old)
		return strings.ReplaceAll(good, old, with)
	}
	// between replaces an element with all that is in it.
	between := func(name, with string) string {
		from, to := strings.Index(good, "<"+name), strings.Index(good, "</"+name+">")
		require.Positive(t, from, name)
		return good[:from] + with + good[to+len("</"+name+">"):]
	}
	for name, c := range map[string]struct {
		file string
		err  error
	}{
		"nothing":                  {"", mchd.ErrNotPowerOfAttorney},
		"text":                     {"Доверенность", mchd.ErrNotPowerOfAttorney},
		"a PDF":                    {"%PDF-1.7\n%\xe2\xe3", mchd.ErrNotPowerOfAttorney},
		"another XML":              {"<Файл/>", mchd.ErrNotPowerOfAttorney},
		"cut off":                  {good[:len(good)-5], mchd.ErrNotPowerOfAttorney},
		"two roots":                {good + "<a/>", mchd.ErrNotPowerOfAttorney},
		"entities":                 {`<!DOCTYPE a [<!ENTITY b "c">]>` + good, mchd.ErrNotPowerOfAttorney},
		"an unknown entity":        {change("Полномочие", "&b;"), mchd.ErrNotPowerOfAttorney},
		"UTF-16":                   {change("UTF-8", "UTF-16"), mchd.ErrNotPowerOfAttorney},
		"bytes that are no UTF-8":  {change("Директорова", "\xff"), mchd.ErrNotPowerOfAttorney},
		"002":                      {`<Доверенность ВерсФорм="002" ИдФайл="ON_DOVBB_1"><Документ/></Доверенность>`, mchd.ErrFormat002},
		"002 by its name":          {`<Доверенность ВерсФорм="5.01" ИдФайл="ON_DOVBB_1"><Документ/></Доверенность>`, mchd.ErrFormat002},
		"004":                      {change(`ВерсФорм="EMCHD_1"`, `ВерсФорм="EMCHD_2"`), mchd.ErrFormat},
		"another namespace":        {change("urn://x-artefacts/EMCHD_1", "urn:x"), mchd.ErrFormat},
		"neither form":             {`<Доверенность xmlns="urn://x-artefacts/EMCHD_1" ВерсФорм="EMCHD_1"><Документ/></Доверенность>`, mchd.ErrIncomplete},
		"a number of another kind": {change(strings.ToUpper(number)+`" ДатаВ`, `1" ДатаВ`), mchd.ErrIncomplete},
		"no date":                  {change("2026-09-01", ""), mchd.ErrIncomplete},
		"a date of another form":   {change("2027-08-31", "31.08.2027"), mchd.ErrIncomplete},
		"no such day":              {change("2027-08-31", "2027-02-30"), mchd.ErrIncomplete},
		"no powers":                {between("МашПолн", ""), mchd.ErrIncomplete},
		"no principal":             {between("СвДоверит", ""), mchd.ErrIncomplete},
		"numbers of no head":       {change(`ИННФЛ="`+head.INN+`" СНИЛС="`+head.SNILS+`"`, ""), mchd.ErrIncomplete},
		"numbers of no principal":  {change(`ИННЮЛ="`+organisation.OrganisationINN+`" КПП="770701001" ОГРН="`+organisation.OGRN+`"`, ""), mchd.ErrIncomplete},
		"an attribute twice":       {change(`КПП="770701001"`, `ИННЮЛ="1"`), mchd.ErrIncomplete},
		"an element twice":         {change("<СвРосОрг", "<СвРосОрг></СвРосОрг><СвРосОрг"), mchd.ErrIncomplete},
		"two heads":                {change("<ЛицоБезДов", "<ЛицоБезДов></ЛицоБезДов><ЛицоБезДов"), mchd.ErrPrincipalKind},
		"heads together":           {change(`ПолнЮЛ="1"`, `ПолнЮЛ="2"`), mchd.ErrPrincipalKind},
		"an organisation as head":  {between("СвФЛ", "<СВЮЛ/>"), mchd.ErrPrincipalKind},
		"a foreign organisation":   {between("РосОргДовер", "<ИнОргДовер/>"), mchd.ErrPrincipalKind},
		"an organisation acts":     {between("СведФизЛ", "<СведОрг/>"), mchd.ErrRepresentativeKind},
		"nobody acts":              {between("СвУпПред", ""), mchd.ErrRepresentativeKind},
		"too large":                {good + strings.Repeat(" ", mchd.MaxSize), mchd.ErrTooLarge},
		"too deep":                 {strings.Repeat("<a>", 40), mchd.ErrTooLarge},
		"too many elements":        {"<a>" + strings.Repeat("<b/>", 30_000), mchd.ErrTooLarge},
	} {
		_, err := mchd.Read([]byte(c.file))
		require.ErrorIs(t, err, c.err, name)
	}
}

// Reading costs a small multiple of the size, whatever the bytes are.
func TestHostileFilesAreCheap(t *testing.T) {
	for name, file := range map[string]string{
		"deep":              strings.Repeat("<a>", mchd.MaxSize/3),
		"many attributes":   "<a" + strings.Repeat(` b=""`, mchd.MaxSize/5-1) + "/>",
		"other attributes":  "<Доверенность " + manyAttributes() + "/>",
		"a long name":       "<" + strings.Repeat("a", mchd.MaxSize-3) + "/>",
		"a long text":       "<a>" + strings.Repeat("b", mchd.MaxSize-8) + "</a>",
		"many elements":     "<a>" + strings.Repeat("<b/>", mchd.MaxSize/4-1),
		"many comments":     strings.Repeat("<!---->", mchd.MaxSize/7),
		"many instructions": strings.Repeat("<?a?>", mchd.MaxSize/5),
	} {
		var err error
		spent := cost.Of(func() { _, err = mchd.Read([]byte(file)) })
		require.Error(t, err, name)
		require.Less(t, spent.Allocated, uint64(64<<20), name)
	}
}

func manyAttributes() string {
	var all strings.Builder
	for i := range 60_000 {
		all.WriteString(" a")
		for ; i > 0; i /= 26 {
			all.WriteByte(byte('a' + i%26))
		}
		all.WriteString(`="1"`)
	}
	return all.String()[:min(all.Len(), mchd.MaxSize-100)/2*2]
}

// The term has both its first and its last day.
func TestTerm(t *testing.T) {
	t.Parallel()
	p := read(t, given())
	for day, err := range map[string]error{
		"2026-08-31": mchd.ErrNotYetValid, "2026-09-01": nil, "2027-08-31": nil, "2027-09-01": mchd.ErrExpired,
	} {
		require.ErrorIs(t, p.CheckTerm(day), err, day)
	}
}

// A principal and a representative are found by the numbers that both sides have, of which none may
// differ.
func TestPeople(t *testing.T) {
	t.Parallel()
	p := read(t, given())
	inn, ogrn := organisation.OrganisationINN, organisation.OGRN
	for name, c := range map[string]struct {
		inn, ogrn, snils string
		err              error
	}{
		"both": {inn, ogrn, "", nil}, "one": {inn, "", "", nil}, "the other": {"", ogrn, "", nil},
		"none": {"", "", "", mchd.ErrPrincipal}, "other ИНН": {stranger.INN, ogrn, "", mchd.ErrPrincipal},
		"other ОГРН": {inn, "1", "", mchd.ErrPrincipal}, "the head's СНИЛС": {"", "", head.SNILS, mchd.ErrPrincipal},
	} {
		_, err := p.PrincipalOf(c.inn, c.ogrn, c.snils)
		require.ErrorIs(t, err, c.err, name)
	}
	for name, c := range map[string]struct {
		snils, inn string
		err        error
	}{
		"both": {agent.SNILS, agent.INN, nil}, "СНИЛС": {agent.SNILS, "", nil}, "ИНН": {"", agent.INN, nil}, "none": {"", "", mchd.ErrRepresentative},
		"other ИНН": {agent.SNILS, stranger.INN, mchd.ErrRepresentative}, "other СНИЛС": {stranger.SNILS, agent.INN, mchd.ErrRepresentative},
		"the head": {head.SNILS, head.INN, mchd.ErrRepresentative},
	} {
		_, err := p.RepresentativeOf(c.snils, c.inn)
		require.ErrorIs(t, err, c.err, name)
	}
	of := given()
	of.Principal = head
	_, err := read(t, of).PrincipalOf("", "", head.SNILS)
	require.NoError(t, err, "a natural person is found by the СНИЛС")
}

// Codes suffice if they are in the list and have no limits; words and limits are left to a person.
func TestPowers(t *testing.T) {
	t.Parallel()
	limited := mchd.Power{Code: "1", Limits: []string{"сумма: 1"}}
	for name, c := range map[string]struct {
		powers     mchd.Powers
		sufficient []string
		known      bool
		err        error
	}{
		"a code":         {mchd.Powers{Codes: []mchd.Power{{Code: "2"}, {Code: "1"}}}, []string{"1"}, true, nil},
		"another code":   {mchd.Powers{Codes: []mchd.Power{{Code: "2"}}}, []string{"1"}, false, mchd.ErrPowers},
		"no list":        {mchd.Powers{Codes: []mchd.Power{{Code: "2"}}}, nil, false, nil},
		"words":          {mchd.Powers{Text: "всё"}, []string{"1"}, false, nil},
		"a limited code": {mchd.Powers{Codes: []mchd.Power{limited}}, []string{"1"}, false, nil},
		"both":           {mchd.Powers{Codes: []mchd.Power{limited, {Code: "1"}}}, []string{"1"}, true, nil},
	} {
		known, err := (&mchd.PowerOfAttorney{Powers: c.powers}).CheckPowers(c.sufficient)
		require.ErrorIs(t, err, c.err, name)
		require.Equal(t, c.known, known, name)
	}
}

// Authority is delegated by the representative of a power of attorney that permits it, within its term
// and powers.
func TestDelegation(t *testing.T) {
	t.Parallel()
	original := given()
	original.Number, original.Delegable = parent, true
	delegated := given()
	delegated.Parent, delegated.Principal, delegated.Representatives = parent, agent, []pki.Subject{stranger}
	p := read(t, delegated)
	require.Equal(t, parent, p.Parent)
	require.Equal(t, agent.SNILS, p.Principals[0].Signer.SNILS)
	require.Equal(t, stranger.SNILS, p.Representatives[0].SNILS)
	require.NoError(t, p.CheckParent(read(t, original)))
	require.ErrorIs(t, p.CheckParent(nil), mchd.ErrDelegated)

	for name, change := range map[string]func(original, delegated *pki.PowerOfAttorney){
		"another original":     func(o, _ *pki.PowerOfAttorney) { o.Number = number },
		"it is forbidden":      func(o, _ *pki.PowerOfAttorney) { o.Delegable = false },
		"a longer term":        func(_, d *pki.PowerOfAttorney) { d.ExpiresOn = "2027-09-01" },
		"an earlier term":      func(_, d *pki.PowerOfAttorney) { d.IssuedOn = "2026-08-31" },
		"another person":       func(o, _ *pki.PowerOfAttorney) { o.Representatives = []pki.Subject{stranger} },
		"other powers":         func(_, d *pki.PowerOfAttorney) { d.Codes = []string{"02.114", "02.115"} },
		"it is delegated, too": func(o, _ *pki.PowerOfAttorney) { o.Parent = number; o.Principal = head },
	} {
		o, d := original, delegated
		change(&o, &d)
		require.ErrorIs(t, read(t, d).CheckParent(read(t, o)), mchd.ErrParent, name)
	}
	broken := bytes.ReplaceAll(delegated.XML(), []byte("<ПередПолн><ФЛПерПолн"), []byte("<ПередПолн><ФилПерПолн"))
	_, err := mchd.Read(bytes.ReplaceAll(broken, []byte("</ФЛПерПолн>"), []byte("</ФилПерПолн>")))
	require.ErrorIs(t, err, mchd.ErrPrincipalKind)
	_, err = mchd.Read(bytes.ReplaceAll(delegated.XML(), []byte(parent), []byte("1")))
	require.ErrorIs(t, err, mchd.ErrIncomplete)
	state, err := mchd.NoRegistry{}.State(t.Context(), number)
	require.NoError(t, err)
	require.Equal(t, mchd.NotChecked, state)
}
