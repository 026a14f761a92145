package esia

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"epkr/internal/esia"
	"epkr/internal/gost"
)

// verifySecret verifies client_secret over the signed text. v1 accepts only PKCS#7, v2 also a raw
// signature.
func verifySecret(ctx context.Context, generation esia.Generation, certificate *x509.Certificate, secret, text string) error {
	signature, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(secret, "="))
	if err != nil {
		return fmt.Errorf("client_secret is not base64url: %w", err)
	}
	if generation == esia.V2 && verifyRaw(certificate, signature, text) == nil {
		return nil
	}
	return verifyPKCS7(ctx, certificate, signature, text)
}

func verifyRaw(certificate *x509.Certificate, signature []byte, text string) error {
	if kindOf(certificate) == esia.RSA {
		return certificate.CheckSignature(x509.SHA256WithRSA, []byte(text), signature)
	}
	key, err := gost.PublicKeyOf(certificate)
	if err != nil {
		return err
	}
	return gost.VerifyJWS(key, text, signature) // the same form as in a token
}

// verifyPKCS7 accepts only the registered certificate as the signer (-nointern), because a
// certificate inside the message proves nothing. The registered certificate is trusted as such, so
// no chain is built (-noverify).
func verifyPKCS7(ctx context.Context, certificate *x509.Certificate, signature []byte, text string) error {
	directory, err := os.MkdirTemp("", "esia-secret-")
	if err != nil {
		return fmt.Errorf("making a directory for openssl: %w", err)
	}
	defer os.RemoveAll(directory)
	content, certificateFile := filepath.Join(directory, "content"), filepath.Join(directory, "client.crt")
	if err := errors.Join(
		os.WriteFile(content, []byte(text), 0o600),
		os.WriteFile(certificateFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw}), 0o600),
	); err != nil {
		return fmt.Errorf("writing what openssl verifies: %w", err)
	}
	arguments := []string{
		"cms", "-verify", "-binary", "-inform", "DER", "-content", content,
		"-nointern", "-noverify", "-certfile", certificateFile, "-out", os.DevNull,
	}
	if kindOf(certificate) == esia.GOST {
		arguments = append(arguments, "-engine", "gost")
	}
	return openssl(ctx, signature, arguments...)
}
