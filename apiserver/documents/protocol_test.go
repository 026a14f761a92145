package documents_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi/problems"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/document/forms"
	"epkr/internal/document/generated"
	"epkr/internal/order"
)

func protocolAt(id, signature uuid.UUID) string {
	return "/api/orders/" + id.String() + "/signatures/" + signature.String() + "/protocol"
}

// A recorded check gives one protocol to everybody who sees the documents, and names the record and the
// state of the history with which the signature came.
func TestProtocolIsMadeOfTheRecordedCheck(t *testing.T) {
	acceptance.Covers(t, "R-CONTR-14")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := contracting(customer, engineer)
	contract := made(generate(engineer, id, uuid.NewString(), filled(engineer, id), false))
	sendContract(engineer, id, contract)
	documents := customer.Card(id).Documents
	signature := documents[len(documents)-1]
	require.Equal(t, order.DocumentKind("contract-signature"), signature.Kind)

	got := customer.Do(http.MethodGet, protocolAt(id, signature.File), nil).OK()
	require.Equal(t, generated.PDF, got.Header.Get("Content-Type"))
	require.Contains(t, got.Header.Get("Content-Disposition"), "attachment; ")
	require.Contains(t, got.Header.Get("Content-Disposition"), url.PathEscape("Протокол проверки подписи ")+url.PathEscape(strings.TrimSuffix(signature.Name, ".sig"))+".pdf")
	require.True(t, bytes.HasPrefix(got.Body, []byte("%PDF-")))
	require.Equal(t, got.Body, engineer.Do(http.MethodGet, protocolAt(id, signature.File), nil).OK().Body)
	require.Equal(t, got.Body, p.Moderator().Do(http.MethodGet, protocolAt(id, signature.File), nil).OK().Body)

	number := apitest.Value[string](p, `select number from orders where id = $1`, id)
	said := forms.Protocol{
		Document:   forms.SignedDocument{Name: contract.PDF.Name, Size: contract.PDF.Size, SHA256: contract.PDF.SHA256},
		Signatures: []forms.CheckedSignature{{Name: signature.Name}},
		CheckedAt:  apitest.Value[time.Time](p, `select checked_at from signature_checks where signature_id = $1`, signature.File),
		History: &forms.HistoryHead{
			Order: number, Seq: int(signature.Seq),
			Hash: hex.EncodeToString(apitest.Value[[]byte](p, `select hash from order_messages where order_id = $1 and kind = 'send-contract'`, id)),
		},
	}
	recorded := apitest.Value[[]byte](p, `select result from signature_checks where signature_id = $1`, signature.File)
	require.NoError(t, json.Unmarshal(recorded, &said.Signatures[0].Result))
	maker, err := generated.NewMaker()
	require.NoError(t, err)
	want, err := maker.Protocol(said)
	require.NoError(t, err)
	require.Equal(t, apitest.HexSum(want), apitest.HexSum(got.Body))

	for _, file := range []uuid.UUID{contract.PDF.ID, uuid.New()} {
		require.Equal(t, problems.FileNotFound, customer.Do(http.MethodGet, protocolAt(id, file), nil).Problem().Code)
	}
	other := p.Customer(synthetic.LoginSecondCustomer)
	require.Equal(t, problems.OrderNotFound, other.Do(http.MethodGet, protocolAt(id, signature.File), nil).Problem().Code)

	p.Exec(`delete from signature_checks where signature_id = $1`, signature.File)
	refused := customer.Do(http.MethodGet, protocolAt(id, signature.File), nil)
	require.Equal(t, http.StatusConflict, refused.Status)
	require.Equal(t, problems.SignatureUnchecked, refused.Problem().Code)
}
