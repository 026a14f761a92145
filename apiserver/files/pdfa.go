package files

import (
	"encoding/json"

	"epkr/internal/pdfa"
)

// PDFA is the report of the check of a PDF.
type PDFA struct {
	Accepted   bool        `json:"accepted" doc:"Ошибок нет: файл принимается как договор или акт"`
	Standard   string      `json:"standard,omitempty" doc:"Чем файл себя называет, например «PDF/A-2b»"`
	Faults     []PDFAFault `json:"faults" nullable:"false" doc:"Что не так"`
	Checked    []string    `json:"checked" nullable:"false" doc:"Что проверено"`
	NotChecked []string    `json:"notChecked" nullable:"false" doc:"Что не проверено"`
}

// PDFAFault is a kind of fault of a PDF.
type PDFAFault struct {
	Code    pdfa.Code `json:"code" doc:"Код"`
	Message string    `json:"message" doc:"Что не так, где и что делать"`
}

// reportOf decodes a stored report. It returns nil if there is none.
func reportOf(stored json.RawMessage) (*PDFA, error) {
	report, err := pdfa.ReadReport(stored)
	if err != nil || report == nil {
		return nil, err
	}
	shown := PDFA{
		Accepted: report.Accepted(), Standard: report.Standard(), Faults: make([]PDFAFault, len(report.Faults)),
		Checked: report.Checked, NotChecked: report.NotChecked,
	}
	for i, fault := range report.Faults {
		shown.Faults[i] = PDFAFault(fault)
	}
	return &shown, nil
}
