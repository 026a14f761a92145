package requisites

import (
	"net/url"
	"strings"
	"unicode"
)

// KindWebsite is the kind of an address of a website.
const KindWebsite Kind = "website"

// Website returns the normal form of an address of a website: https://example.ru/path. The scheme may
// be missing; only https is accepted, without a user name or a port, at most 300 bytes.
func Website(s string) (string, error) {
	const expected = "Ожидается адрес вида example.ru или https://example.ru: принимаются только ссылки https."
	s, err := clean(KindWebsite, "Сайт", s, expected)
	if err != nil {
		return "", err
	}
	if len(s) > 300 {
		return "", fault(KindWebsite, CodeTooLong, "Сайт: слишком длинный адрес. "+expected)
	}
	if strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r) || r == '\\' || r == '"' || r == '<' || r == '>'
	}) {
		return "", fault(KindWebsite, CodeCharacters, "Сайт: адрес содержит пробелы или недопустимые символы. "+expected)
	}
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	address, err := url.Parse(s)
	if err != nil || address.Scheme != "https" || address.User != nil || address.Port() != "" || !isDomainName(address.Hostname()) ||
		strings.Contains(address.Host, "%") {
		return "", fault(KindWebsite, CodeForm, "Сайт: неверный вид адреса. "+expected)
	}
	_, rest, _ := strings.Cut(s, "://")
	host, tail := rest, ""
	if at := strings.IndexAny(rest, "/?#"); at >= 0 {
		host, tail = rest[:at], rest[at:]
	}
	return strings.TrimSuffix(address.Scheme+"://"+strings.ToLower(host)+tail, "/"), nil
}
