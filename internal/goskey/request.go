package goskey

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"regexp"
	"time"
	"unicode/utf8"
)

// The limits of the specification «Отправка документов на подпись в Госключ».
const (
	// MaxDocument is the largest size of the document in bytes.
	MaxDocument = 100_000_000
	// MaxTerm is the longest time that a person has for his signature.
	MaxTerm = 24 * time.Hour

	maxText     = 250 // characters of a description, a name and an address
	maxFileName = 50  // characters
)

// Signatory is who is to sign.
type Signatory struct {
	// SNILS is that of the person, of the entrepreneur or of the head, «123-456-789 00».
	SNILS string
	// OGRN is that of the organisation (13 digits) for which he signs, or his own as an entrepreneur
	// (15 digits); empty if he signs as a natural person.
	OGRN string
}

// service is a service of ЕПГУ with the namespace of its requests, for УКЭП.
type service struct{ code, namespace string }

// service returns the service for the kind of the signatory. УНЭП is legal only for parties that have
// agreed on it (63-ФЗ, статья 6, часть 2), so it is never asked for.
func (s Signatory) service() service {
	if s.OGRN == "" {
		return service{"10000000374", "urn://mpkey.gosuslugi.ru/sign_document_ukep/1.0.0"}
	}
	return service{"60025907", "urn://mpkey.gosuslugi.ru/sign_document_ukep_legalperson/1.0.0"}
}

// Request is one document for one person.
type Request struct {
	Signatory Signatory
	// Description is what the person reads in the application, up to 250 characters.
	Description string
	// Backlink is where the application offers to go after the signature, up to 250 characters; may
	// be empty.
	Backlink string
	// Expires is until when he may sign, at most 24 hours from now.
	Expires time.Time
	// FileName is the name of the document, with which its signature is named too: doc.pdf.
	FileName string
	Document []byte
}

var (
	snilsPattern = regexp.MustCompile(`^\d{3}-\d{3}-\d{3} \d{2}$`)
	ogrnPattern  = regexp.MustCompile(`^(\d{13}|\d{15})?$`)
	namePattern  = regexp.MustCompile(`^[A-Za-zА-Яа-яЁё0-9_.,]+\.(pdf|tif|jpg|xml|txt)$`)
)

// check returns an error if the request breaks a limit: ЕПГУ would take it and refuse it minutes
// later.
func (r Request) check(now time.Time) error {
	switch {
	case !snilsPattern.MatchString(r.Signatory.SNILS):
		return failure(CodeRequest, "the СНИЛС has not the form of the specification")
	case !ogrnPattern.MatchString(r.Signatory.OGRN):
		return failure(CodeRequest, "the ОГРН has not 13 or 15 digits")
	case r.Description == "" || utf8.RuneCountInString(r.Description) > maxText:
		return failure(CodeRequest, "the description must have 1 to %d characters", maxText)
	case utf8.RuneCountInString(r.Backlink) > maxText:
		return failure(CodeRequest, "the address to return to is longer than %d characters", maxText)
	case !r.Expires.After(now) || r.Expires.Sub(now) > MaxTerm:
		return failure(CodeRequest, "the term must be in the next %s", MaxTerm)
	case utf8.RuneCountInString(r.FileName) > maxFileName || !namePattern.MatchString(r.FileName):
		return failure(CodeDocument, "the name of the document is not one of the specification")
	case len(r.Document) == 0 || len(r.Document) > MaxDocument:
		return failure(CodeDocument, "the document must have 1 to %d bytes", MaxDocument)
	}
	return nil
}

// moscow is written as an offset, as the specification asks for.
var moscow = time.FixedZone("MSK", 3*60*60)

// document is req.xml.
type document struct {
	XMLName    xml.Name
	SNILS      string        `xml:"Snils,omitempty"`
	Legal      *organisation `xml:"RFOrg"`
	Backlink   string        `xml:"Backlink,omitempty"`
	Expires    string        `xml:"SignExpiration"`
	About      string        `xml:"Description"`
	Attributes []attribute   `xml:"Attribute"`
}

type organisation struct {
	SNILS string `xml:"Snils"`
	OGRN  string `xml:"OGRN"`
}

type attribute struct {
	Name  string `xml:"AttributeName"`
	Value string `xml:"AttributeValue"`
}

// xml returns req.xml: the order of its elements is that of the schema.
func (r Request) xml(c Config) ([]byte, error) {
	d := document{
		XMLName:  xml.Name{Space: r.Signatory.service().namespace, Local: "SignRequest"},
		SNILS:    r.Signatory.SNILS,
		Backlink: r.Backlink, Expires: r.Expires.In(moscow).Format("2006-01-02T15:04:05.000-07:00"), About: r.Description,
		Attributes: []attribute{{"orgName", c.SenderName}, {"orgINN", c.SenderINN}},
	}
	if r.Signatory.OGRN != "" {
		d.SNILS, d.Legal = "", &organisation{r.Signatory.SNILS, r.Signatory.OGRN}
	}
	encoded, err := xml.Marshal(d)
	if err != nil {
		return nil, failure(CodeRequest, "encoding the request: %w", err)
	}
	return append([]byte(xml.Header), encoded...), nil
}

// member is a file of the archive.
type member struct {
	name    string
	content []byte
}

// archive returns the ZIP of the members. It is flat, and a document that is a PDF gains nothing from
// compression.
func archive(members []member) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, m := range members {
		entry, err := w.CreateHeader(&zip.FileHeader{Name: m.name, Method: zip.Store})
		if err == nil {
			_, err = entry.Write(m.content)
		}
		if err != nil {
			return nil, failure(CodeRequest, "packing the request: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, failure(CodeRequest, "packing the request: %w", err)
	}
	return out.Bytes(), nil
}
