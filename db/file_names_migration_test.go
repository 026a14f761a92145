package db_test

import (
	"database/sql"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/require"

	"epkr/internal/humantext"
	"epkr/internal/testenv"
)

const (
	beforeFileNames = 15
	fileNames       = 16
)

// After the migration every stored name is one that humantext.FileName accepts and returns
// unchanged.
func TestMigrationNormalisesFileNames(t *testing.T) {
	t.Parallel()
	url := testenv.Database(t)
	conn, err := sql.Open("pgx", url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	provider, err := goose.NewProvider(goose.DialectPostgres, conn, os.DirFS("migrations"))
	require.NoError(t, err)
	_, err = provider.DownTo(t.Context(), beforeFileNames)
	require.NoError(t, err)

	person := uuid.New()
	testenv.Exec(t, url, `insert into people (id, esia_oid, snils, last_name, first_name) values ($1, $2, $2, 'Фамилия', 'Имя')`, person, person.String())
	ids := map[string]uuid.UUID{}
	for _, name := range oldFileNames(t) {
		ids[name] = uuid.New()
		testenv.Exec(t, url, `insert into files (id, order_id, uploader_id, name, size, sha256, status, stored_at, content_type)
			values ($1, $1, $2, $3, 1, repeat('0', 64), 'stored', now(), 'application/pdf')`, ids[name], person, name)
	}

	_, err = provider.UpTo(t.Context(), fileNames)
	require.NoError(t, err)
	for given, id := range ids {
		name := testenv.Scalar[string](t, url, `select name from files where id = $1`, id)
		again, fault := humantext.FileName(name)
		require.Empty(t, fault, "%+q became %+q", given, name)
		require.Equal(t, again, name, "%+q", given)
		if want, fault := humantext.FileName(given); fault == "" {
			require.Equal(t, want, name, "%+q", given)
		}
	}
	require.Equal(t, "счетfdp.exe", testenv.Scalar[string](t, url, `select name from files where id = $1`, ids["счет\u202efdp.exe"]))
	require.Equal(t, "файл", testenv.Scalar[string](t, url, `select name from files where id = $1`, ids["\u200b"]))
	require.Equal(t, "файл-CON.pdf", testenv.Scalar[string](t, url, `select name from files where id = $1`, ids["CON.pdf"]))
	require.Equal(t, "до_говор.pdf", testenv.Scalar[string](t, url, `select name from files where id = $1`, ids["до\ufffdговор\a.pdf"]))
	_, err = provider.Up(t.Context())
	require.NoError(t, err)
}

// oldFileNames returns names of all kinds that the previous version stored: the vectors of the
// rule's own test, alone and inside a usual name.
func oldFileNames(t *testing.T) []string {
	data, err := os.ReadFile("../internal/humantext/testdata/vectors.json")
	require.NoError(t, err)
	var vectors []struct{ Text string }
	require.NoError(t, json.Unmarshal(data, &vectors))
	names := []string{
		"договор.pdf", "Договор № 5 (копия).pdf", `C:\Документы\договор.pdf`, "../../etc/passwd", "счет\u202efdp.exe", "до\u00adго\u200bвор\u00a01.pdf ",
		"договор.pdf. . .", " .договор", "Андреи\u0306.pdf", "a\r\nSet-Cookie: x", "\U0001f468\u200d\U0001f469.png", "console.txt", "COM10.txt",
		"..", "/", "\u200b", "\u2066план\u2069.dwg", "___", "CON.pdf", "Nul .txt", "lpt9", "com1:.txt", "до\ufffdговор\a.pdf", "\u0301", "и\u200b\u0306.pdf", "папка/",
	}
	for _, v := range vectors {
		for _, name := range []string{v.Text, "план " + v.Text + ".pdf", v.Text + "план", "пл" + v.Text + "ан.dwg"} {
			if name != "" && !strings.Contains(name, "\x00") {
				names = append(names, strings.ToValidUTF8(name, "\ufffd"))
			}
		}
	}
	return names
}
