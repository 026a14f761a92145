package paymentqr

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"

	"golang.org/x/text/encoding/charmap"
	"rsc.io/qr"
)

// Encoding is an encoding of the payload, by its digit in the standard.
type Encoding byte

// Encodings of a payload. The standard also has КОИ8-Р, which is not needed.
const (
	Windows1251 Encoding = '1'
	UTF8        Encoding = '2'
)

const (
	// head is the format and its version, after which comes the digit of the encoding.
	head = "ST0001"
	// maxMandatory is the length of the mandatory fields in bytes, from the separator before them on.
	maxMandatory = 300
	// mandatory is the number of these fields.
	mandatory = 5
)

// separators are those that the standard allows, the usual one first.
const separators = "|#;:^_~{}!$%&()*+,/@"

// Payload returns the bytes of a payment in an encoding, or in the first of the others in which it can be
// written if it cannot be in this one: windows-1251 takes half as many bytes as UTF-8, of which the
// mandatory fields have few, but has fewer characters. The error is *Error, of the last encoding.
func Payload(p Payment, encoding Encoding, others ...Encoding) (payload []byte, err error) {
	fields, err := p.written()
	if err != nil {
		return nil, err
	}
	separator, err := separatorOf(fields)
	if err != nil {
		return nil, err
	}
	for _, encoding := range append([]Encoding{encoding}, others...) {
		if payload, err = encode(fields, separator, encoding); err == nil {
			return payload, nil
		}
	}
	return nil, err
}

// separatorOf returns a separator that no value has.
func separatorOf(fields []field) (byte, error) {
	for _, candidate := range []byte(separators) {
		used := false
		for _, f := range fields {
			used = used || strings.IndexByte(f.value, candidate) >= 0
		}
		if !used {
			return candidate, nil
		}
	}
	return 0, &Error{"", "Реквизиты содержат все знаки, которыми разделяются поля QR-кода: уберите лишние знаки препинания."}
}

func encode(fields []field, separator byte, encoding Encoding) ([]byte, error) {
	payload := append([]byte(head), byte(encoding))
	start := len(payload)
	for i, f := range fields {
		value := []byte(f.value)
		if encoding == Windows1251 {
			var err error
			if value, err = charmap.Windows1251.NewEncoder().Bytes(value); err != nil {
				return nil, &Error{f.name, unwritable(f.value)}
			}
		}
		payload = append(append(append(payload, separator), f.name+"="...), value...)
		if length := len(payload) - start; i+1 == mandatory && length > maxMandatory {
			return nil, &Error{"", fmt.Sprintf("Наименования получателя и банка слишком длинны для QR-кода: обязательные реквизиты "+
				"занимают %d байт вместо %d. Сократите наименования.", length, maxMandatory)}
		}
	}
	return payload, nil
}

// unwritable names the first character that windows-1251 does not have.
func unwritable(value string) string {
	for _, r := range value {
		if _, has := charmap.Windows1251.EncodeRune(r); !has {
			return fmt.Sprintf("QR-код в кодировке windows-1251 не может содержать знак «%c».", r)
		}
	}
	return "Значение нельзя записать в кодировке windows-1251."
}

// Code is a QR code of level M: it can be read with 15 % of it damaged.
type Code struct{ modules *qr.Code }

// quietZone is the empty border in modules (ISO/IEC 18004 clause 9.1).
const quietZone = 4

// New returns the code of a payload. The error is *Error if the payload does not fit.
func New(payload []byte) (*Code, error) {
	code, err := qr.Encode(string(payload), qr.M)
	if err != nil {
		return nil, &Error{"", fmt.Sprintf("Платёж не помещается в QR-код: %d байт. Сократите назначение платежа.", len(payload))}
	}
	return &Code{code}, nil
}

// Size returns the number of modules of a side, without the quiet zone, which takes four more on each
// side.
func (c *Code) Size() int { return c.modules.Size }

// Black reports whether a module is black; x counts from the left, y from the top, both from 0.
func (c *Code) Black(x, y int) bool { return c.modules.Black(x, y) }

// SVG returns the code as an SVG with its quiet zone, one unit a module, so that it can be shown at any
// size. A screen reader reads the title.
func (c *Code) SVG(title string) []byte {
	var out bytes.Buffer
	side := c.Size() + 2*quietZone
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" shape-rendering="crispEdges">`, side, side)
	out.WriteString("<title>")
	_ = xml.EscapeText(&out, []byte(title)) // a buffer returns no errors
	fmt.Fprintf(&out, `</title><path fill="#fff" d="M0 0h%dv%dH0z"/><path d="`, side, side)
	for y := range c.Size() {
		for x := 0; x < c.Size(); x++ {
			from := x
			for c.Black(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&out, "M%d %dh%dv1h-%dz", from+quietZone, y+quietZone, x-from, x-from)
			}
		}
	}
	out.WriteString(`"/></svg>`)
	return out.Bytes()
}

// PNG returns the code with its quiet zone as a picture of eight pixels a module, for who cannot read it
// from the screen.
func (c *Code) PNG() []byte { return c.modules.PNG() }
