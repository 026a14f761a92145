package pdfa

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/testenv/preflight"
)

// The files of real producers are accepted as what they claim, in every form of the structure; plain
// files of the same producers are not. Of part 1 Preflight says the same, except where noted.
func TestSamplesOfProducers(t *testing.T) {
	t.Parallel()
	plain := []Code{CodeNoClaim, CodeNoOutputIntent, CodeAnnotationFlags}
	all := []struct {
		file, standard string
		faults         []Code
		// differs says why Preflight, which judges 1b, says otherwise.
		differs string
	}{
		{"libreoffice-1.pdf", "PDF/A-1a", nil, ""},
		{"libreoffice-2.pdf", "PDF/A-2b", nil, "another part"},
		{"libreoffice-3.pdf", "PDF/A-3b", nil, "another part"},
		{"libreoffice-0.pdf", "", plain, ""},
		{"ghostscript-1.pdf", "PDF/A-1b", nil, "it does not read the time zone Z00'00' of PDF, which is that of XMP"},
		{"ghostscript-2.pdf", "PDF/A-2b", nil, "another part"},
		{"ghostscript-3.pdf", "PDF/A-3b", nil, "another part"},
		{"ghostscript-0.pdf", "", append(plain, CodeStreamLength), ""},
		{"fop-1a.pdf", "PDF/A-1a", nil, ""},
		{"fop-1b.pdf", "PDF/A-1b", nil, ""},
		{"fop-2a.pdf", "PDF/A-2a", nil, "another part"},
		{"fop-2u.pdf", "PDF/A-2u", nil, "another part"},
		{"fop-3b.pdf", "PDF/A-3b", nil, "another part"},
		{"img2pdf-1b.pdf", "PDF/A-1b", nil, ""},
		{"linearized-1a.pdf", "PDF/A-1a", nil, ""},
		{"linearized-2b.pdf", "PDF/A-2b", nil, "another part"},
		{"streams-3b.pdf", "PDF/A-3b", nil, "another part"},
		{"encrypted.pdf", "", []Code{CodeEncrypted}, ""},
		{"contract.docx", "", []Code{CodeWord}, ""},
		{"contract.doc", "", []Code{CodeWord}, ""},
		{"contract.rtf", "", []Code{CodeWord}, ""},
		{"contract.odt", "", []Code{CodeOpenDocument}, ""},
		{"scan.jpg", "", []Code{CodePicture}, ""},
		{"contract.html", "", []Code{CodeNotPDF}, ""},
	}
	var paths []string
	for _, c := range all {
		paths = append(paths, filepath.Join("testdata/samples", c.file))
	}
	verdicts := preflight.Judge(t, paths...)
	for i, c := range all {
		t.Run(c.file, func(t *testing.T) {
			r := judge(t, sample(t, c.file))
			require.Equal(t, c.standard, r.Standard())
			require.ElementsMatch(t, c.faults, codes(r))
			require.Equal(t, r.Accepted() == verdicts[i].Valid, c.differs == "", "Preflight: %v", verdicts[i])
		})
	}
	entries, err := os.ReadDir("testdata/samples")
	require.NoError(t, err)
	for _, entry := range entries {
		if strings.HasSuffix(entry.Name(), ".pdf") {
			require.Contains(t, paths, filepath.Join("testdata/samples", entry.Name()), "every sample is judged")
		}
	}
}
