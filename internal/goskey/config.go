package goskey

import (
	"errors"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// Config holds the addresses of ЕПГУ and ЕСИА and the identity of the platform there.
type Config struct {
	// EPGU and ESIA are origins without a path: https://www.gosuslugi.ru and
	// https://esia.gosuslugi.ru, or those of the test circuit.
	EPGU, ESIA string
	// APIKey is the key that ЕСИА issued to the platform's system; a signature of it gets a token.
	APIKey string
	// Region is the ОКАТО code of the platform's place, 2 to 11 digits.
	Region string
	// SenderName and SenderINN are shown to the signer: who sends the document.
	SenderName, SenderINN string
	// Timeout bounds one call, with the upload of one part of 5 MB.
	Timeout time.Duration
}

var (
	okato = regexp.MustCompile(`^\d{2,11}$`)
	inn   = regexp.MustCompile(`^(\d{10}|\d{12})$`)
)

// Validate returns a joined error with everything that is wrong with the configuration.
func (c Config) Validate() error {
	var problems []error
	add := func(wrong bool, text string) {
		if wrong {
			problems = append(problems, errors.New("goskey: "+text))
		}
	}
	add(!isOrigin(c.EPGU), "the address of ЕПГУ must be http(s)://host")
	add(!isOrigin(c.ESIA), "the address of ЕСИА must be http(s)://host")
	add(c.APIKey == "", "the API key is empty")
	add(!okato.MatchString(c.Region), "the region must be an ОКАТО code of digits")
	add(c.SenderName == "" || len([]rune(c.SenderName)) > maxText, "the sender's name must have 1 to 250 characters")
	add(!inn.MatchString(c.SenderINN), "the sender's ИНН must have 10 or 12 digits")
	add(c.Timeout <= 0, "the timeout must be positive")
	return errors.Join(problems...)
}

func isOrigin(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") && u.User == nil &&
		strings.Trim(u.Path, "/") == "" && u.RawQuery == "" && u.Fragment == ""
}
