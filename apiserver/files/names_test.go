package files_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/dev/synthetic"
)

func TestFileNamesAreNormalized(t *testing.T) {
	p := apitest.Start(t)
	p.StartWorker()
	customer := p.Customer(synthetic.LoginCustomer)
	id := customer.CreateDraft()
	require.Equal(t, "счетfdp.exe", customer.BeginFile(id, "счет\u202efdp.exe", []byte("a"), apitest.HexSum([]byte("a"))).Name)
	require.Equal(t, "Андрей 1.pdf", customer.BeginFile(id, `C:\тайна\Андреи`+"\u0306\u00a01.pdf. ", []byte("a"), apitest.HexSum([]byte("a"))).Name)
	for _, name := range []string{"CON", "nul.txt", "..", "/", "a\u0000.pdf", "a\u0007.pdf", "a\ufffd.pdf", "\u202e.\u200b"} {
		a := customer.Do(http.MethodPost, "/api/orders/"+id.String()+"/files", apitest.Object{"name": name, "size": 1, "sha256": strings.Repeat("0", 64)})
		require.Equal(t, http.StatusUnprocessableEntity, a.Status, "%+q: %s", name, a.Text())
		require.Equal(t, []string{"name"}, apitest.Fields(a.Problem()))
	}
}
