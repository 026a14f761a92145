package archive

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"path"

	"github.com/google/uuid"

	"epkr/db/sqlcgen"
	"epkr/internal/cms"
	"epkr/internal/signature"
	"epkr/internal/storage"
)

// check is a recorded check of a signature, with the certificates and lists that it rests on.
type check struct {
	signature, document file
	folder              string
	recorded            json.RawMessage
	result              signature.Result
	evidence            []byte // in PEM
	roots               []root
	der                 bool // the folder has a copy of the signature in DER
}

// root is a root certificate by its owner and its SHA-256.
type root struct{ Name, SHA256 string }

// checksOf reads the checks of the signatures among the files.
func (s *Service) checksOf(ctx context.Context, orderID uuid.UUID, files []file) ([]check, error) {
	signatures := map[uuid.UUID]file{}
	documents := map[string]file{}
	var ids []uuid.UUID
	for _, f := range files {
		if _, known := signatures[f.File]; isSignature(f.Kind) && !known {
			signatures[f.File] = f
			ids = append(ids, f.File)
		}
		if _, known := documents[f.SHA256]; !known {
			documents[f.SHA256] = f
		}
	}
	rows, err := s.Store.ValidChecks(ctx, sqlcgen.ValidChecksParams{OrderID: orderID, Signatures: ids})
	if err != nil {
		return nil, fmt.Errorf("reading the checks of signatures: %w", err)
	}
	var checks []check
	for _, r := range rows {
		document, seen := documents[r.DocumentSha256]
		if !seen {
			continue
		}
		c := check{signature: signatures[r.SignatureID], document: document, recorded: r.Result}
		c.folder = checksFolder + "/" + path.Base(c.signature.path)
		if err := json.Unmarshal(r.Result, &c.result); err != nil {
			return nil, fmt.Errorf("reading the check of a signature: %w", err)
		}
		evidence, err := s.Store.SignatureEvidence(ctx, r.Evidence)
		if err != nil {
			return nil, fmt.Errorf("reading what a check rests on: %w", err)
		}
		if err := c.take(evidence); err != nil {
			return nil, err
		}
		checks = append(checks, c)
	}
	return checks, nil
}

// take puts certificates and lists into the form in which OpenSSL reads them from one file.
func (c *check) take(evidence []sqlcgen.SignatureEvidence) error {
	for _, e := range evidence {
		block := pem.Block{Type: "CERTIFICATE", Bytes: e.Content}
		certificate, err := x509.ParseCertificate(e.Content)
		switch {
		case err != nil:
			if _, err := x509.ParseRevocationList(e.Content); err != nil {
				return fmt.Errorf("reading the certificate or list %s: %w", e.Sha256, err)
			}
			block.Type = "X509 CRL"
		case bytes.Equal(certificate.RawIssuer, certificate.RawSubject):
			c.roots = append(c.roots, root{certificate.Subject.CommonName, e.Sha256})
		}
		c.evidence = append(c.evidence, pem.EncodeToMemory(&block)...)
	}
	return nil
}

// The files of a check.
const (
	evidenceName = "Сертификаты и списки отзыва.pem"
	resultName   = "Результат.json"
	protocolName = "Протокол.pdf"
	derName      = "Подпись.der"
)

func (c *contents) writeCheck(ctx context.Context, w *writer, store *storage.Store, k *check) error {
	protocol, err := c.history.service.Documents.Protocol(ctx, c.history.order, k.signature.File)
	if err != nil {
		return err
	}
	for _, f := range []struct {
		name    string
		content []byte
	}{{protocolName, protocol.PDF}, {resultName, k.recorded}, {evidenceName, k.evidence}} {
		if err := w.addBytes(k.folder+"/"+f.name, f.content); err != nil {
			return err
		}
	}
	var uploaded bytes.Buffer
	if err := copyTo(ctx, &uploaded, store, k.signature.SHA256); err != nil {
		return err
	}
	der, err := cms.DER(uploaded.Bytes())
	if err != nil {
		return fmt.Errorf("reading a signature that was valid: %w", err)
	}
	if k.der = !bytes.Equal(der, uploaded.Bytes()); !k.der {
		return nil
	}
	return w.addBytes(k.folder+"/"+derName, der)
}
