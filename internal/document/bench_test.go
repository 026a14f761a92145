package document_test

import (
	"fmt"
	"io"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/document"
	"epkr/internal/document/docx"
	"epkr/internal/document/forms"
	"epkr/internal/document/pdf"
)

// BenchmarkFill makes the blocks of a contract of some works from its values.
func BenchmarkFill(b *testing.B) {
	f, err := forms.Load()
	require.NoError(b, err)
	benchmark(b, func(c forms.Contract, _ document.Document) error {
		_, err := f.Contract(c, created)
		return err
	})
}

// BenchmarkPDF writes the blocks as PDF.
func BenchmarkPDF(b *testing.B) {
	benchmark(b, func(_ forms.Contract, d document.Document) error { return pdf.Write(io.Discard, d) })
}

// BenchmarkDOCX writes the blocks as DOCX.
func BenchmarkDOCX(b *testing.B) {
	benchmark(b, func(_ forms.Contract, d document.Document) error { return docx.Write(io.Discard, d) })
}

func benchmark(b *testing.B, work func(forms.Contract, document.Document) error) {
	f, err := forms.Load()
	require.NoError(b, err)
	for _, rows := range []int{12, 60} {
		c := contract(company(), entrepreneur(), rows, 3000)
		d, err := f.Contract(c, created)
		require.NoError(b, err)
		b.Run(fmt.Sprintf("%d rows", rows), func(b *testing.B) {
			b.ReportAllocs()
			began := cpuTime(b)
			for b.Loop() {
				if err := work(c, d); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric((cpuTime(b)-began).Seconds()*1000/float64(b.N), "CPU-ms/op")
		})
	}
}

// cpuTime returns the processor time of this process, which a loaded machine changes less than the
// time on the clock.
func cpuTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
