package documents

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"epkr/dev/bench/people"
	"epkr/dev/bench/platform"
	"epkr/dev/bench/report"
	"epkr/internal/mchd"
	"epkr/internal/signature"
	"epkr/internal/testenv/pki"
)

// signer is who signs.
var signer = pki.Person("Межевой", "Пётр Ильич", "087654303")

// errRefused means that what is measured did not succeed.
var errRefused = errors.New("a good signature was refused")

// checking compares the check of a signature with known issuers with `openssl cms -verify`, a process
// for each signature.
func (m *measurement) checking(ctx context.Context) error {
	authorities, err := pki.OfMachine()
	if err != nil {
		return err
	}
	store, err := authorities.Store()
	if err != nil {
		return fmt.Errorf("trusting the authorities: %w", err)
	}
	document := bytes.Repeat([]byte("межа"), 300<<10/8)
	signed, err := authorities.SignAs(signer, document)
	if err != nil {
		return err
	}
	n := m.Either(200, 2)
	m.Progressf("checking a signature of 300 kB")
	checker := &signature.Checker{Trust: store, Registry: mchd.NoRegistry{}}
	request := signature.Request{
		Document: signature.Bytes(document), Signature: signed, AcceptedAt: time.Now(), Signer: signature.Party{Kind: signature.Person, SNILS: signer.SNILS},
	}
	own, err := m.cpu(n, func() error {
		r, _, err := checker.Check(ctx, request)
		if err == nil && !r.Valid {
			err = fmt.Errorf("%w: %v", errRefused, r.Refusals)
		}
		return err
	})
	if err != nil {
		return err
	}
	openssl, err := m.openSSL(authorities, n, signed, document)
	if err != nil {
		return err
	}
	m.repeated("check of a signature of 300 kB", own)
	m.repeated("the same by openssl cms -verify", openssl)
	m.section.Targets = append(m.section.Targets, report.AtMost("check of a signature of 300 kB ÷ openssl, CPU", "%.2f×", own/openssl, 1))
	return nil
}

// openSSL returns the CPU time of the process of a check in milliseconds.
func (m *measurement) openSSL(authorities *pki.PKI, n int, signed, document []byte) (float64, error) {
	var trusted []byte
	for _, name := range []string{pki.Root + ".crt", pki.Issuer + ".crt", pki.Root + ".crl", pki.Issuer + ".crl"} {
		pem, err := os.ReadFile(authorities.Path(name))
		if err != nil {
			return 0, fmt.Errorf("reading the authorities: %w", err)
		}
		trusted = append(trusted, pem...)
	}
	path := func(name string) string { return filepath.Join(m.Folder, name) }
	for name, content := range map[string][]byte{"signature": signed, "document": document, "trusted.pem": trusted} {
		if err := os.WriteFile(path(name), content, 0o600); err != nil {
			return 0, fmt.Errorf("writing for openssl: %w", err)
		}
	}
	var spent time.Duration
	for range n {
		c := authorities.Command("cms", "-verify", "-binary", "-inform", "DER", "-in", path("signature"), "-content", path("document"),
			"-CAfile", path("trusted.pem"), "-crl_check", "-out", os.DevNull)
		if out, err := c.CombinedOutput(); err != nil {
			return 0, fmt.Errorf("checking by openssl: %w\n%s", err, out)
		}
		spent += c.ProcessState.UserTime() + c.ProcessState.SystemTime()
	}
	return float64(spent) / float64(time.Millisecond) / float64(n), nil
}

// large measures the open check of a document of 500 MB, which is hashed while it comes.
func (m *measurement) large(ctx context.Context, p *platform.Platform, _ people.Script) error {
	size := m.Either(500, 5)
	path := filepath.Join(m.Folder, "large")
	if err := writeLarge(path, size); err != nil {
		return err
	}
	defer os.Remove(path)
	authorities, err := pki.OfMachine()
	if err != nil {
		return err
	}
	name, err := authorities.Ensure(pki.Certificate{Name: "signer", Subject: signer})
	if err != nil {
		return err
	}
	signed, err := authorities.SignFile(name, path, "-cades")
	if err != nil {
		return err
	}
	_, err = m.once(fmt.Sprintf("open check of a document of %d MB", size), platform.API, p.API.PID(), func() error {
		return check(ctx, p.URL, signed, path)
	})
	return err
}

// writeLarge writes a file of some megabytes.
func writeLarge(path string, megabytes int) error {
	file, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("writing a large document: %w", err)
	}
	block := bytes.Repeat([]byte("межа"), megabyte/8)
	for range megabytes {
		if _, err = file.Write(block); err != nil {
			break
		}
	}
	return errors.Join(err, file.Close())
}

// check has the open check accept a document.
func check(ctx context.Context, platform string, signed []byte, path string) error {
	document, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("reading the large document: %w", err)
	}
	defer document.Close()
	read, write := io.Pipe()
	form := multipart.NewWriter(write)
	go func() {
		write.CloseWithError(errors.Join(part(form, "signature", bytes.NewReader(signed)), part(form, "document", document), form.Close()))
	}()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, platform+"/api/signature-checks", read)
	if err != nil {
		return fmt.Errorf("asking for a check: %w", err)
	}
	request.Header.Set("Content-Type", form.FormDataContentType())
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("asking for a check: %w", err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("reading the result of a check: %w", err)
	}
	var result struct{ Valid bool }
	if err := json.Unmarshal(answer, &result); err != nil || !result.Valid {
		return fmt.Errorf("%w: %d %.500s", errRefused, response.StatusCode, answer)
	}
	return nil
}

func part(form *multipart.Writer, name string, content io.Reader) error {
	to, err := form.CreateFormFile(name, name+".bin")
	if err == nil {
		_, err = io.Copy(to, content)
	}
	return err
}
