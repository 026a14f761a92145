package humantext_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/humantext"
)

// The web app's tests (web/src/shared/lib/humanText.test.ts) read the same vectors.
func TestVectors(t *testing.T) {
	data, err := os.ReadFile("testdata/vectors.json")
	require.NoError(t, err)
	var vectors []struct {
		Text, Line, Lines string
		Filled, Fault     bool
	}
	require.NoError(t, json.Unmarshal(data, &vectors))
	require.Greater(t, len(vectors), 60)
	for _, v := range vectors {
		require.Equal(t, v.Line, humantext.Line(v.Text), "%+q", v.Text)
		require.Equal(t, v.Lines, humantext.Text(v.Text), "%+q", v.Text)
		require.Equal(t, v.Filled, humantext.Filled(v.Text), "%+q", v.Text)
		require.Equal(t, v.Fault, humantext.Fault(v.Text) != "", "%+q", v.Text)
	}
}

// Normalising a text twice gives the same result as normalising it once.
func FuzzNormaliseIsIdempotent(f *testing.F) {
	for _, seed := range []string{"и\u200b\u0306", "а\u00a0 б", "\U0001f468\u200d\U0001f469", "a\r\n\u2028b", "\u2764\u200b\ufe0f", "e\u200d\u0301"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "")
		for _, write := range []func(string) string{humantext.Line, humantext.Text} {
			once := write(s)
			require.Equal(t, once, write(once), "%+q", s)
			require.Equal(t, humantext.Filled(s), humantext.Filled(once), "%+q", s)
		}
	})
}

func TestFileNames(t *testing.T) {
	for given, want := range map[string]string{
		"договор.pdf":                     "договор.pdf",
		"Договор № 5 (копия).pdf":         "Договор № 5 (копия).pdf",
		`C:\Документы\договор.pdf`:        "договор.pdf",
		"../../etc/passwd":                "passwd",
		"счет\u202efdp.exe":               "счетfdp.exe",
		"до\u00adго\u200bвор\u00a01.pdf ": "договор 1.pdf",
		"договор.pdf. . .":                "договор.pdf",
		" .договор":                       ".договор",
		"Андреи\u0306.pdf":                "Андрей.pdf",
		"a\r\nSet-Cookie: x":              "a Set-Cookie: x",
		"\U0001f468\u200d\U0001f469.png":  "\U0001f468\u200d\U0001f469.png",
		"console.txt":                     "console.txt",
		"COM10.txt":                       "COM10.txt",
	} {
		name, fault := humantext.FileName(given)
		require.Empty(t, fault, "%+q", given)
		require.Equal(t, want, name, "%+q", given)
	}
	for _, given := range []string{
		"", " ", ".", "..", "...", "/", `\`, "\u200b", "\u202e", "\u2800.", "\u3164", "___", "CON", "con.pdf", "Nul .txt", "COM1", "lpt9.doc", "COM¹",
		"a\x00.pdf", "a\x07", "a\ufffd.pdf", "\xc0.pdf", "AUX", "prn.tar.gz", "CONIN$", "con:", "com1:.txt", "nul :x.pdf",
	} {
		name, fault := humantext.FileName(given)
		require.NotEmpty(t, fault, "%+q", given)
		require.Empty(t, name, "%+q", given)
	}
}

func TestShortFileName(t *testing.T) {
	require.Equal(t, "договор.pdf", humantext.ShortFileName("договор.pdf"))
	short := humantext.ShortFileName(strings.Repeat("я", 200) + ".pdf")
	require.Len(t, short, 254)
	require.True(t, strings.HasSuffix(short, "я.pdf"))
	require.Len(t, humantext.ShortFileName(strings.Repeat("a", 300)), 255)
	require.LessOrEqual(t, len(humantext.ShortFileName("a."+strings.Repeat("я", 200))), 255)
}
