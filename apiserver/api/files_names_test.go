package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/dev/synthetic"
)

func TestAFileIsCalledWhatIsSeen(t *testing.T) {
	p := startPlatform(t)
	p.startWorker()
	customer := p.customer(synthetic.LoginCustomer)
	id := customer.draft()
	require.Equal(t, "счетfdp.exe", customer.beginFile(id, "счет\u202efdp.exe", []byte("a"), hexSum([]byte("a"))).Name)
	require.Equal(t, "Андрей 1.pdf", customer.beginFile(id, `C:\тайна\Андреи`+"\u0306\u00a01.pdf. ", []byte("a"), hexSum([]byte("a"))).Name)
	for _, name := range []string{"CON", "nul.txt", "..", "/", "a\u0000.pdf", "a\u0007.pdf", "a\ufffd.pdf", "\u202e.\u200b"} {
		a := customer.do(http.MethodPost, "/api/orders/"+id.String()+"/files", object{"name": name, "size": 1, "sha256": strings.Repeat("0", 64)})
		require.Equal(t, http.StatusUnprocessableEntity, a.status, "%+q: %s", name, a.text())
		require.Equal(t, []string{"name"}, fields(a.problem()))
	}
}
