package apitest

import (
	"path"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/files"
	"epkr/dev/simulators/cryptopro"
	"epkr/internal/testenv/pki"
	"epkr/internal/trust"
)

// uploaded are the contents of the files that were uploaded to orders, by their hashes.
var uploaded sync.Map

// authorities returns what trusts the test authorities.
func authorities(t testing.TB) *trust.Source {
	t.Helper()
	store, err := pki.Shared(t).Store()
	require.NoError(t, err)
	return trust.Fixed(store)
}

// Sign signs an uploaded document with the certificate of the signed-in person in his role, and uploads
// the signature.
func (b *Browser) Sign(id uuid.UUID, document files.File) files.File {
	b.Platform.T.Helper()
	return b.SignAs(id, cryptopro.SubjectFor(World(), b.Platform.Person(b.login), b.role.Kind), document)
}

// SignAs is Sign with the certificate of a subject.
func (b *Browser) SignAs(id uuid.UUID, by pki.Subject, document files.File) files.File {
	b.Platform.T.Helper()
	content, found := uploaded.Load(document.SHA256)
	if !found { // made by the platform
		content = b.Download(id, document.ID)
	}
	signature, err := pki.Shared(b.Platform.T).SignAs(by, content.([]byte))
	require.NoError(b.Platform.T, err)
	return b.Upload(id, strings.TrimSuffix(document.Name, path.Ext(document.Name))+".sig", signature)
}
