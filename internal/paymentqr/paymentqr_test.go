package paymentqr_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/charmap"

	"epkr/internal/paymentqr"
)

// shortest has the mandatory fields only, longest all.
var (
	shortest = paymentqr.Payment{
		Name: "ООО «Три кита»", PersonalAcc: "40702810138250123017", BankName: `ОАО "БАНК"`, BIC: "044525225",
		CorrespAcc: "30101810400000000225",
	}
	longest = paymentqr.Payment{
		Name: "Общество с ограниченной ответственностью «Межевой центр № 1»", PersonalAcc: "40702810138250123017", BankName: "ПАО СБЕРБАНК",
		BIC: "044525225", CorrespAcc: "30101810400000000225", Sum: 1_250_050,
		Purpose:  "Оплата по договору подряда № 7 от 30.11.2026 | межевой план, участок 77:01:0001001:12; НДС не облагается",
		PayeeINN: "7707083893", KPP: "770701001", LastName: "Ёлкина", FirstName: "Мария", MiddleName: "Петровна",
	}
)

// The payload of the example in the standard, one with every field, and one with another separator.
func TestPayload(t *testing.T) {
	t.Parallel()
	payload, err := paymentqr.Payload(shortest, paymentqr.UTF8)
	require.NoError(t, err)
	require.Equal(t, `ST00012|Name=ООО «Три кита»|PersonalAcc=40702810138250123017|BankName=ОАО "БАНК"|BIC=044525225|`+
		`CorrespAcc=30101810400000000225`, string(payload))

	payload, err = paymentqr.Payload(longest, paymentqr.UTF8)
	require.NoError(t, err)
	require.Equal(t, "ST00012#Name=Общество с ограниченной ответственностью «Межевой центр № 1»#PersonalAcc=40702810138250123017#"+
		"BankName=ПАО СБЕРБАНК#BIC=044525225#CorrespAcc=30101810400000000225#Sum=1250050#"+
		"Purpose=Оплата по договору подряда № 7 от 30.11.2026 | межевой план, участок 77:01:0001001:12; НДС не облагается#"+
		"PayeeINN=7707083893#KPP=770701001#LastName=Ёлкина#FirstName=Мария#MiddleName=Петровна", string(payload))

	narrow, err := paymentqr.Payload(longest, paymentqr.Windows1251)
	require.NoError(t, err)
	require.Equal(t, "ST00011#", string(narrow[:8]))
	decoded, err := charmap.Windows1251.NewDecoder().Bytes(narrow[7:])
	require.NoError(t, err)
	require.Equal(t, string(payload[7:]), string(decoded))
}

// A treasury has no correspondent account; numbers may be written with spaces.
func TestNumbersAreNormalised(t *testing.T) {
	t.Parallel()
	p := shortest
	p.PersonalAcc, p.BIC, p.CorrespAcc, p.Name = "0310 0643 0000 0001 9500", "02 45 01 901", "", "  УФК по г. Москве "
	payload, err := paymentqr.Payload(p, paymentqr.UTF8)
	require.NoError(t, err)
	require.Equal(t, `ST00012|Name=УФК по г. Москве|PersonalAcc=03100643000000019500|BankName=ОАО "БАНК"|BIC=024501901|CorrespAcc=0`, string(payload))
}

// Each field has its limits, and an error names the field in the standard's words and in Russian.
func TestFaultsNameTheField(t *testing.T) {
	t.Parallel()
	letters := func(count int) string { return strings.Repeat("я", count) }
	for _, c := range []struct {
		field, title string
		change       func(p *paymentqr.Payment)
	}{
		{"Name", "Наименование получателя", func(p *paymentqr.Payment) { p.Name = "" }},
		{"Name", "Наименование получателя", func(p *paymentqr.Payment) { p.Name = " " }},
		{"Name", "Наименование получателя", func(p *paymentqr.Payment) { p.Name = letters(161) }},
		{"Name", "Наименование получателя", func(p *paymentqr.Payment) { p.Name = "а\nб" }},
		{"Name", "Наименование получателя", func(p *paymentqr.Payment) { p.Name = "\xFF" }},
		{"PersonalAcc", "Расчётный счёт", func(p *paymentqr.Payment) { p.PersonalAcc = "" }},
		{"PersonalAcc", "Расчётный счёт", func(p *paymentqr.Payment) { p.PersonalAcc = "40702810138250123018" }},
		{"BankName", "Наименование банка", func(p *paymentqr.Payment) { p.BankName = letters(46) }},
		{"BIC", "БИК", func(p *paymentqr.Payment) { p.BIC = "1" }},
		{"CorrespAcc", "Корреспондентский счёт", func(p *paymentqr.Payment) { p.CorrespAcc = "30101810400000000226" }},
		{"Sum", "Сумма", func(p *paymentqr.Payment) { p.Sum = -1 }},
		{"Sum", "Сумма", func(p *paymentqr.Payment) { p.Sum = 1_000_000_000_000_000_000 }},
		{"Purpose", "Назначение платежа", func(p *paymentqr.Payment) { p.Purpose = letters(211) }},
		{"Purpose", "Назначение платежа", func(p *paymentqr.Payment) { p.Purpose = "а\tб" }},
		{"PayeeINN", "ИНН", func(p *paymentqr.Payment) { p.PayeeINN = "77070838931" }},
		{"KPP", "КПП", func(p *paymentqr.Payment) { p.KPP = "77070100" }},
		{"LastName", "Фамилия", func(p *paymentqr.Payment) { p.LastName = letters(161) }},
		{"FirstName", "Имя", func(p *paymentqr.Payment) { p.FirstName = letters(161) }},
		{"MiddleName", "Отчество", func(p *paymentqr.Payment) { p.MiddleName = letters(161) }},
		{"", "Реквизиты содержат все знаки", func(p *paymentqr.Payment) { p.Purpose = "|#;:^_~{}!$%&()*+,/@" }},
		{"", "Наименования получателя и банка слишком длинны", func(p *paymentqr.Payment) { p.Name = letters(160) }},
	} {
		p := shortest
		c.change(&p)
		payload, err := paymentqr.Payload(p, paymentqr.UTF8)
		var fault *paymentqr.Error
		require.ErrorAs(t, err, &fault, c.title)
		require.Nil(t, payload)
		require.Equal(t, c.field, fault.Field)
		require.True(t, strings.HasPrefix(fault.Error(), c.title), fault.Message)
	}
}

// The longest values that the standard allows are accepted; in windows-1251 they take just the 300 bytes
// that the mandatory fields may take, in UTF-8 fewer letters do.
func TestLimitsAreInclusive(t *testing.T) {
	t.Parallel()
	p := longest
	p.Name, p.BankName, p.Purpose, p.Sum = strings.Repeat("я", 160), strings.Repeat("я", 45), strings.Repeat("я", 210), 999_999_999_999_999_999
	payload, err := paymentqr.Payload(p, paymentqr.Windows1251)
	require.NoError(t, err)
	require.Len(t, payload[7:bytes.Index(payload, []byte("|Sum="))], 300)

	p.Name, p.BankName = strings.Repeat("я", 80), strings.Repeat("x", 45)
	payload, err = paymentqr.Payload(p, paymentqr.UTF8)
	require.NoError(t, err)
	require.Len(t, payload[7:bytes.Index(payload, []byte("|Sum="))], 300)
	p.Name += "x"
	_, err = paymentqr.Payload(p, paymentqr.UTF8)
	require.ErrorContains(t, err, "занимают 301 байт вместо 300")
}

// What does not fit in one encoding is written in the next; what one cannot write, in the other.
func TestEncodingsAreTriedInTurn(t *testing.T) {
	t.Parallel()
	p := longest
	p.Name = strings.Repeat("я", 120)
	payload, err := paymentqr.Payload(p, paymentqr.UTF8, paymentqr.Windows1251)
	require.NoError(t, err)
	require.Equal(t, "ST00011", string(payload[:7]))
	payload, err = paymentqr.Payload(longest, paymentqr.UTF8, paymentqr.Windows1251)
	require.NoError(t, err)
	require.Equal(t, "ST00012", string(payload[:7]))

	p = longest
	p.Purpose = "Оплата 12 500 ₽"
	_, err = paymentqr.Payload(p, paymentqr.Windows1251)
	var fault *paymentqr.Error
	require.ErrorAs(t, err, &fault)
	require.Equal(t, paymentqr.Error{Field: "Purpose", Message: "QR-код в кодировке windows-1251 не может содержать знак «₽»."}, *fault)
	payload, err = paymentqr.Payload(p, paymentqr.Windows1251, paymentqr.UTF8)
	require.NoError(t, err)
	require.Equal(t, "ST00012", string(payload[:7]))
}

// Payments of random texts have a separator that no value has: split at it, they give the values back.
func TestPayloadsCanBeSplit(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	characters := []rune(`|#;:^_~{}!$%&()*+,/@ =«»№—абвгдеёЯ"'.-0123456789Az`)
	text := func(longest int) string {
		var b strings.Builder
		for range random.IntN(longest) {
			b.WriteRune(characters[random.IntN(len(characters))])
		}
		return strings.TrimSpace("А" + b.String())
	}
	written := 0
	for range 2_000 {
		p := longest
		p.Name, p.BankName, p.Purpose = text(80), text(30), text(20+random.IntN(190))
		p.Sum = random.Int64N(1_000_000_000) + 1
		p.LastName, p.KPP = text(30), []string{"", "770701001"}[random.IntN(2)]
		payload, err := paymentqr.Payload(p, paymentqr.UTF8, paymentqr.Windows1251)
		if err != nil {
			continue
		}
		written++
		whole := string(payload)
		if payload[6] == byte(paymentqr.Windows1251) {
			whole, err = charmap.Windows1251.NewDecoder().String(whole)
			require.NoError(t, err)
		}
		got := map[string]string{}
		for _, f := range strings.Split(whole[8:], whole[7:8]) {
			name, value, found := strings.Cut(f, "=")
			require.True(t, found)
			require.NotContains(t, got, name)
			got[name] = value
		}
		want := map[string]string{
			"Name": p.Name, "PersonalAcc": p.PersonalAcc, "BankName": p.BankName, "BIC": p.BIC, "CorrespAcc": p.CorrespAcc,
			"Sum": fmt.Sprint(p.Sum), "Purpose": p.Purpose, "PayeeINN": p.PayeeINN, "LastName": p.LastName,
			"FirstName": p.FirstName, "MiddleName": p.MiddleName,
		}
		if p.KPP != "" {
			want["KPP"] = p.KPP
		}
		require.Equal(t, want, got)
	}
	require.Greater(t, written, 500)
}

// A reader of QR codes gives back the bytes of both encodings, for short and long payments.
func TestZbarReadsTheCode(t *testing.T) {
	t.Parallel()
	long := longest
	long.Name, long.BankName, long.Purpose = strings.Repeat("Ё", 150), strings.Repeat("ж", 45), strings.Repeat("№ — ", 52)
	for name, p := range map[string]paymentqr.Payment{"short": shortest, "all fields": longest, "long": long} {
		for _, encodings := range [][]paymentqr.Encoding{{paymentqr.UTF8, paymentqr.Windows1251}, {paymentqr.Windows1251}} {
			payload, err := paymentqr.Payload(p, encodings[0], encodings[1:]...)
			require.NoError(t, err, name)
			code, err := paymentqr.New(payload)
			require.NoError(t, err, name)
			require.Equal(t, string(payload), string(read(t, drawn(t, code))), name)
			require.Equal(t, string(payload), string(read(t, code.PNG())), name)
		}
	}
}

// drawn draws a code by its modules.
func drawn(t *testing.T, code *paymentqr.Code) []byte {
	t.Helper()
	const scale, border = 4, 4
	side := (code.Size() + 2*border) * scale
	drawn := image.NewGray(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			if !code.Black(x/scale-border, y/scale-border) {
				drawn.SetGray(x, y, color.Gray{Y: 255})
			}
		}
	}
	var out bytes.Buffer
	require.NoError(t, png.Encode(&out, drawn))
	return out.Bytes()
}

// read returns what a reader of codes finds in a PNG.
func read(t *testing.T, picture []byte) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "code.png")
	require.NoError(t, os.WriteFile(path, picture, 0o600))
	read, err := exec.Command("zbarimg", "--raw", "-q", "-Sbinary", path).Output()
	require.NoError(t, err, "the tests need the package zbar-tools")
	return read
}

func TestPaymentThatDoesNotFit(t *testing.T) {
	t.Parallel()
	_, err := paymentqr.New(bytes.Repeat([]byte("я"), 1166)) // version 40 of level M has 2331 bytes
	require.ErrorContains(t, err, "не помещается в QR-код: 2332 байт")
	_, err = paymentqr.New(bytes.Repeat([]byte("x"), 2331))
	require.NoError(t, err)
}

// The SVG is one black path over one white square with the modules of the code, a title, no script.
func TestSVG(t *testing.T) {
	t.Parallel()
	payload, err := paymentqr.Payload(longest, paymentqr.UTF8)
	require.NoError(t, err)
	code, err := paymentqr.New(payload)
	require.NoError(t, err)
	svg := code.SVG(`Оплата <script>"&` + "\x00")
	var drawn struct {
		ViewBox string `xml:"viewBox,attr"`
		Title   string `xml:"title"`
		Paths   []struct {
			Fill string `xml:"fill,attr"`
			D    string `xml:"d,attr"`
		} `xml:"path"`
	}
	require.NoError(t, xml.Unmarshal(svg, &drawn))
	side := code.Size() + 8
	require.Equal(t, fmt.Sprintf("0 0 %d %d", side, side), drawn.ViewBox)
	require.Equal(t, `Оплата <script>"&`+"\uFFFD", drawn.Title)
	require.Len(t, drawn.Paths, 2)
	require.Equal(t, fmt.Sprintf("M0 0h%dv%dH0z", side, side), drawn.Paths[0].D)
	require.Equal(t, []string{"svg", "title", "path", "path"}, elements(t, svg))

	black := map[[2]int]bool{}
	rest := regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`).ReplaceAllStringFunc(drawn.Paths[1].D, func(run string) string {
		var x, y, width, back int
		_, err := fmt.Sscanf(run, "M%d %dh%dv1h-%dz", &x, &y, &width, &back)
		require.NoError(t, err)
		require.Equal(t, width, back)
		for i := range width {
			black[[2]int{x + i - 4, y - 4}] = true
		}
		return ""
	})
	require.Empty(t, rest)
	for y := range code.Size() {
		for x := range code.Size() {
			require.Equal(t, code.Black(x, y), black[[2]int{x, y}])
		}
	}
}

func elements(t *testing.T, document []byte) (names []string) {
	t.Helper()
	decoder := xml.NewDecoder(bytes.NewReader(document))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return names
		}
		require.NoError(t, err)
		if start, isStart := token.(xml.StartElement); isStart {
			names = append(names, start.Name.Local)
		}
	}
}
