package humantext

import (
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxFileName is how many bytes of a name the usual file systems keep.
const MaxFileName = 255

// Faults of file names, for the person.
const (
	noFileName       = "Укажите имя файла."
	reservedFileName = "Такое имя файла занято операционной системой. Переименуйте файл."
)

// FileName is the name under which a file is kept and shown: the last element of the path, as a [Line], without dots and spaces at its end.
// fault says why there is none.
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

// isReserved: Windows opens a device under these names, whatever follows a dot or a colon.
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

// ShortFileName is a name of at most [MaxFileName] bytes: its extension stays, whole characters go from the end of its stem.
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
