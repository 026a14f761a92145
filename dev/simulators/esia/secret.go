package esia

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strings"

	"epkr/internal/esia"
	"epkr/internal/gost"
)

// verifySecret verifies client_secret over the signed text. v1 accepts only PKCS#7, v2 also a raw
// signature.
func verifySecret(ctx context.Context, generation esia.Generation, client KeyPair, secret, text string) error {
	signature, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(secret, "="))
	if err != nil {
		return fmt.Errorf("client_secret is not base64url: %w", err)
	}
	if generation == esia.V2 && verifyRaw(client.Certificate, signature, text) == nil {
		return nil
	}
	return verifyPKCS7(ctx, client, signature, text)
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
func verifyPKCS7(ctx context.Context, client KeyPair, signature []byte, text string) error {
	file, err := os.CreateTemp("", "esia-secret-")
	if err != nil {
		return fmt.Errorf("making a file for openssl: %w", err)
	}
	defer os.Remove(file.Name())
	_, err = file.Write(signature)
	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("writing what openssl verifies: %w", err)
	}
	return openssl(
		ctx, []byte(text), "cms", "-verify", "-binary", "-engine", "gost", "-inform", "DER", "-in", file.Name(),
		"-content", "/dev/stdin", "-nointern", "-noverify", "-certfile", client.CertificateFile, "-out", os.DevNull,
	)
}
