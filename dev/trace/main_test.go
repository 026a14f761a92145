package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const contract = `# Head
- R-GEN-1 [0] «ФИО» — from ЕСИА. — built
- R-GEN-2 [0] Half of it. — partly: the other half — a letter — is missing
- R-GEN-3 [0] Nothing. — not built
- R-GEN-4 [0] Nothing either. — not built: nobody asked
- R-OFFER-4 (a) one; (d) another. — built
- S-12 A silent point. — built
| T | who | result | status |
|---|---|---|---|
| 16a | Customer accepts | S7 | built |
| 17 | Engineer leaves | S6 | partly: by hand |
| id | conflict | reading |
| C-20 | two or three | two |
`

// repository writes files by name to a temporary folder.
func repository(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	return root
}

// goTest returns a test file with one test of the given statements.
func goTest(statements ...string) string {
	return "package x\n\nimport \"testing\"\n\nfunc TestX(t *testing.T) {\n\t" + strings.Join(statements, "\n\t") + "\n}\n"
}

var (
	goFile = goTest(`acceptance.Covers(t, "R-GEN-1", "S-12")`, `t.Run("a part", func(t *testing.T) { acceptance.Covers(t, "R-OFFER-4d") })`)
	tsFile = "test('it', { annotation: covers('T-16a', \"T-17\") }, async () => {});\n"
)

func traced(t *testing.T, files map[string]string) (string, []string) {
	t.Helper()
	var out strings.Builder
	findings, err := run(repository(t, files), &out)
	require.NoError(t, err)
	return out.String(), findings
}

func TestClaimsAndTestsAgree(t *testing.T) {
	out, findings := traced(t, map[string]string{
		"docs/requirements.md": contract, "a/x_test.go": goFile, "web/e2e/x.spec.ts": tsFile,
		"web/src/x.test.ts":                "it('it', { meta: { covers: [\n  'C-20',\n  'R-GEN-2',\n] } }, () => {});\n",
		"web/node_modules/m/x.test.ts":     "covers('X-1')",
		"web/e2e/harness/covers.ts":        "covers('X-2')",
		"a/testdata/x_test.go":             "no Go",
		"a/speaks_of_acceptance.Covers.go": "no Go",
	})
	require.Empty(t, findings)
	require.Equal(t, `R-GEN-3     not built  [0] Nothing.
R-GEN-4     not built  [0] Nothing either.

4 rows built, 2 partly, 2 not built; the 2 above are declared by no test
`, out)
}

func TestContradictionsAreFound(t *testing.T) {
	_, findings := traced(t, map[string]string{
		"docs/requirements.md": contract + "- S-13 Without a claim.\n- S-12 Once more. — built\n",
		"a/x_test.go":          goTest(`acceptance.Covers(t, "R-GEN-3", "R-GEN-9", "S-12b", "S-99c")`),
		"web/e2e/x.spec.ts":    "\n" + tsFile,
	})
	require.ElementsMatch(t, []string{
		"S-13 does not end in built, partly: … or not built",
		"S-12 stands twice",
		"a/x_test.go:6 declares R-GEN-9, which is no row of docs/requirements.md",
		"a/x_test.go:6 declares S-99c, which is no row of docs/requirements.md",
		"R-GEN-1 is claimed as built and no test declares it",
		"R-OFFER-4 is claimed as built and no test declares it",
		"R-GEN-3 is claimed as not built and a/x_test.go:6 declares it",
	}, findings)
}

func TestDeclarationsAreLiterals(t *testing.T) {
	root := repository(t, map[string]string{"docs/requirements.md": contract, "a/x_test.go": goTest("acceptance.Covers(t, ids...)")})
	_, err := run(root, &strings.Builder{})
	require.ErrorIs(t, err, errNotLiteral)
	require.ErrorContains(t, err, "a/x_test.go:6")
}

func TestRowsAreThere(t *testing.T) {
	_, err := run(repository(t, map[string]string{"docs/requirements.md": "nothing"}), &strings.Builder{})
	require.ErrorContains(t, err, "has no rows")
}
