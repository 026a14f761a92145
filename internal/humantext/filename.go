package humantext

import (
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxFileName is the longest file name, in bytes, that common file systems accept.
const MaxFileName = 255

// Faults of file names, shown to the person.
const (
	noFileName       = "Укажите имя файла."
	reservedFileName = "Такое имя файла занято операционной системой. Переименуйте файл."
)

// FileName returns the name under which a file is stored and shown: the last element of the path,
// normalised by [Line], without trailing dots and spaces. If there is no usable name, fault is the
// message for the person.
func FileName(s string) (name, fault string) {
	if fault = Fault(s); fault != "" {
		return "", fault
	}
	name = path.Base(strings.ReplaceAll(Line(s), `\`, "/"))
	name = strings.TrimLeft(strings.TrimRight(name, ". "), " ")
	if !Filled(strings.Trim(name, "/._ ")) {
		return "", noFileName
	}
	if isReserved(name) {
		return "", reservedFileName
	}
	return name, ""
}

// isReserved reports whether Windows opens a device under this name, whatever follows a dot or a
// colon.
func isReserved(name string) bool {
	stem := strings.ToUpper(name)
	if end := strings.IndexAny(stem, ".:"); end >= 0 {
		stem = stem[:end]
	}
	stem = strings.TrimRight(stem, " ")
	if slices.Contains([]string{"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}, stem) {
		return true
	}
	last, size := utf8.DecodeLastRuneInString(stem)
	base := stem[:len(stem)-size]
	return (base == "COM" || base == "LPT") && strings.ContainsRune("0123456789¹²³", last)
}

// ShortFileName returns the name shortened to at most [MaxFileName] bytes: whole characters are cut
// from the end of its stem and its extension stays.
func ShortFileName(name string) string {
	if len(name) <= MaxFileName {
		return name
	}
	extension := path.Ext(name)
	if len(extension) > 32 {
		extension = ""
	}
	stem := name[:MaxFileName-len(extension)]
	for !utf8.ValidString(stem) {
		stem = stem[:len(stem)-1]
	}
	return strings.TrimRight(stem, " .") + extension
}
