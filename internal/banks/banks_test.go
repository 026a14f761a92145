package banks_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/charmap"

	"epkr/internal/acceptance"
	"epkr/internal/banks"
)

const root = `<ED807 xmlns="urn:cbr-ru:ed:v2.0" EDDate="2026-03-01" InfoTypeCode="FIRR">`

// file returns a file in windows-1251 with these elements.
func file(t *testing.T, root string, elements ...string) []byte {
	t.Helper()
	text := `<?xml version="1.0" encoding="windows-1251"?>` + root + strings.Join(elements, "\n") + `</ED807>`
	encoded, err := charmap.Windows1251.NewEncoder().String(text)
	require.NoError(t, err)
	return []byte(encoded)
}

func entry(bic, more string) string {
	return `<BICDirectoryEntry BIC="` + bic + `"><ParticipantInfo NameP="АО «Банк»" Rgn="45" Tnp="г" Nnp="Москва" PtType="20" ParticipantStatus="PSAC"/>` + more + `</BICDirectoryEntry>`
}

const (
	bic     = "044525225"
	account = `<Accounts Account="30101810400000000225" RegulationAccountType="CRSA" AccountStatus="ACAC"/>`
)

func TestWholeDirectoryIsRead(t *testing.T) {
	acceptance.Covers(t, "R-CUST-2")
	d, err := banks.Read(bytes.NewReader(file(
		t, root,
		`<PartInfo PartNo="1"/>`, entry(bic, `<SWBICS SWBIC="XXXXRUMM"/>`+account),
		entry("044525000", ""),
		strings.Replace(entry("044525999", account), "PSAC", "PSDL", 1),
		entry("044525700", strings.Replace(account, "30101810400000000225", "30101810400000000700", 1)),
		entry("044525701", strings.Replace(account, "ACAC", "ACDL", 1)),
		entry("004525988", `<Accounts Account="03100643000000017300" RegulationAccountType="TRSA"/><Accounts Account="40102810545370000003" RegulationAccountType="UTRA"/>`),
	)))
	require.NoError(t, err)
	require.Equal(t, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), d.AsOf)
	bank := func(bic, account string) banks.Bank {
		return banks.Bank{BIC: bic, Name: "АО «Банк»", Place: "г. Москва", CorrespondentAccount: account}
	}
	require.Equal(t, []banks.Bank{
		bank(bic, "30101810400000000225"), bank("044525000", ""), bank("044525700", ""), bank("044525701", ""), bank("004525988", "40102810545370000003"),
	}, d.Banks)
	require.Equal(t, []string{"044525700"}, d.Unchecked, "a wrong account is left out and named")
}

func TestFixtureOfDevelopmentIsADirectory(t *testing.T) {
	opened, err := os.Open("../../dev/synthetic/banks.xml")
	require.NoError(t, err)
	defer opened.Close()
	d, err := banks.Read(opened)
	require.NoError(t, err)
	require.Len(t, d.Banks, 20)
	require.Empty(t, d.Unchecked)
}

func TestEveryOtherFileIsRefused(t *testing.T) {
	acceptance.Covers(t, "R-CUST-2")
	good := file(t, root, entry(bic, account))
	var many bytes.Buffer
	many.WriteString(root)
	for i := range 100_001 {
		fmt.Fprintf(&many, `<BICDirectoryEntry BIC="04%07d"><ParticipantInfo NameP="A"/></BICDirectoryEntry>`, i)
	}
	utf8 := []byte(`<?xml version="1.0" encoding="windows-1251"?>` + root + entry(bic, account) + `</ED807>`)
	for name, c := range map[string]struct {
		file []byte
		says string
	}{
		"empty":                  {nil, "не справочник"},
		"another XML":            {[]byte(`<html><body/></html>`), "не справочник"},
		"no XML":                 {[]byte("БИК;Наименование"), "не"},
		"truncated":              {good[:len(good)-60], "обрывается"},
		"truncated at the end":   {good[:len(good)-8], "обрывается"},
		"broken":                 {bytes.Replace(good, []byte("</BICDirectoryEntry>"), []byte("</Other>"), 1), "не читается как XML"},
		"changes only":           {bytes.Replace(good, []byte("FIRR"), []byte("SIRR"), 1), "только изменения"},
		"no date":                {bytes.Replace(good, []byte("2026-03-01"), []byte("01.03.2026"), 1), "нет даты"},
		"UTF-8 read as 1251":     {utf8, "кодировка"},
		"1251 declared as UTF-8": {bytes.Replace(good, []byte("windows-1251"), []byte("UTF-8"), 1), "кодировка"},
		"another encoding":       {bytes.Replace(good, []byte("windows-1251"), []byte("koi8-r"), 1), "koi8-r"},
		"wrong БИК":              {file(t, root, entry("94452522", "")), "Неверный БИК"},
		"twice":                  {file(t, root, entry(bic, ""), entry(bic, "")), "дважды"},
		"no name":                {bytes.Replace(good, []byte("NameP"), []byte("Other"), 1), "нет наименования"},
		"entities":               {file(t, `<!DOCTYPE ED807 [<!ENTITY a "aaaa">]>`+root, entry(bic, "")), "не справочник"},
		"too many entries":       {many.Bytes(), "больше 100000"},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := banks.Read(bytes.NewReader(c.file))
			require.ErrorContains(t, err, c.says)
			require.Empty(t, d.Banks)
		})
	}
}

// endless is a file without end.
type endless struct{ begun bool }

func (e *endless) Read(p []byte) (int, error) {
	if !e.begun {
		e.begun = true
		return copy(p, root+`<!-- `), nil
	}
	return copy(p, bytes.Repeat([]byte("bomb "), len(p)/5+1)), nil
}

func TestEndlessFileIsRefused(t *testing.T) {
	acceptance.Covers(t, "R-CUST-2")
	_, err := banks.Read(&endless{})
	require.ErrorContains(t, err, "больше 64 МБ")
}
