package cryptopro

import (
	"crypto/x509/pkix"
	"strings"
)

// labels are the attributes as Windows names them once КриптоПро CSP is installed.
var labels = map[string]string{
	"2.5.4.3": "CN", "2.5.4.4": "SN", "2.5.4.42": "G", "2.5.4.12": "T", "2.5.4.10": "O",
	"1.2.643.100.1": "ОГРН", "1.2.643.100.3": "СНИЛС", "1.2.643.100.4": "ИНН ЮЛ", "1.2.643.100.5": "ОГРНИП", "1.2.643.3.131.1.1": "ИНН",
}

// nameText returns a name as CAPICOM writes it: O="ООО ""Межа""", SN=Межевой.
func nameText(name pkix.Name) string {
	var parts []string
	for _, attribute := range name.Names {
		value, _ := attribute.Value.(string)
		if strings.ContainsAny(value, `,"+=<>;#`) {
			value = `"` + strings.ReplaceAll(value, `"`, `""`) + `"`
		}
		parts = append(parts, labels[attribute.Type.String()]+"="+value)
	}
	return strings.Join(parts, ", ")
}
