package mchd

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// MaxSize is the size in bytes of the largest power of attorney that is read; a long one has 50 kB.
const MaxSize = 512 << 10

const (
	maxDepth    = 32
	maxElements = 20_000
)

// The parts of the schema that are read.
type (
	xmlFile struct {
		XMLName   xml.Name
		Version   string        `xml:"ВерсФорм,attr"`
		ID        string        `xml:"ИдФайл,attr"`
		Direct    *xmlDirect    `xml:"Документ>Довер"`
		Delegated *xmlDelegated `xml:"Документ>Передов"`
	}
	xmlDirect struct {
		About           xmlAbout            `xml:"СвДов"`
		Principals      []xmlPrincipal      `xml:"СвДоверит"`
		Representatives []xmlRepresentative `xml:"СвУпПред"`
		Powers          xmlPowers           `xml:"СвПолн"`
	}
	xmlDelegated struct {
		Original struct {
			Number string `xml:"НомДоверПерв,attr"`
		} `xml:"СвПервДовер"`
		Previous *struct {
			Number string `xml:"НомДоверN,attr"`
		} `xml:"СвПередов"`
		About           xmlAbout            `xml:"СвПереДовер"`
		Principals      []xmlDelegator      `xml:"СвПередПолн"`
		Representatives []xmlRepresentative `xml:"СвПолучПолн"`
		Powers          xmlPowers           `xml:"СвПолн"`
	}
	xmlAbout struct {
		Number         string `xml:"НомДовер,attr"`
		InternalNumber string `xml:"ВнНомДовер,attr"`
		IssuedOn       string `xml:"ДатаВыдДовер,attr"`
		ExpiresOn      string `xml:"СрокДейст,attr"`
		Delegation     string `xml:"ПрПередов,attr"` // 1: none, 2: once, 3: further too
		Registry       string `xml:"СведСист"`
	}
	xmlPrincipal struct {
		Given struct {
			Organisation *xmlOrganisation `xml:"РосОргДовер"`
			Entrepreneur *xmlEntrepreneur `xml:"ИПДовер"`
			Person       *xmlPerson       `xml:"ФЛДовер"`
		} `xml:"Доверит"`
	}
	xmlDelegator struct {
		Given struct {
			Entrepreneur *xmlEntrepreneur `xml:"ИППерПолн"`
			Person       *xmlPerson       `xml:"ФЛПерПолн"`
		} `xml:"ПередПолн"`
	}
	xmlOrganisation struct {
		About struct {
			Name string `xml:"НаимОрг,attr"`
			INN  string `xml:"ИННЮЛ,attr"`
			OGRN string `xml:"ОГРН,attr"`
		} `xml:"СвРосОрг"`
		Heads []xmlHead `xml:"ЛицоБезДов"`
	}
	xmlHead struct {
		Together string      `xml:"ПолнЮЛ,attr"` // 1: alone, 2: with others
		People   []xmlPerson `xml:"СвФЛ"`
	}
	xmlEntrepreneur struct {
		Name   string `xml:"НаимИП,attr"`
		OGRNIP string `xml:"ОГРНИП,attr"`
		xmlPerson
	}
	xmlPerson struct {
		INN      string `xml:"ИННФЛ,attr"`
		SNILS    string `xml:"СНИЛС,attr"`
		Position string `xml:"Должность,attr"`
		About    struct {
			Name struct {
				Surname    string `xml:"Фамилия,attr"`
				Name       string `xml:"Имя,attr"`
				Patronymic string `xml:"Отчество,attr"`
			} `xml:"ФИО"`
		} `xml:"СведФЛ"`
	}
	xmlRepresentative struct {
		Given struct {
			Person       *xmlPerson       `xml:"СведФизЛ"`
			Entrepreneur *xmlEntrepreneur `xml:"СведИП"`
		} `xml:"Пред"`
	}
	xmlPowers struct {
		Text  string `xml:"ТекстПолн"`
		Codes []struct {
			Code   string `xml:"КодПолн,attr"`
			Name   string `xml:"НаимПолн,attr"`
			Limits []struct {
				Name      string `xml:"НаимОгр,attr"`
				ValueName string `xml:"НаимЗначОгр,attr"`
				Code      string `xml:"КодЗначОгр"`
				Text      string `xml:"ТексЗначОгр"`
			} `xml:"ОгрСвПолн"`
		} `xml:"МашПолн"`
	}
)

// single are the elements that are read and may stand once in another one. encoding/xml would merge
// two of them; other programs take the first, or the last.
var single = map[string]bool{
	"Документ": true, "Довер": true, "Передов": true, "СвДов": true, "СвПереДовер": true, "СвПервДовер": true, "СвПередов": true,
	"Доверит": true, "РосОргДовер": true, "ИПДовер": true, "ФЛДовер": true, "СвРосОрг": true,
	"ПередПолн": true, "ИППерПолн": true, "ФЛПерПолн": true, "Пред": true, "СведФизЛ": true, "СведИП": true, "СведФЛ": true, "ФИО": true,
	"СвПолн": true, "ТекстПолн": true, "КодЗначОгр": true, "ТексЗначОгр": true, "СведСист": true,
}

// unmarshal reads XML within the limits. The errors are ErrTooLarge, ErrNotPowerOfAttorney and
// ErrIncomplete.
func unmarshal(file []byte, into any) error {
	if len(file) > MaxSize {
		return ErrTooLarge
	}
	decoder := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))))
	decoder.CharsetReader = charset
	tokens := xml.NewTokenDecoder(&limited{tokens: decoder})
	err := tokens.Decode(into)
	for err == nil { // also what follows the root
		_, err = tokens.Token()
	}
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case errors.Is(err, ErrTooLarge), errors.Is(err, ErrIncomplete):
		return err
	default:
		return fmt.Errorf("%w: %w", ErrNotPowerOfAttorney, err)
	}
}

func charset(label string, input io.Reader) (io.Reader, error) {
	switch strings.ToLower(label) {
	case "windows-1251", "cp1251":
		return charmap.Windows1251.NewDecoder().Reader(input), nil
	default:
		return nil, fmt.Errorf("the encoding %.40q is not accepted", label)
	}
}

// limited passes the tokens of XML on within the limits. Declarations of types and entities are
// refused.
type limited struct {
	tokens   *xml.Decoder
	open     []map[string]bool // the names of the children of each open element
	elements int
}

// Token returns the next token.
func (l *limited) Token() (xml.Token, error) {
	token, err := l.tokens.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case xml.Directive:
		return nil, errors.New("it has a declaration of a type")
	case xml.EndElement:
		l.open = l.open[:len(l.open)-1]
	case xml.StartElement:
		if err := l.enter(t); err != nil {
			return nil, err // with a token, the reader would go on
		}
	}
	return token, nil
}

func (l *limited) enter(e xml.StartElement) error {
	if l.elements++; l.elements > maxElements || len(l.open) == maxDepth {
		return ErrTooLarge
	}
	attributes := make(map[xml.Name]bool, len(e.Attr))
	for _, a := range e.Attr {
		if attributes[a.Name] {
			return fmt.Errorf("%w: %.40q is there twice", ErrIncomplete, a.Name.Local)
		}
		attributes[a.Name] = true
	}
	if last := len(l.open) - 1; last >= 0 {
		if l.open[last][e.Name.Local] && single[e.Name.Local] {
			return fmt.Errorf("%w: %.40q is there twice", ErrIncomplete, e.Name.Local)
		}
		l.open[last][e.Name.Local] = true
	} else if l.elements > 1 {
		return errors.New("it has several roots")
	}
	l.open = append(l.open, map[string]bool{})
	return nil
}
