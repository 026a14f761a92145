// Package preflight runs PDFBox Preflight, which judges PDF/A-1b: the reference by which tests of PDF
// files judge. The command line of its own jar judges many files in one Java process, which is what
// takes time, so there is no Java here.
package preflight

import (
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Verdict is what Preflight says of a file.
type Verdict struct {
	Valid  bool
	Faults []Fault
}

// Fault is a fault that Preflight found.
type Fault struct {
	// Code is that of org.apache.pdfbox.preflight.PreflightConstants, such as 7.1.
	Code    string `xml:"code"`
	Details string `xml:"details"`
}

// libraries are the jars of the Debian packages libpdfbox2-java, libactivation-java and
// libjaxb-api-java.
var libraries = []string{
	"preflight", "pdfbox2", "xmpbox", "fontbox2", "commons-logging", "commons-io", "javax.activation", "jaxb-api",
}

// Judge judges files, and returns a verdict for each. It fails the test if Preflight is missing.
func Judge(t *testing.T, paths ...string) []Verdict {
	t.Helper()
	if len(paths) == 0 {
		return nil
	}
	var jars []string
	for _, name := range libraries {
		jar := filepath.Join("/usr/share/java", name+".jar")
		require.FileExists(t, jar, "the tests need the packages libpdfbox2-java, libactivation-java and libjaxb-api-java")
		jars = append(jars, jar)
	}
	folder := t.TempDir()
	list := filepath.Join(folder, "list")
	require.NoError(t, os.WriteFile(list, []byte(strings.Join(absolute(t, paths), "\n")), 0o600))
	output, err := exec.Command("java", "-cp", strings.Join(jars, ":"), "-Dpdfbox.fontcache="+folder,
		"org.apache.pdfbox.preflight.Validator_A1b", "xml", "group", list).CombinedOutput()
	require.NoError(t, err, "%s", output)
	written, err := os.ReadFile(list + ".preflight.xml")
	require.NoError(t, err, "%s", output)
	return read(t, written, paths)
}

func absolute(t *testing.T, paths []string) (all []string) {
	t.Helper()
	for _, path := range paths {
		path, err := filepath.Abs(path)
		require.NoError(t, err)
		all = append(all, path)
	}
	return all
}

// forbidden matches what Preflight writes of the bytes of a file although XML does not allow it.
var forbidden = regexp.MustCompile(`&#x?[0-9A-Fa-f]+;|[\x00-\x09\x0B-\x1F]`)

// read reads the verdicts, which are in the order of the files.
func read(t *testing.T, written []byte, paths []string) (all []Verdict) {
	t.Helper()
	var result struct {
		Files []struct {
			Name   string  `xml:"name,attr"`
			Valid  string  `xml:"isValid"`
			Faults []Fault `xml:"errors>error"`
		} `xml:"preflight"`
	}
	written = forbidden.ReplaceAll(written, nil)
	require.NoError(t, xml.Unmarshal(written, &result))
	require.Len(t, result.Files, len(paths), "%s", written)
	for i, file := range result.Files {
		require.Equal(t, filepath.Base(paths[i]), file.Name)
		all = append(all, Verdict{file.Valid == "true", file.Faults})
	}
	return all
}
