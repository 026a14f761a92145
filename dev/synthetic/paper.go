package synthetic

import (
	"bytes"
	"fmt"
	"time"

	"epkr/internal/document"
	"epkr/internal/document/pdf"
)

// Paper returns a small PDF/A with a title and lines of text. The same title and lines make the same
// bytes.
func Paper(title string, lines ...string) ([]byte, error) {
	paper := document.Document{
		Meta:   document.Meta{Language: "ru-RU", Title: title, Created: time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)},
		Blocks: []document.Block{document.Title{Text: document.Plain(title)}},
	}
	for _, line := range lines {
		paper.Blocks = append(paper.Blocks, document.Paragraph{Text: document.Plain(line), Align: document.Left})
	}
	var content bytes.Buffer
	if err := pdf.Write(&content, paper); err != nil {
		return nil, fmt.Errorf("writing a paper: %w", err)
	}
	return content.Bytes(), nil
}
