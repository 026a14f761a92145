// Package banks reads the directory of БИК that the Bank of Russia publishes: the message ED807 of
// the format УФЭБС, an XML file in windows-1251.
//
// Read accepts a whole directory or nothing: a file that is broken, truncated, in another encoding
// or only a list of changes is refused with a Russian error for the operator. It does no I/O
// besides reading its argument, and it keeps in memory only the entries, never the file.
package banks

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"epkr/internal/humantext"
	"epkr/internal/requisites"
)

// Bank is one participant of the payment system of the Bank of Russia.
type Bank struct {
	BIC  string // 9 digits
	Name string
	// Place is the locality, «г. Москва»; empty if the directory gives none.
	Place string
	// CorrespondentAccount is the correspondent account, or the single treasury account of a body of
	// the Treasury; empty if there is none.
	CorrespondentAccount string
}

// Directory is a whole directory.
type Directory struct {
	// AsOf is the date of the message, midnight UTC.
	AsOf  time.Time
	Banks []Bank
	// Unchecked are the БИК whose account has a wrong control digit. They are kept without it.
	Unchecked []string
}

const (
	// maxBytes and maxEntries bound what one file may hold; the real one has 2 MB and some 1,500 entries.
	maxBytes   = 64 << 20
	maxEntries = 100_000
	maxName    = 300
)

var (
	errTooLong   = errors.New("Файл больше 64 МБ: это не справочник БИК.")
	errEncoding  = errors.New("Наименования в файле не читаются: кодировка не та, что в нём указана (ожидается windows-1251).")
	errNotED807  = errors.New("Это не справочник БИК: ожидается файл XML с элементом ED807.")
	errChanges   = errors.New("В файле только изменения справочника. Нужен полный справочник (InfoTypeCode FIRR).")
	errNoDate    = errors.New("В файле нет даты справочника (EDDate).")
	errTooMany   = fmt.Errorf("В файле больше %d записей: это не справочник БИК.", maxEntries)
	errTruncated = errors.New("Файл обрывается на середине. Скачайте его заново.")
)

// entry is the element BICDirectoryEntry.
type entry struct {
	BIC         string `xml:"BIC,attr"`
	Participant struct {
		Name   string `xml:"NameP,attr"`
		Type   string `xml:"Tnp,attr"`
		Place  string `xml:"Nnp,attr"`
		Status string `xml:"ParticipantStatus,attr"`
	} `xml:"ParticipantInfo"`
	Accounts []struct {
		Number string `xml:"Account,attr"`
		Kind   string `xml:"RegulationAccountType,attr"`
		Status string `xml:"AccountStatus,attr"`
	} `xml:"Accounts"`
}

// The codes of the directory that the platform uses.
const (
	infoFull           = "FIRR"
	participantDeleted = "PSDL"
	accountDeleted     = "ACDL"
	accountOfBank      = "CRSA" // correspondent account
	accountOfTreasury  = "UTRA" // single treasury account
)

// Read reads a whole directory. Its errors are Russian sentences for the operator.
func Read(from io.Reader) (Directory, error) {
	limited := &limitedReader{from: from, left: maxBytes}
	directory, err := read(limited)
	if limited.exceeded {
		return Directory{}, errTooLong
	}
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &syntax) && strings.Contains(syntax.Msg, "unexpected EOF"):
		return Directory{}, errTruncated
	case errors.As(err, &syntax) && strings.Contains(syntax.Msg, "invalid UTF-8"):
		return Directory{}, errEncoding
	case errors.As(err, &syntax):
		return Directory{}, fmt.Errorf("Файл не читается как XML: строка %d.", syntax.Line)
	}
	return directory, err
}

func read(from io.Reader) (Directory, error) {
	decoder := xml.NewDecoder(from)
	decoder.CharsetReader = charset
	directory, err := readRoot(decoder)
	if err != nil {
		return Directory{}, err
	}
	seen := map[string]bool{}
	for {
		token, err := decoder.Token()
		if err != nil {
			return Directory{}, err
		}
		switch element := token.(type) {
		case xml.EndElement: // of the root: the elements inside are decoded or skipped whole
			return directory, nil
		case xml.StartElement:
			if element.Name.Local != "BICDirectoryEntry" {
				if err := decoder.Skip(); err != nil {
					return Directory{}, err
				}
				continue
			}
			var one entry
			if err := decoder.DecodeElement(&one, &element); err != nil {
				return Directory{}, err
			}
			if len(directory.Banks) == maxEntries {
				return Directory{}, errTooMany
			}
			if err := directory.add(one, seen); err != nil {
				return Directory{}, err
			}
		}
	}
}

// readRoot reads up to the root element and checks what it says of the file.
func readRoot(decoder *xml.Decoder) (directory Directory, err error) {
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return directory, errNotED807
		}
		if err != nil {
			return directory, err
		}
		switch element := token.(type) {
		case xml.Directive: // a document type could define entities
			return directory, errNotED807
		case xml.StartElement:
			if element.Name.Local != "ED807" {
				return directory, errNotED807
			}
			for _, attribute := range element.Attr {
				switch attribute.Name.Local {
				case "EDDate":
					directory.AsOf, err = time.Parse(time.DateOnly, attribute.Value)
				case "InfoTypeCode":
					if attribute.Value != infoFull {
						return directory, errChanges
					}
				}
			}
			if err != nil || directory.AsOf.IsZero() {
				return directory, errNoDate
			}
			return directory, nil
		}
	}
}

// add appends an entry. It skips participants that left the payment system.
func (d *Directory) add(one entry, seen map[string]bool) error {
	if one.Participant.Status == participantDeleted {
		return nil
	}
	bic, err := requisites.BIC(one.BIC)
	if err != nil || bic != one.BIC {
		return fmt.Errorf("Неверный БИК в справочнике: %q.", shortened(one.BIC))
	}
	if seen[bic] {
		return fmt.Errorf("БИК %s указан в справочнике дважды.", bic)
	}
	seen[bic] = true
	bank := Bank{BIC: bic, Name: humantext.Line(one.Participant.Name), Place: place(one.Participant.Type, one.Participant.Place)}
	switch {
	case !readable(bank.Name) || !readable(bank.Place):
		return errEncoding
	case !humantext.Filled(bank.Name) || utf8.RuneCountInString(bank.Name) > maxName || utf8.RuneCountInString(bank.Place) > maxName:
		return fmt.Errorf("У БИК %s нет наименования, или оно слишком длинное.", bic)
	}
	for _, account := range one.Accounts {
		if account.Status == accountDeleted || account.Kind != accountOfBank && account.Kind != accountOfTreasury || bank.CorrespondentAccount != "" {
			continue
		}
		number, err := requisites.CorrespondentAccount(account.Number, bic)
		if err != nil {
			d.Unchecked = append(d.Unchecked, bic)
			continue
		}
		bank.CorrespondentAccount = number
	}
	d.Banks = append(d.Banks, bank)
	return nil
}

func place(kind, name string) string {
	kind, name = humantext.Line(kind), humantext.Line(name)
	if kind == "" || name == "" {
		return name
	}
	return strings.TrimSuffix(kind, ".") + ". " + name
}

// readable reports whether a text was decoded by the right encoding: it has no replacement
// characters, and it is no UTF-8 that was read as windows-1251.
func readable(text string) bool {
	if strings.ContainsRune(text, utf8.RuneError) {
		return false
	}
	bytes, err := charmap.Windows1251.NewEncoder().String(text)
	return err != nil || !utf8.ValidString(bytes) || utf8.RuneCountInString(bytes) == len(bytes)
}

func charset(label string, input io.Reader) (io.Reader, error) {
	if strings.EqualFold(label, "windows-1251") || strings.EqualFold(label, "cp1251") {
		return charmap.Windows1251.NewDecoder().Reader(input), nil
	}
	return nil, fmt.Errorf("Файл в кодировке %q. Ожидается windows-1251.", shortened(label))
}

func shortened(text string) string {
	const longest = 40
	if runes := []rune(text); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return text
}

// limitedReader fails after left bytes, unlike io.LimitReader, which ends.
type limitedReader struct {
	from     io.Reader
	left     int
	exceeded bool
}

func (r *limitedReader) Read(p []byte) (int, error) {
	if r.left <= 0 {
		r.exceeded = true
		return 0, errTooLong
	}
	n, err := r.from.Read(p[:min(len(p), r.left)])
	r.left -= n
	return n, err //nolint:wrapcheck // an error of the caller's reader
}
