package pdfa

import (
	"encoding/json"
	"fmt"
)

// ReadReport decodes a stored report. It returns nil if there is none.
func ReadReport(stored json.RawMessage) (*Report, error) {
	if stored == nil {
		return nil, nil //nolint:nilnil // there is no report
	}
	var report Report
	if err := json.Unmarshal(stored, &report); err != nil {
		return nil, fmt.Errorf("reading a report on PDF/A: %w", err)
	}
	return &report, nil
}
