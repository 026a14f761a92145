package files_test

import (
	"encoding/hex"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/files"
	"epkr/dev/firstload"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/gost"
	"epkr/internal/order"
	"epkr/internal/pdfa"
)

// A stored PDF of an order has its report, and the digests of its content; a stored report is what a
// check of the content says. Other files have none.
func TestPDFOfAnOrderIsChecked(t *testing.T) {
	acceptance.Covers(t, "R-CONTR-9")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := customer.CreateDraft()
	content := apitest.PDF("план")
	f := customer.Upload(id, "план.pdf", content)
	require.Equal(t, &files.PDFA{Accepted: true, Standard: "PDF/A-1a", Faults: []files.PDFAFault{}, Checked: f.PDFA.Checked, NotChecked: f.PDFA.NotChecked}, f.PDFA)
	require.NotEmpty(t, f.PDFA.Checked)
	require.NotEmpty(t, f.PDFA.NotChecked)
	short, long := gost.Sum256(content), gost.Sum512(content)
	require.Equal(t, hex.EncodeToString(short[:]), apitest.Value[string](p, `select streebog256 from file_checks where file_id = $1`, f.ID))
	require.Equal(t, hex.EncodeToString(long[:]), apitest.Value[string](p, `select streebog512 from file_checks where file_id = $1`, f.ID))

	ordinary := customer.Upload(id, "обычный.pdf", firstload.Document())
	require.False(t, ordinary.PDFA.Accepted)
	require.NotEmpty(t, ordinary.PDFA.Faults)
	for _, fault := range ordinary.PDFA.Faults {
		require.Contains(t, pdfa.Codes(), fault.Code)
		require.NotEmpty(t, fault.Message)
	}

	require.Nil(t, customer.Upload(id, "план.txt", []byte("план")).PDFA)
	require.Nil(t, engineer.UploadToProfile("sample", "пример.pdf", content, "stored").PDFA)
	require.Equal(t, 2, apitest.Value[int](p, `select count(*) from file_checks`))
	require.Equal(t, http.StatusNoContent, customer.Do(http.MethodDelete, apitest.FilePath(id, f), nil).Status)
	require.Equal(t, 1, apitest.Value[int](p, `select count(*) from file_checks`), "a report goes with its file")
}

// The engineer corrects a contract outside and sends it as his own file: one that is no PDF/A is
// refused with what is wrong, and then the saved one is taken.
func TestOwnContractMustBePDFA(t *testing.T) {
	acceptance.Covers(t, "R-CONTR-9", "R-CONTR-7")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 100_000, "termDays": 20}})
	customer.RequireApplied(id, order.Choose, apitest.Object{"details": apitest.Object{"engineer": customer.Card(id).Responses[0].Engineer.ID}})
	contract := func(f files.File) apitest.Object {
		return apitest.Object{"details": apitest.Object{
			"file": apitest.Ref(f), "signature": apitest.Ref(engineer.Sign(id, f)), "price": 100_000, "advanceBasisPoints": 0, "advance": 0,
			"termDate": p.Deps.Now().AddDate(0, 1, 0).Format(time.DateOnly),
		}}
	}
	ordinary := engineer.Upload(id, "договор.pdf", firstload.Document())
	refused := engineer.RequireRefused(order.CodeNotPDFA, id, order.SendContract, contract(ordinary))
	for _, fault := range ordinary.PDFA.Faults {
		require.Contains(t, refused.Detail, fault.Message)
	}
	for _, checked := range ordinary.PDFA.Checked {
		require.Contains(t, refused.Detail, checked)
	}

	old := engineer.Upload(id, "старый договор.pdf", apitest.PDF("старый договор"))
	p.Exec(`delete from file_checks where file_id = $1`, old.ID) // as if it was stored before files were checked
	engineer.RequireRefused(order.CodeNotChecked, id, order.SendContract, contract(old))
	corrected, err := synthetic.Paper("Договор подряда", "Исправленная редакция")
	require.NoError(t, err)
	engineer.RequireApplied(id, order.SendContract, contract(engineer.Upload(id, "договор.pdf", corrected)))
}
