package goskey

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"epkr/internal/cms"
)

// namespaces are those of the requests for УКЭП, by the code of the service.
var namespaces = map[string]string{
	"10000000374": "urn://mpkey.gosuslugi.ru/sign_document_ukep/1.0.0",
	"60025907":    "urn://mpkey.gosuslugi.ru/sign_document_ukep_legalperson/1.0.0",
}

// request is req.xml.
type request struct {
	XMLName xml.Name
	SNILS   string `xml:"Snils"`
	Legal   struct {
		SNILS string `xml:"Snils"`
		OGRN  string `xml:"OGRN"`
	} `xml:"RFOrg"`
	Expiration  string `xml:"SignExpiration"`
	Description string `xml:"Description"`
	Attributes  []struct {
		Name  string `xml:"AttributeName"`
		Value string `xml:"AttributeValue"`
	} `xml:"Attribute"`

	Expires time.Time `xml:"-"`
}

func (r request) snils() string { return r.SNILS + r.Legal.SNILS }

// sender returns who sends the document.
func (r request) sender() string {
	for _, a := range r.Attributes {
		if a.Name == "orgName" {
			return a.Value
		}
	}
	return ""
}

// file is a file of an archive.
type file struct {
	name    string
	content []byte
}

const (
	maxArchive = 110_000_000 // bytes of all documents with the request and signatures
	longest    = 24 * time.Hour
)

var (
	nameForm  = regexp.MustCompile(`^[A-Za-zА-Яа-яЁё0-9_.,]{1,50}$`)
	snilsForm = regexp.MustCompile(`^\d{3}-\d{3}-\d{3} \d{2}$`)
	ogrnForm  = regexp.MustCompile(`^(\d{13}|\d{15})$`)
	innForm   = regexp.MustCompile(`^(\d{10}|\d{12})$`)
)

// open reads an archive. fault is the code with which ЕПГУ refuses it, "" if it is right.
func (s *Server) open(service string, archive []byte) (r request, document file, fault string) {
	files, err := unpack(archive)
	if err != nil {
		return r, document, "INVALID_FILES_STRUCTURE"
	}
	text, found := files["req.xml"]
	if !found {
		return r, document, "REQ_NOT_FOUND"
	}
	if xml.Unmarshal(text, &r) != nil || !r.check(service, s.now()) {
		return r, document, "VALIDATION_ERROR"
	}
	for name, content := range files {
		if strings.HasSuffix(name, ".sig") {
			continue
		}
		if s.verify(content, files[name+".sig"]) != nil {
			return r, document, "FILES_VERIFICATION_FAILED"
		}
		if name != "req.xml" {
			document = file{name, content}
		}
	}
	if len(files) != 4 || document.name == "" || len(document.content) == 0 {
		return r, document, "VALIDATION_ERROR"
	}
	return r, document, ""
}

// check reports whether the request follows the specification, and reads its term.
func (r *request) check(service string, now time.Time) bool {
	var err error
	r.Expires, err = time.Parse("2006-01-02T15:04:05.000-07:00", r.Expiration)
	legal := service == "60025907"
	values := map[string]string{}
	for _, a := range r.Attributes {
		values[a.Name] = a.Value
	}
	return err == nil && strings.HasSuffix(r.Expiration, "+03:00") && r.Expires.After(now) && r.Expires.Sub(now) <= longest &&
		r.XMLName.Local == "SignRequest" && r.XMLName.Space == namespaces[service] &&
		snilsForm.MatchString(r.snils()) && legal == ogrnForm.MatchString(r.Legal.OGRN) && legal == (r.SNILS == "") &&
		r.Description != "" && utf8.RuneCountInString(r.Description) <= 250 &&
		values["orgName"] != "" && innForm.MatchString(values["orgINN"])
}

var errArchive = errors.New("the archive is not one of the specification")

// unpack reads a flat ZIP.
func unpack(archive []byte) (map[string][]byte, error) {
	reader, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, err
	}
	files, left := map[string][]byte{}, int64(maxArchive)
	for _, entry := range reader.File {
		if !nameForm.MatchString(entry.Name) || files[entry.Name] != nil {
			return nil, errArchive
		}
		opened, err := entry.Open()
		if err != nil {
			return nil, err
		}
		content, err := io.ReadAll(io.LimitReader(opened, left+1))
		opened.Close()
		if left -= int64(len(content)); err != nil || left < 0 {
			return nil, errArchive
		}
		files[entry.Name] = content
	}
	return files, nil
}

// verify checks a detached signature by the platform's certificate, which must be CAdES-BES.
func (s *Server) verify(data, signature []byte) error {
	read, err := cms.Read(signature)
	if err != nil {
		return err
	}
	if !read.NamesCertificate || !bytes.Equal(read.Certificate.Raw, s.config.Certificate.Raw) {
		return errArchive
	}
	h := read.NewHash()
	h.Write(data)
	return read.Verify(h.Sum(nil))
}
