package esia

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"epkr/internal/esia"
)

// verifySecret checks client_secret over the signed text. v1 takes only PKCS#7, v2 also a raw signature.
func verifySecret(ctx context.Context, generation esia.Generation, certificate *x509.Certificate, secret, text string) error {
	signature, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(secret, "="))
	if err != nil {
		return errors.New("client_secret is not base64url")
	}
	directory, err := os.MkdirTemp("", "esia-secret-")
	if err != nil {
		return fmt.Errorf("making a directory for openssl: %w", err)
	}
	defer os.RemoveAll(directory)
	content, certificateFile := filepath.Join(directory, "content"), filepath.Join(directory, "client.crt")
	signatureFile := filepath.Join(directory, "signature")
	certificatePEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw})
	if err := errors.Join(
		os.WriteFile(content, []byte(text), 0o600),
		os.WriteFile(certificateFile, certificatePEM, 0o600),
		os.WriteFile(signatureFile, signature, 0o600),
	); err != nil {
		return fmt.Errorf("writing what openssl verifies: %w", err)
	}
	if isRaw(certificate, signature) {
		if generation == esia.V1 {
			return errors.New("v1 takes only PKCS#7")
		}
		return verifyRaw(ctx, kindOf(certificate), directory, content, certificateFile, signatureFile)
	}
	return verifyPKCS7(ctx, kindOf(certificate), content, certificateFile, signatureFile)
}

// isRaw tells the two forms apart by length: a PKCS#7 is always longer than the bare value.
func isRaw(certificate *x509.Certificate, signature []byte) bool {
	const gostLength = 64
	if key, ok := certificate.PublicKey.(*rsa.PublicKey); ok {
		return len(signature) == key.Size()
	}
	return len(signature) == gostLength
}

func engine(kind esia.KeyKind, arguments ...string) []string {
	if kind == esia.GOST {
		return append(arguments, "-engine", "gost")
	}
	return arguments
}

// verifyPKCS7 looks for the signer only in the registered certificate (-nointern): what the message carries proves nothing. The certificate itself is
// trusted by registration, so there is no chain to build (-noverify).
func verifyPKCS7(ctx context.Context, kind esia.KeyKind, content, certificateFile, signatureFile string) error {
	arguments := engine(kind, "cms", "-verify", "-binary", "-inform", "DER", "-in", signatureFile, "-content", content,
		"-nointern", "-noverify", "-certfile", certificateFile, "-out", os.DevNull)
	_, err := openssl(ctx, nil, arguments...)
	return err
}

func verifyRaw(ctx context.Context, kind esia.KeyKind, directory, content, certificateFile, signatureFile string) error {
	public, err := openssl(ctx, nil, engine(kind, "x509", "-in", certificateFile, "-noout", "-pubkey")...)
	if err != nil {
		return err
	}
	keyFile := filepath.Join(directory, "client.pub")
	if err := os.WriteFile(keyFile, public, 0o600); err != nil {
		return fmt.Errorf("writing the client's public key: %w", err)
	}
	digest := "-sha256"
	if kind == esia.GOST {
		digest = "-md_gost12_256"
	}
	_, err = openssl(ctx, nil, append(engine(kind, "dgst", digest), "-verify", keyFile, "-signature", signatureFile, content)...)
	return err
}
